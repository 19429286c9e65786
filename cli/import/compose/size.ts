import { giveSize } from '../sizes.ts'
import type { Row } from '../table.ts'
import { childOf, numberOf, type Tree, textOf } from '../tree.ts'
import { cpuUnitsOf, mebibytesOf, within } from '../words.ts'
import type { Scope } from './ground.ts'

const LIMITS = ['deploy', 'resources', 'limits']
const RESERVED = ['deploy', 'resources', 'reservations']

/** The first of some keys that is there. */
const first = (service: Tree, ...keys: readonly string[][]): Tree | undefined =>
  keys.map((key) => childOf(service, ...key)).find((one) => one !== undefined)

/** Both decide together: Fargate has certain sizes. */
function giveSizes({ app: { draft, fact } }: Scope): void {
  const cpu = first(fact.tree, [...LIMITS, 'cpus'], ['cpus'], [...RESERVED, 'cpus'])
  const memory = first(
    fact.tree,
    ...[[...LIMITS, 'memory'], ['mem_limit'], [...RESERVED, 'memory'], ['mem_reservation']],
  )
  giveSize(
    draft,
    { units: cpuUnitsOf(textOf(cpu)), tree: cpu },
    { mebibytes: mebibytesOf(textOf(memory)), tree: memory },
  )
}

const size = (tree: Tree, scope: Scope): void => {
  const { app, report } = scope
  if (app.draft.is.cpu === undefined) giveSizes(scope)
  // Limits and reservations decide one size.
  const field = tree.place.path.at(-1)?.startsWith('cpu') ? 'cpu' : 'memory'
  if (app.draft.is.cpu !== undefined) report.to(tree, `${app.draft.file} ${field}`)
}

function count(tree: Tree, { app: { draft }, report }: Scope): void {
  const asked = numberOf(tree)
  if (asked === undefined) return
  const tasks = within(asked, 1, 10)
  draft.put('count', tasks, tree)
  if (tasks === asked) return
  report.leave(tree, `count is 1 to 10 tasks; ${tasks} is written`, 'use `scaling` for up to 20')
}

/** https://github.com/compose-spec/compose-spec/blob/main/deploy.md */
export const SIZE_ROWS: readonly Row<Scope>[] = [
  { key: 'deploy.resources.limits.cpus', to: 'cpu: the next size of Fargate', read: size },
  { key: 'deploy.resources.limits.memory', to: 'memory: the next size of Fargate', read: size },
  { key: 'cpus', to: 'cpu', read: size },
  { key: 'mem_limit', to: 'memory', read: size },
  { key: 'deploy.resources.reservations.cpus', to: 'cpu, where there is no limit', read: size },
  {
    key: 'deploy.resources.reservations.memory',
    to: 'memory, where there is no limit',
    read: size,
  },
  { key: 'mem_reservation', to: 'memory, where there is no limit', read: size },
  { key: 'deploy.replicas', to: 'count', read: count },
  { key: 'scale', to: 'count', read: count },
  {
    key: 'deploy.update_config.order',
    to: 'deployment.minimum, .maximum: start-first is 100 and 200, stop-first 0 and 100',
    read: (tree, { app: { draft } }) => {
      const order = textOf(tree)
      if (order === 'start-first') draft.putIn('deployment', 'minimum', 100, tree)
      if (order !== 'stop-first') return
      draft.putIn('deployment', 'minimum', 0, tree)
      draft.putIn('deployment', 'maximum', 100, tree)
    },
  },
]
