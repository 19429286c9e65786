import type { ExecutionView } from '../../view.ts'
import { clock } from '../time.ts'
import type { Selection } from './drawing.tsx'
import { type Level, stateAt } from './machine.ts'
import { appearanceOf, effortOf } from './status.ts'

type Props = {
  machine: Level
  execution: ExecutionView
  selected: Selection
  now: string
  close(): void
}

/** What a state is for, what went in and came out, and what went wrong. */
export function Details({ machine, execution, selected, now, close }: Props) {
  const { scope, name } = selected
  const state = stateAt(machine, scope, name)
  const run = execution.runs.findLast((one) => one.scope === scope && one.state === name)
  return (
    <section class="details" aria-label={`State ${name}`}>
      <div class="title">
        <h3>{name}</h3>
        <span class="kind">{kindOf(state?.Type, state?.Resource)}</span>
        <button type="button" class="plain" onClick={close}>
          Close
        </button>
      </div>
      {state?.Comment && <p>{state.Comment}</p>}
      {run === undefined ? (
        <p class="soft">This execution has not come here.</p>
      ) : (
        <p class="soft">
          {clock(run.enteredAt)}, {appearanceOf(run.status).word}, {effortOf(run, now)}
        </p>
      )}
      {run?.error && (
        <div class="error">
          <strong>{run.error}</strong>
          {run.cause && <pre>{readable(run.cause)}</pre>}
        </div>
      )}
      <Data name="Input" text={run?.input} />
      <Data name="Output" text={run?.output} />
    </section>
  )
}

function Data({ name, text }: { name: string; text: string | undefined }) {
  if (text === undefined || text === '{}') return null
  return (
    <details>
      <summary>{name}</summary>
      <pre>{readable(text)}</pre>
    </details>
  )
}

/** `Task, dynamodb:transactWriteItems` */
function kindOf(type = '', resource = ''): string {
  const call = resource.replace(/^arn:aws:states:::(aws-sdk:)?/, '')
  return call === '' ? type : `${type}, ${call}`
}

/** JSON with line breaks; other text as it is. A cut or plain text is not JSON. */
function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
