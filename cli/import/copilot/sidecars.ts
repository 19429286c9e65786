import type { Sidecar } from '../draft.ts'
import { lineOf } from '../health.ts'
import { sidecarImage } from '../images.ts'
import { isSecret } from '../is-secret.ts'
import type { Row } from '../table.ts'
import { childOf, entriesOf, flagOf, itemsOf, type Tree, textOf } from '../tree.ts'
import { commandOf } from '../words.ts'
import type { Scope } from './scope.ts'

/** On what a container waits, in the words of the catalog. */
const WAITS = { start: 'started', healthy: 'healthy', complete: 'done', success: 'done' } as const

function sidecar(tree: Tree, scope: Scope): void {
  const { workload, report } = scope
  const { draft } = workload
  const name = tree.place.path.at(-1) ?? ''
  const named = textOf(childOf(tree, 'image')) ?? textOf(childOf(tree, 'image', 'location'))
  const image = sidecarImage(draft, name, tree, named || undefined)
  if (image === undefined) return
  const at = `${draft.file} sidecars.${name}`
  const made: Sidecar = { image }
  report.to(childOf(tree, 'image'), `${at}.image`)
  giveProcess(tree, made, at, report)
  giveVariables(tree, made, at, scope)
  giveOrder(tree, name, made, scope)
  draft.is.sidecars = { ...draft.is.sidecars, [name]: made }
  for (const [, one] of entriesOf(tree)) {
    if (report.unread(one).length === 0) continue
    const because = 'it is not written for a sidecar'
    const remedy = `write it into sidecars.${name} of ${draft.file}: docs/catalog.md#sidecars`
    report.leave(one, because, remedy)
  }
}

function giveProcess(tree: Tree, made: Sidecar, at: string, report: Scope['report']): void {
  const entryPoint = commandOf(childOf(tree, 'entrypoint'))
  const command = commandOf(childOf(tree, 'command'))
  if (entryPoint !== undefined) made.entryPoint = entryPoint
  if (command !== undefined) made.command = command
  report.to(childOf(tree, 'entrypoint'), `${at}.entryPoint`)
  report.to(childOf(tree, 'command'), `${at}.command`)
  const port = Number.parseInt(textOf(childOf(tree, 'port')) ?? '', 10)
  if (port >= 1 && port <= 65_535) {
    made.port = port
    report.to(childOf(tree, 'port'), `${at}.port`)
  }
  const check = childOf(tree, 'healthcheck', 'command')
  const [kind, ...words] = itemsOf(check).map((one) => textOf(one) ?? '')
  if (kind !== undefined && (words.length > 0 || kind !== '')) {
    made.healthCommand =
      kind === 'CMD-SHELL' ? words.join(' ') : kind === 'CMD' ? lineOf(words) : kind
    report.to(check, `${at}.healthCommand`)
  }
  const essential = childOf(tree, 'essential')
  const isEssential = flagOf(essential)
  if (isEssential === undefined) return
  if (!isEssential) made.essential = false
  report.to(essential, `${at}.essential`)
}

function giveVariables(tree: Tree, made: Sidecar, at: string, { workload, report }: Scope): void {
  for (const [name, one] of entriesOf(childOf(tree, 'variables'))) {
    const value = textOf(one)
    if (value !== undefined && one.lacks === undefined && !isSecret(name, value)) {
      made.environment = { ...made.environment, [name]: value }
      report.to(one, `${at}.environment.${name}`)
    }
  }
  const own = childOf(workload.tree, 'secrets')
  for (const [name, one] of entriesOf(childOf(tree, 'secrets'))) {
    if (childOf(own, name) === undefined) continue
    made.secrets = [...(made.secrets ?? []), name]
    report.to(one, `${at}.secrets`)
  }
}

/** `depends_on` says what this one waits for; of the service's own container, what waits for it. */
function giveOrder(tree: Tree, name: string, made: Sidecar, { workload, report }: Scope): void {
  const { name: main, tree: whole, draft } = workload
  const own = childOf(whole, 'image', 'depends_on', name)
  const before = textOf(own) as keyof typeof WAITS | undefined
  if (before !== undefined && before in WAITS) {
    made.before = WAITS[before]
    report.to(own, `${draft.file} sidecars.${name}.before`)
    if (made.before === 'done') delete made.essential
  }
  const waits = childOf(tree, 'depends_on', main)
  const after = textOf(waits)
  if (made.before === undefined && (after === 'start' || after === 'healthy')) {
    made.after = WAITS[after]
    report.to(waits, `${draft.file} sidecars.${name}.after`)
  }
}

export const SIDECAR_ROWS: readonly Row<Scope>[] = [
  {
    key: 'sidecars.*',
    to: 'sidecars: image, port, command, entryPoint, environment, secrets, healthCommand, essential, before, after; its image by its digest',
    read: sidecar,
  },
  {
    key: 'image.depends_on.*',
    to: 'sidecars.<name>.before',
    read: (tree, { report }) => {
      if (report.unread(tree).length === 0) return
      const because = 'the container it waits for is not written'
      report.leave(tree, because, 'write the sidecar, with `before`')
    },
  },
]
