import { giveSize } from '../sizes.ts'
import { left, type Row } from '../table.ts'
import { childOf, isMapTree, numberOf, type Tree, textOf } from '../tree.ts'
import { exactSecondsOf, within } from '../words.ts'
import { queueOf } from './messages.ts'
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

type Target = 'cpu' | 'memory' | 'requests'

const BOUNDS: Readonly<Record<Target, readonly [number, number]>> = {
  cpu: [20, 90],
  memory: [20, 90],
  requests: [1, 1_000_000],
}

function unbounded(tree: Tree, { workload: { draft }, report }: Scope): boolean {
  if (draft.is.scaling !== undefined) return false
  report.leave(tree, 'it scales only between bounds', 'write `scaling` with min and max')
  return true
}

const target =
  (field: Target) =>
  (tree: Tree, scope: Scope): void => {
    const value = isMapTree(tree) ? childOf(tree, 'value') : tree
    const asked = numberOf(value)
    if (asked === undefined || unbounded(tree, scope)) return
    scope.workload.draft.putIn('scaling', field, within(asked, ...BOUNDS[field]), value)
  }

/** As many messages wait for each task as it can take within the latency. */
function backlog(tree: Tree, scope: Scope): void {
  const { workload, report } = scope
  const { draft } = workload
  const [latency, processing] = ['acceptable_latency', 'msg_processing_time'].map((key) =>
    childOf(tree, key),
  )
  const [latest, each] = [exactSecondsOf(textOf(latency)), exactSecondsOf(textOf(processing))]
  if (latest === undefined || each === undefined || each === 0 || unbounded(tree, scope)) return
  const queue = queueOf(workload)
  if (!Object.hasOwn(draft.is.queues ?? {}, queue)) {
    const because = 'the service has no queue of its own here'
    report.leave(tree, because, 'write `queues`, and `queue` and `backlog` into `scaling`')
    return
  }
  draft.putIn('scaling', 'queue', queue, latency)
  draft.putIn('scaling', 'backlog', within(Math.ceil(latest / each), 1, 100_000), latency)
  report.to(processing, `${draft.file} scaling.backlog`)
}

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
  { key: 'count.cpu_percentage', to: 'scaling.cpu', read: target('cpu') },
  { key: 'count.memory_percentage', to: 'scaling.memory', read: target('memory') },
  { key: 'count.requests', to: 'scaling.requests', read: target('requests') },
  {
    key: 'count.queue_delay',
    to: 'scaling.queue, and scaling.backlog: latency divided by time of one message',
    read: backlog,
  },
  ...left(
    'it does not scale by the time of an answer',
    'let it scale by `requests` or `cpu` of `scaling`; the alarm `latency` tells of slow answers',
    'count.response_time',
  ),
  ...left(
    'AWS’s own times between two steps hold',
    'nothing, for development',
    'count.cooldown',
    ...['cpu_percentage', 'memory_percentage', 'requests', 'queue_delay'].map(
      (key) => `count.${key}.cooldown`,
    ),
  ),
  { key: 'count', to: 'count', read: count },
]
