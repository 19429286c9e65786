import type { Row } from '../table.ts'
import { childOf, entriesOf, type Tree, textOf } from '../tree.ts'
import type { Scope } from './ground.ts'

/** These keep lines on the machine, or send them where they go anyway. */
const KEPT: readonly string[] = ['json-file', 'local', 'journald', 'awslogs']

function driver(name: string, tree: Tree, { app: { draft }, report }: Scope): void {
  if (KEPT.includes(name)) {
    report.to(tree, 'CloudWatch has the lines for 30 days, or as long as logs.retention says')
    return
  }
  const because =
    name === 'none' ? 'lines always go to CloudWatch' : `lines go to CloudWatch, not to ${name}`
  const remedy =
    name === 'none'
      ? 'let the service write less'
      : `add a Fluent Bit to sidecars of ${draft.file}, and name it in \`logs\` as router: docs/catalog.md#logs`
  report.leave(tree, because, remedy)
}

/** Where the lines of a service go. */
export const LOGGING_ROWS: readonly Row<Scope>[] = [
  {
    key: 'logging',
    to: 'nothing: CloudWatch keeps them (logs); drivers that send lines elsewhere are left out',
    read: (tree, scope) => {
      if (entriesOf(tree).length === 0) return
      driver(textOf(childOf(tree, 'driver')) ?? 'json-file', tree, scope)
    },
  },
  {
    key: 'log_driver',
    to: 'as logging.driver',
    read: (tree, scope) => {
      const name = textOf(tree)
      if (name !== undefined) driver(name, tree, scope)
    },
  },
  {
    key: 'log_opt',
    to: 'as logging.options',
    read: (tree, scope) => {
      const of = childOf(scope.app.fact.tree, 'log_driver')
      if (entriesOf(tree).length > 0) driver(textOf(of) ?? 'json-file', tree, scope)
    },
  },
]
