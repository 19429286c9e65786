import { giveHealth, lineOf, pathAsked, settleHealth } from '../health.ts'
import type { Row } from '../table.ts'
import { childOf, flagOf, isList, itemsOf, type Tree, textOf } from '../tree.ts'
import type { Scope } from './ground.ts'

/** The command of a check, as one line; undefined for none. */
function testOf(tree: Tree): string | undefined {
  if (!isList(tree)) return textOf(tree) || undefined
  const [kind, ...words] = itemsOf(tree).map((one) => textOf(one) ?? '')
  if (kind === 'NONE' || words.length === 0) return undefined
  return kind === 'CMD-SHELL' ? words.join(' ') : lineOf(words)
}

/** Without a command, nothing reads how often it would run. */
const times =
  (field: 'start' | 'interval' | 'timeout' | 'unhealthy') =>
  (tree: Tree, { app: { draft }, report }: Scope): void => {
    if (draft.is.healthCommand === undefined) report.to(tree, 'nothing is checked')
    else giveHealth(draft, field, tree)
  }

/** https://github.com/compose-spec/compose-spec/blob/main/05-services.md#healthcheck */
export const HEALTH_ROWS: readonly Row<Scope>[] = [
  {
    key: 'healthcheck.test',
    to: 'healthCommand, and healthPath where it asks the service itself over HTTP',
    read: (tree, { app: { draft, entrance, fact }, report }) => {
      const isOff = flagOf(childOf(fact.tree, 'healthcheck', 'disable'))
      const command = isOff ? undefined : testOf(tree)
      if (command === undefined) {
        report.to(tree, 'no check: none is written')
        return
      }
      draft.put('healthCommand', command, tree)
      const path = pathAsked(command)
      if (path !== undefined && entrance?.by === 'route') draft.is.healthPath = path
    },
  },
  { key: 'healthcheck.interval', to: 'health.interval', read: times('interval') },
  { key: 'healthcheck.timeout', to: 'health.timeout', read: times('timeout') },
  { key: 'healthcheck.retries', to: 'health.unhealthy', read: times('unhealthy') },
  { key: 'healthcheck.start_period', to: 'health.start', read: times('start') },
  {
    key: 'healthcheck.start_interval',
    because: 'ECS checks at one interval, also at the start',
    remedy: 'nothing, or a shorter `health.interval`',
  },
  {
    key: 'healthcheck.disable',
    to: 'nothing: no healthCommand is written',
    read: (tree, { report }) => report.to(tree, 'no check of its image is made on ECS'),
  },
]

/** What is checked is settled when all of it is read. */
export const settleCheck = ({ app: { draft, fact } }: Scope): void =>
  settleHealth(
    draft,
    childOf(fact.tree, 'healthcheck', 'timeout') ?? childOf(fact.tree, 'healthcheck'),
  )
