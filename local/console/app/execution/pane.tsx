import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { ExecutionView, MachineView, View } from '../../view.ts'
import { Icon } from '../icon.tsx'
import { shapeOf } from '../shapes.ts'
import { clock, localized, minute, span } from '../time.ts'
import { saidIn } from './cause.ts'
import { Details } from './details.tsx'
import { Drawing, type Selection } from './drawing.tsx'
import type { Level } from './machine.ts'
import { compose, defaultIteration } from './scene.ts'
import { executionAppearance } from './status.ts'
import { Steps } from './steps.tsx'

type Props = { view: View; watching: string | undefined; watch(arn: string | undefined): void }

/** One execution of a state machine: the newest, or the one chosen. */
export function ExecutionPane({ view, watching, watch }: Props) {
  const { execution, machine, executions, clock } = view
  const [newest] = executions.listed
  return (
    <section id="execution" class="pane execution" aria-labelledby="execution-title" tabIndex={-1}>
      <div class="title">
        <h2 id="execution-title">Execution</h2>
        <Chooser executions={executions} watching={watching} watch={watch} />
      </div>
      {watching !== undefined && newest !== undefined && newest.arn !== watching && (
        <p class="newer">
          <button
            type="button"
            class="link"
            onClick={({ currentTarget }) => {
              // It goes away itself: the focus stays in its pane.
              currentTarget.closest('section')?.querySelector('select')?.focus()
              watch(undefined)
            }}
          >
            Go on to the newest: {newest.title}
          </button>
        </p>
      )}
      {execution === null || machine === null ? (
        <p class="empty">{view.unread ?? 'No state machine has run yet.'}</p>
      ) : (
        <Watched key={execution.arn} {...{ execution, machine }} now={clock.now} keep={watch} />
      )}
    </section>
  )
}

function Chooser({ executions, watching, watch }: Omit<Props, 'view'> & Pick<View, 'executions'>) {
  const { listed, idle } = executions
  return (
    <label>
      <span class="unseen">Which execution</span>
      <select
        value={watching ?? ''}
        onChange={({ currentTarget }) => watch(currentTarget.value || undefined)}
      >
        <option value="">The newest</option>
        {listed.map(({ arn, title, startedAt, result }) => (
          <option key={arn} value={arn}>
            {minute(startedAt)} {localized(title, minute)}
            {result && `: ${result}`}
          </option>
        ))}
        {idle > 0 && <option disabled>{`${idle} more found nothing to do`}</option>}
      </select>
    </label>
  )
}

type WatchedProps = {
  execution: ExecutionView
  machine: MachineView
  now: string
  /** Told when somebody begins to read it: it stays then, whatever is newer. */
  keep?: (arn: string) => void
}

/** An execution, drawn or as a list of steps. */
export function Watched({ execution, machine, now, keep }: WatchedProps) {
  const isNarrow = matchMedia('(max-width: 699px)').matches
  const [form, choose] = useState<'drawing' | 'steps'>(isNarrow ? 'steps' : 'drawing')
  const [selected, select] = useState<Selection | undefined>()
  const [opened, openGroup] = useState<string | undefined>()
  const opener = useRef<Element | null>(null)
  const look = (state: Selection) => {
    opener.current = document.activeElement
    keep?.(execution.arn)
    select(state)
  }
  const close = () => {
    // What has the focus goes away: it goes back to the state.
    const isWithin = document.activeElement?.closest('.details') !== null
    if (isWithin) (opener.current as HTMLElement | null)?.focus()
    select(undefined)
  }
  useEscape(selected !== undefined, close)
  const level = useMemo(() => JSON.parse(machine.definition) as Level, [machine.definition])
  const open = opened ?? defaultIteration(execution)
  const scene = useMemo(() => compose(level, execution, open), [level, execution, open])
  return (
    <>
      <div class="lead">
        <p class="subject">{localized(execution.title, minute)}</p>
        <fieldset class="segments">
          <legend class="unseen">Shown as</legend>
          {(['drawing', 'steps'] as const).map((name) => (
            <label key={name}>
              <input
                type="radio"
                name="form"
                checked={form === name}
                onChange={() => choose(name)}
              />
              <span>{name === 'drawing' ? 'Drawing' : 'Steps'}</span>
            </label>
          ))}
        </fieldset>
      </div>
      <Summary execution={execution} now={now} />
      {form === 'drawing' ? (
        <Drawing scene={scene} now={now} selected={selected} select={look} openGroup={openGroup} />
      ) : (
        <Steps execution={execution} now={now} selected={selected} select={look} />
      )}
      {selected && (
        <Details
          machine={level}
          execution={execution}
          selected={selected}
          now={now}
          close={close}
        />
      )}
    </>
  )
}

/** Closes what is open by Escape, wherever the focus is; a dialog in front of it goes first. */
function useEscape(isOpen: boolean, close: () => void): void {
  // Before it is painted: whoever types on at once is heard.
  useLayoutEffect(() => {
    if (!isOpen) return
    const look = ({ key }: KeyboardEvent) => {
      if (key === 'Escape' && document.querySelector('dialog[open]') === null) close()
    }
    addEventListener('keydown', look)
    return () => removeEventListener('keydown', look)
  }, [isOpen])
}

function Summary({ execution, now }: Pick<WatchedProps, 'execution' | 'now'>) {
  const { machine, status, startedAt, endedAt, error, cause, result, tone: worst } = execution
  const { shape, tone, word } = executionAppearance(status)
  // An execution that has rolled back has succeeded, and its image has not.
  const isTold = result !== undefined && worst !== undefined && status !== 'FAILED'
  return (
    <div class="summary">
      <p class={`light ${isTold ? worst : tone}`}>
        <Icon shape={isTold ? shapeOf(worst) : shape} tone={isTold ? worst : tone} />
        {isTold ? result : word}
        <span class="soft">
          {machine}, {clock(startedAt)}, {span(startedAt, endedAt ?? now)}
        </span>
      </p>
      {error && (
        <p class="error">
          <strong>{error}</strong> {saidIn(cause)}
        </p>
      )}
    </div>
  )
}
