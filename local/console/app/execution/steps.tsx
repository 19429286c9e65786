import type { ExecutionView, Run } from '../../view.ts'
import { Icon } from '../icon.tsx'
import { clock } from '../time.ts'
import type { Selection } from './drawing.tsx'
import { appearanceOf, effortOf } from './status.ts'

type Props = {
  execution: ExecutionView
  now: string
  selected: Selection | undefined
  select(state: Selection): void
}

/** The same as the drawing, as a list: the states in the order they were entered. */
export function Steps({ execution: { runs, iterations }, now, selected, select }: Props) {
  const itemOf = ({ scope }: Run) => iterations.find((one) => one.scope === scope)?.label
  return (
    <ol class="visits">
      {runs.map((run) => {
        const { scope, state, enteredAt, status } = run
        const { shape, tone, word } = appearanceOf(status)
        const item = itemOf(run)
        return (
          <li key={`${scope} ${state} ${enteredAt}`} class={item === undefined ? '' : 'inner'}>
            <time dateTime={enteredAt}>{clock(enteredAt)}</time>
            <Icon shape={shape} tone={tone} />
            <button
              type="button"
              class="link"
              aria-pressed={selected?.scope === scope && selected.name === state}
              onClick={() => select({ scope, name: state })}
            >
              {state}
            </button>
            <span>
              {[item, word, effortOf(run, now)].filter(Boolean).join(', ')}
              {run.error && <em>{run.error}</em>}
            </span>
          </li>
        )
      })}
    </ol>
  )
}
