import type { ExecutionView, Iteration, Run, RunStatus } from '../../view.ts'
import { fewerWays } from './fewer.ts'
import { type Box, type Point, place, type Size, STATE } from './layout.ts'
import type { Level } from './machine.ts'

export type DrawnState = {
  scope: string
  name: string
  box: Box
  /** Its last visit; undefined when it was not reached. */
  run: Run | undefined
  /** Whether it is drawn around iterations. */
  holds: boolean
}

export type DrawnGroup = {
  scope: string
  label: string
  status: RunStatus | undefined
  open: boolean
  box: Box
}

export type DrawnTransition = {
  id: string
  points: Point[]
  kind: 'next' | 'catch'
  /** Whether this execution went this way. */
  taken: boolean
}

/** A machine with what an execution has done in it, ready to be drawn. */
export type Scene = Size & {
  states: DrawnState[]
  groups: DrawnGroup[]
  transitions: DrawnTransition[]
}

const PADDING = 8
const TITLE_HEIGHT = 28
const GROUP_GAP = 8

type Told = Pick<ExecutionView, 'runs' | 'iterations'>

/**
 * Composes the drawing of a level; the iterations of a Map are groups inside the Map's box.
 *
 * @param open the iteration whose states are drawn; others are a line each.
 */
export function compose(whole: Level, told: Told, open: string | undefined, scope = ''): Scene {
  const level = fewerWays(
    whole,
    told.runs.filter((run) => run.scope === scope),
  )
  const inner = new Map<string, Inner>()
  for (const [name, { ItemProcessor }] of Object.entries(level.States)) {
    if (ItemProcessor === undefined) continue
    const path = scope === '' ? name : `${scope}/${name}`
    inner.set(name, stack(ItemProcessor, told, open, path))
  }
  const placed = place(level, inner)
  const scene: Scene = { width: placed.width, height: placed.height, ...statesOf() }
  for (const [name, { groups, scenes }] of inner) {
    const { x, y } = placed.states.get(name) as Box
    for (const group of groups) {
      const box = { ...group.box, x: x + group.box.x, y: y + group.box.y }
      scene.groups.push({ ...group, box })
      merge(scene, scenes.get(group.scope), { x: box.x + PADDING, y: box.y + TITLE_HEIGHT })
    }
  }
  return scene

  function statesOf(): Omit<Scene, keyof Size> {
    const taken = takenIn(told.runs, scope)
    return {
      states: [...placed.states].map(([name, box]) => ({
        scope,
        name,
        box,
        run: told.runs.findLast((run) => run.scope === scope && run.state === name),
        holds: inner.has(name),
      })),
      transitions: placed.transitions.map(({ from, to, kind, points }) => ({
        id: `${scope} ${from} ${to} ${kind}`,
        points,
        kind,
        taken: taken.has(`${from} ${to}`),
      })),
      groups: [],
    }
  }
}

type Inner = Size & { groups: DrawnGroup[]; scenes: Map<string, Scene> }

/**
 * The iterations of a Map: a line each, two beside one another, and below them the one that is
 * open, with its states. Before there are any, one as it would be.
 */
function stack(level: Level, told: Told, open: string | undefined, path: string): Inner {
  const own = told.iterations.filter(({ scope }) => scope.slice(0, scope.lastIndexOf('/')) === path)
  // A Map that is visited again has the same iterations again: the last are drawn.
  const iterations: Partial<Iteration>[] = [...new Map(own.map((one) => [one.scope, one])).values()]
  if (iterations.length === 0) iterations.push({ scope: `${path}/0`, label: 'for each' })
  const isOpen = ({ scope }: Partial<Iteration>) => iterations.length === 1 || scope === open
  const shown = iterations.find(isOpen)
  const scene = shown && compose(level, told, open, shown.scope)
  const width = (scene?.width ?? 2 * STATE.width) + 2 * PADDING
  const half = (width - GROUP_GAP) / 2
  const top = STATE.height + GROUP_GAP
  const lines = iterations.filter((one) => one !== shown)
  const groups = lines.map((one, index): DrawnGroup => {
    const x = PADDING + (index % 2) * (half + GROUP_GAP)
    const y = top + Math.floor(index / 2) * (TITLE_HEIGHT + GROUP_GAP)
    return groupOf(one, { x, y, width: half, height: TITLE_HEIGHT })
  })
  let height = top + Math.ceil(lines.length / 2) * (TITLE_HEIGHT + GROUP_GAP)
  if (shown !== undefined && scene !== undefined) {
    const box = { x: PADDING, y: height, width, height: TITLE_HEIGHT + scene.height + PADDING }
    groups.push({ ...groupOf(shown, box), open: true })
    height += box.height + GROUP_GAP
  }
  const scenes = new Map(scene && shown?.scope !== undefined ? [[shown.scope, scene]] : [])
  return { width: width + 2 * PADDING, height: height - GROUP_GAP + PADDING, groups, scenes }
}

const groupOf = ({ scope = '', label = '', status }: Partial<Iteration>, box: Box): DrawnGroup => ({
  scope,
  label,
  status,
  open: false,
  box,
})

function merge(scene: Scene, inner: Scene | undefined, by: Point): void {
  if (inner === undefined) return
  const move = <P extends Point>(point: P): P => ({
    ...point,
    x: point.x + by.x,
    y: point.y + by.y,
  })
  scene.states.push(...inner.states.map((one) => ({ ...one, box: move(one.box) })))
  scene.groups.push(...inner.groups.map((one) => ({ ...one, box: move(one.box) })))
  scene.transitions.push(
    ...inner.transitions.map((one) => ({ ...one, points: one.points.map(move) })),
  )
}

/** The ways gone, as `from to`. */
function takenIn(runs: readonly Run[], scope: string): Set<string> {
  const visits = runs.filter((run) => run.scope === scope).map(({ state }) => state)
  return new Set(visits.slice(1).map((to, index) => `${visits[index]} ${to}`))
}

/** The iteration to draw when nobody has chosen: one that runs, or the one that did the most. */
export function defaultIteration({ runs, iterations }: Told): string | undefined {
  const length = ({ scope }: Iteration) => runs.filter((run) => run.scope === scope).length
  const running = iterations.find(({ status }) => status === 'running')
  return (running ?? iterations.toSorted((a, b) => length(b) - length(a))[0])?.scope
}
