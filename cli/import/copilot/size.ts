import { giveSize } from '../sizes.ts'
import type { LeftRow, Row } from '../table.ts'
import { childOf, isMapTree, numberOf, type Tree, textOf } from '../tree.ts'
import { within } from '../words.ts'
import type { Scope } from './scope.ts'

function size(tree: Tree, { workload: { draft, tree: whole }, report }: Scope): void {
  if (draft.is.cpu === undefined) {
    const [cpu, memory] = [childOf(whole, 'cpu'), childOf(whole, 'memory')]
    giveSize(
      draft,
      { units: numberOf(cpu), tree: cpu },
      { mebibytes: numberOf(memory), tree: memory },
    )
  }
  if (draft.is.cpu !== undefined) report.to(tree, `${draft.file} ${tree.place.path.at(-1)}`)
}

function count(tree: Tree, { workload: { draft, type }, report }: Scope): void {
  if (type === 'Request-Driven Web Service') {
    const because = 'it names how App Runner scales, which ECS does not read'
    report.leave(tree, because, `write \`count\` or \`scaling\` into ${draft.file}`)
    return
  }
  const asked = numberOf(tree)
  if (asked === undefined) return
  if (asked === 0) {
    report.leave(tree, 'a service has at least one task', 'let it sleep: `schedule`, or `idle: 1h`')
    return
  }
  const tasks = within(asked, 1, 10)
  draft.put('count', tasks, tree)
  if (tasks !== asked) {
    report.leave(tree, `count is 1 to 10 tasks; ${tasks} is written`, 'use `scaling` for up to 20')
  }
}

function range(tree: Tree, { workload: { draft }, report }: Scope): void {
  const [, least, most] = /^(\d+)-(\d+)$/.exec(textOf(tree) ?? '') ?? []
  const min = Number(least ?? textOf(childOf(tree, 'min')) ?? Number.NaN)
  const max = Number(most ?? textOf(childOf(tree, 'max')) ?? Number.NaN)
  if (!(max >= min)) return
  const bounds = { min: within(min, 1, 10), max: within(max, 2, 20) }
  if (bounds.max <= bounds.min) {
    draft.put('count', bounds.min, tree)
    return
  }
  const text = isMapTree(tree) ? undefined : tree
  draft.putIn('scaling', 'min', bounds.min, text ?? childOf(tree, 'min'))
  draft.putIn('scaling', 'max', bounds.max, text ?? childOf(tree, 'max'))
  if (bounds.min === min && bounds.max === max) return
  const because = `scaling is from 1 to 10 up to 2 to 20 tasks; ${bounds.min} to ${bounds.max} is written`
  report.leave(tree, because, 'nothing, for development')
}

function cpu(tree: Tree, { workload: { draft }, report }: Scope): void {
  const value = isMapTree(tree) ? childOf(tree, 'value') : tree
  const asked = numberOf(value)
  if (asked === undefined) return
  if (draft.is.scaling === undefined) {
    report.leave(tree, 'it scales only between bounds', 'write `scaling` with min and max')
    return
  }
  draft.putIn('scaling', 'cpu', within(asked, 20, 90), value)
}

const OTHER = 'it scales by its CPU'

const left = (because: string, remedy: string, ...keys: string[]): LeftRow[] =>
  keys.map((key) => ({ key, because, remedy }))

/** How large a workload is, and how many tasks it has. */
export const SIZE_ROWS: readonly Row<Scope>[] = [
  { key: 'cpu', to: 'cpu', read: size },
  { key: 'memory', to: 'memory', read: size },
  { key: 'count.range', to: 'scaling.min, .max', read: range },
  ...left(
    'all tasks of a service are on Spot, or none',
    'write `spot: true` if all may be',
    'count.range.spot_from',
  ),
  {
    key: 'count.spot',
    to: 'count and spot: true',
    read: (tree, scope) => {
      count(tree, scope)
      scope.workload.draft.put('spot', true, tree)
    },
  },
  { key: 'count.cpu_percentage', to: 'scaling.cpu', read: cpu },
  ...left(
    OTHER,
    'nothing, if that suits it too',
    'count.memory_percentage',
    'count.requests',
    'count.response_time',
    'count.queue_delay',
  ),
  ...left(
    'AWS’s own times between two steps hold',
    'nothing, for development',
    'count.cooldown',
    'count.cpu_percentage.cooldown',
  ),
  { key: 'count', to: 'count', read: count },
]
