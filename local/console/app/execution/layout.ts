import { type Level, mainPathOf, type Transition, transitionsOf } from './machine.ts'

export type Point = { x: number; y: number }
export type Size = { width: number; height: number }
/** `x`, `y` is the upper left corner. */
export type Box = Point & Size

export type Placed = Size & {
  states: ReadonlyMap<string, Box>
  transitions: (Transition & { points: Point[] })[]
}

export const STATE: Size = { width: 130, height: 34 }
const ROW_GAP = 18
const COLUMN_GAP = 34
/** Between two transitions that run side by side. */
const RAIL = 10

type Cell = { row: number; column: number }

/**
 * Places the states of one level so that it reads from top to bottom: the main path straight down in the
 * first column, what happens on the side beside the state it leaves from. General graph layouts
 * (dagre, elk) bend the main path around every error's edge; here all errors that lead to one
 * state share one rail beside it.
 *
 * @param sizes of states that hold other levels and are larger than usual.
 */
export function place(level: Level, sizes: ReadonlyMap<string, Size>): Placed {
  const transitions = transitionsOf(level)
  const cells = cellsOf(level, transitions)
  const rails = new Rails(transitions, cells)
  const left = rails.count('left') * RAIL + (rails.count('left') > 0 ? RAIL : 0)
  const sizeOf = (name: string) => sizes.get(name) ?? STATE
  const rows = tracks(
    cells,
    (cell) => cell.row,
    (name) => sizeOf(name).height,
    ROW_GAP,
  )
  const columns = tracks(
    cells,
    (cell) => cell.column,
    (name) => sizeOf(name).width,
    COLUMN_GAP,
  )
  const states = new Map(
    [...cells].map(([name, { row, column }]) => {
      const size = sizeOf(name)
      const track = columns.at(column)
      const x = left + track.start + (column === 0 ? (track.length - size.width) / 2 : 0)
      return [name, { ...size, x, y: rows.at(row).start }]
    }),
  )
  return {
    width: left + columns.total,
    height: rows.total,
    states,
    transitions: transitions.map((one) => ({ ...one, points: route(one, cells, states, rails) })),
  }
}

/** Main path: one row each. Others: beside the last state of the path that leads to them. */
function cellsOf(level: Level, transitions: readonly Transition[]): Map<string, Cell> {
  const cells = new Map<string, Cell>()
  for (const [row, name] of mainPathOf(level).entries()) cells.set(name, { row, column: 0 })
  const taken = (row: number, column: number) =>
    [...cells.values()].some((cell) => cell.row === row && cell.column === column)
  let waiting = Object.keys(level.States).filter((name) => !cells.has(name))
  while (waiting.length > 0) {
    const next = waiting.find((name) => sourcesOf(name).some((from) => cells.has(from)))
    const name = next ?? (waiting[0] as string)
    const placed = sourcesOf(name).flatMap((from) => cells.get(from) ?? [])
    const onMainPath = placed.filter(({ column }) => column === 0)
    const row =
      onMainPath.length > 0
        ? Math.max(...onMainPath.map((cell) => cell.row))
        : Math.max(0, ...placed.map((cell) => cell.row + 1))
    let column = 1
    while (taken(row, column)) column++
    cells.set(name, { row, column })
    waiting = waiting.filter((one) => one !== name)
  }
  return cells

  function sourcesOf(name: string): string[] {
    return transitions.filter(({ to }) => to === name).map(({ from }) => from)
  }
}

/** Where rows or columns begin, and how long each is. */
function tracks(
  cells: ReadonlyMap<string, Cell>,
  indexOf: (cell: Cell) => number,
  lengthOf: (name: string) => number,
  gap: number,
) {
  const lengths: number[] = []
  for (const [name, cell] of cells) {
    const index = indexOf(cell)
    lengths[index] = Math.max(lengths[index] ?? 0, lengthOf(name))
  }
  const starts = lengths.map((_, index) =>
    lengths.slice(0, index).reduce((sum, length) => sum + length + gap, 0),
  )
  return {
    at: (index: number) => ({ start: starts[index] ?? 0, length: lengths[index] ?? 0 }),
    total: lengths.reduce((sum, length) => sum + length, gap * (lengths.length - 1)),
  }
}

