import type { RefObject } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Icon } from '../icon.tsx'
import { type Box, pathOf, STATE } from './layout.ts'
import type { DrawnGroup, DrawnState, Scene } from './scene.ts'
import { appearanceOf, effortOf } from './status.ts'

/** A state, and the iteration it is in. */
export type Selection = { scope: string; name: string }

type Props = {
  scene: Scene
  now: string
  selected: Selection | undefined
  select(state: Selection): void
  openGroup(scope: string): void
}

/** The machine, with the states that the execution visited. States are buttons over the lines between them. */
export function Drawing({ scene, now, selected, select, openGroup }: Props) {
  const { width, height, states, groups, transitions } = scene
  const frame = useRef<HTMLDivElement>(null)
  const holder = useRef<HTMLDivElement>(null)
  const fit = useFit(holder, width)
  const isSelected = ({ scope, name }: DrawnState) =>
    selected?.scope === scope && selected.name === name
  const entry = states.find(isSelected) ?? states.findLast(({ run }) => run !== undefined)
  return (
    <div ref={holder} class="drawing" style={{ '--fit': fit }}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys go between the buttons inside */}
      <div
        ref={frame}
        class="frame"
        style={{ width: `${width}px`, height: `${height}px` }}
        onKeyDown={walk}
      >
        {states
          .filter(({ holds }) => holds)
          .map(({ scope, name, box }) => (
            <div key={`${scope} ${name}`} class="holder" style={style(box)} />
          ))}
        {groups.map((group) => (
          <Group key={group.scope} group={group} open={() => openGroup(group.scope)} />
        ))}
        <svg width={width} height={height} aria-hidden="true">
          <Tips />
          {transitions
            .toSorted((a, b) => Number(a.taken) - Number(b.taken))
            .map(({ id, points, kind, taken }) => (
              <path
                key={id}
                class={`${kind} ${taken ? 'taken' : ''}`}
                d={pathOf(points)}
                marker-end={`url(#tip-${taken ? 'taken' : kind})`}
              />
            ))}
        </svg>
        {states.map((state) => (
          <StateButton
            key={`${state.scope} ${state.name}`}
            state={state}
            now={now}
            pressed={isSelected(state)}
            isEntry={state === entry}
            press={() => select({ scope: state.scope, name: state.name })}
          />
        ))}
      </div>
    </div>
  )

  /** One stop of the Tab key for the whole drawing; the arrows go on from there. */
  function walk(event: KeyboardEvent) {
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowRight: 1,
      ArrowUp: -1,
      ArrowLeft: -1,
    }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    const buttons = [...(frame.current?.querySelectorAll<HTMLElement>('button.state') ?? [])]
    const at = buttons.indexOf(document.activeElement as HTMLElement)
    buttons[Math.min(buttons.length - 1, Math.max(0, at + step))]?.focus()
  }
}

/** Smaller than that its words are not read. */
const SMALLEST = 0.65
/** What the pane has on both sides of it. */
const MARGIN = 30

/** How much smaller the drawing is than it could be, so that it fits into its pane. */
function useFit(holder: RefObject<HTMLElement | null>, width: number): number {
  const [room, measure] = useState(Number.POSITIVE_INFINITY)
  useLayoutEffect(() => {
    if (holder.current === null) return
    const observer = new ResizeObserver(([entry]) => measure(entry?.contentRect.width ?? width))
    observer.observe(holder.current)
    return () => observer.disconnect()
  }, [])
  return Math.max(SMALLEST, Math.min(1, (room - MARGIN) / width))
}

const style = ({ x, y, width, height }: Box) => ({
  left: `${x}px`,
  top: `${y}px`,
  width: `${width}px`,
  height: `${height}px`,
})

type StateProps = {
  state: DrawnState
  now: string
  pressed: boolean
  isEntry: boolean
  press(): void
}

function StateButton({ state: { name, run, box }, now, pressed, isEntry, press }: StateProps) {
  const { shape, tone, word } = appearanceOf(run?.status)
  const effort = run && effortOf(run, now)
  return (
    <button
      type="button"
      class={`state ${run?.status ?? 'unreached'}`}
      style={style({ ...box, height: Math.min(box.height, STATE.height) })}
      aria-pressed={pressed}
      // What is seen comes first, as it is seen: who speaks to the page says that.
      aria-label={`${[name, effort].filter(Boolean).join(' ')}, ${word}`}
      tabIndex={isEntry ? 0 : -1}
      onClick={press}
    >
      <Icon shape={shape} tone={tone} />
      <span>
        {name} {effort && <small>{effort}</small>}
      </span>
    </button>
  )
}

function Group({
  group: { label, status, open, box },
  open: show,
}: {
  group: DrawnGroup
  open(): void
}) {
  const { shape, tone, word } = appearanceOf(status)
  return (
    <div class="group" style={style(box)}>
      <button type="button" aria-expanded={open} onClick={show} disabled={status === undefined}>
        <Icon shape={shape} tone={tone} />
        {label}
        <span class="unseen">, {word}</span>
      </button>
    </div>
  )
}

function Tips() {
  return (
    <defs>
      {['next', 'catch', 'taken'].map((kind) => (
        <marker
          key={kind}
          id={`tip-${kind}`}
          class={kind}
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="7"
          markerHeight="7"
          markerUnits="userSpaceOnUse"
          orient="auto"
        >
          <path d="M0 1l7 3-7 3z" />
        </marker>
      ))}
    </defs>
  )
}