type Side = 'left' | 'right'

/** The vertical lines beside the main path; whatever leads to one state shares one line. */
class Rails {
  readonly #targets: Record<Side, string[]> = { left: [], right: [] }

  constructor(transitions: readonly Transition[], cells: ReadonlyMap<string, Cell>) {
    const byRow = transitions.toSorted(
      (a, b) => (cells.get(a.to)?.row ?? 0) - (cells.get(b.to)?.row ?? 0),
    )
    for (const one of byRow) {
      const side = sideOf(one, cells)
      if (side !== undefined && !this.#targets[side].includes(one.to)) {
        this.#targets[side].push(one.to)
      }
    }
  }

  count(side: Side): number {
    return this.#targets[side].length
  }

  /** How far from the column the rail to `target` runs. */
  offset(side: Side, target: string): number {
    return (this.#targets[side].indexOf(target) + 1) * RAIL
  }
}

/** The side a transition runs along, or undefined if it goes straight. */
function sideOf({ from, to }: Transition, cells: ReadonlyMap<string, Cell>): Side | undefined {
  const [source, target] = [cells.get(from), cells.get(to)] as [Cell, Cell]
  const straightDown = source.column === target.column && target.row === source.row + 1
  if (straightDown || source.row === target.row) return undefined
  return source.column === 0 && target.column === 0 ? 'left' : 'right'
}

function route(
  one: Transition,
  cells: ReadonlyMap<string, Cell>,
  states: ReadonlyMap<string, Box>,
  rails: Rails,
): Point[] {
  const [from, to] = [states.get(one.from), states.get(one.to)] as [Box, Box]
  const [source, target] = [cells.get(one.from), cells.get(one.to)] as [Cell, Cell]
  const side = sideOf(one, cells)
  const [fromY, toY] = [from, to].map((box) => box.y + Math.min(box.height, STATE.height) / 2) as [
    number,
    number,
  ]
  if (side === 'left') {
    const x = from.x - rails.offset('left', one.to)
    return [
      { x: from.x, y: fromY },
      { x, y: fromY },
      { x, y: toY },
      { x: to.x, y: toY },
    ]
  }
  if (source.row === target.row) {
    const forward = source.column < target.column
    const start = { x: forward ? from.x + from.width : from.x, y: fromY }
    return [start, { x: forward ? to.x : to.x + to.width, y: fromY }]
  }
  if (side === undefined) {
    const x = from.x + from.width / 2
    return [
      { x, y: from.y + from.height },
      { x, y: to.y },
    ]
  }
  const startX = source.column === 0 ? from.x + from.width : from.x
  const endX = target.column === 0 ? to.x + to.width : to.x
  // Every rail of this side runs in the gap right of the main path.
  const nearest = source.column === 0 ? startX : target.column === 0 ? endX : startX - COLUMN_GAP
  const x = nearest + COLUMN_GAP - rails.offset('right', one.to)
  // What leaves a side state leaves it below where others come in.
  const leaveY = source.column === 0 ? fromY : fromY + 9
  return [
    { x: startX, y: leaveY },
    { x, y: leaveY },
    { x, y: toY },
    { x: endX, y: toY },
  ]
}

/** The points as an SVG path with rounded corners. */
export function pathOf(points: readonly Point[], radius = 6): string {
  const [first, ...rest] = points
  if (first === undefined) return ''
  const parts = rest.map((point, index) => {
    const next = rest[index + 1]
    const before = points[index] as Point
    if (next === undefined) return `L${point.x},${point.y}`
    const into = towards(point, before, radius)
    const out = towards(point, next, radius)
    return `L${into.x},${into.y}Q${point.x},${point.y} ${out.x},${out.y}`
  })
  return `M${first.x},${first.y}${parts.join('')}`
}

function towards(from: Point, to: Point, distance: number): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y)
  const share = length === 0 ? 0 : Math.min(distance, length / 2) / length
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }
}
