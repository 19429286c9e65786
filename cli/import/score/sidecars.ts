import type { Sidecar } from '../draft.ts'
import { lineOf } from '../health.ts'
import { sidecarImage } from '../images.ts'
import { isSecret } from '../is-secret.ts'
import { childOf, entriesOf, type Tree, textOf } from '../tree.ts'
import { commandOf } from '../words.ts'
import { piecesOf } from './placeholders.ts'
import type { Scope, Workload } from './scope.ts'

const READY = { started: 'started', healthy: 'healthy', complete: 'done' } as const

/** A container beside the service's own. */
export function giveSidecar(tree: Tree, { workload, report }: Scope): void {
  const { draft, main } = workload
  const name = tree.place.path[1] ?? ''
  if (name === main) return
  const image = sidecarImage(draft, name, tree, textOf(childOf(tree, 'image')) || undefined)
  if (image === undefined) return
  const sidecar: Sidecar = { image }
  const at = `${draft.file} sidecars.${name}`
  report.to(childOf(tree, 'image'), `${at}.image`)
  const [entryPoint, command] = [
    commandOf(childOf(tree, 'command')),
    commandOf(childOf(tree, 'args')),
  ]
  if (entryPoint !== undefined) sidecar.entryPoint = entryPoint
  if (command !== undefined) sidecar.command = command
  report.to(childOf(tree, 'command'), `${at}.entryPoint`)
  report.to(childOf(tree, 'args'), `${at}.command`)
  giveVariables(tree, sidecar, at, report)
  giveOrder(tree, sidecar, at, workload)
  const check = commandOf(childOf(tree, 'livenessProbe', 'exec', 'command'))
  if (check !== undefined) {
    sidecar.healthCommand = lineOf(check)
    report.to(childOf(tree, 'livenessProbe'), `${at}.healthCommand`)
  }
  draft.is.sidecars = { ...draft.is.sidecars, [name]: sidecar }
  for (const key of ['livenessProbe', 'readinessProbe', 'volumes']) {
    const left = childOf(tree, key)
    if (left === undefined || report.unread(left).length === 0) continue
    const because = 'it is not written for a sidecar'
    report.leave(
      left,
      because,
      `write it into sidecars.${name} of ${draft.file}: docs/catalog.md#sidecars`,
    )
  }
}

function giveVariables(tree: Tree, sidecar: Sidecar, at: string, report: Scope['report']): void {
  for (const [name, one] of entriesOf(childOf(tree, 'variables'))) {
    const value = textOf(one) ?? ''
    const isPlain = piecesOf(value).every((piece) => typeof piece === 'string')
    if (isPlain && !isSecret(name, value)) {
      sidecar.environment = { ...sidecar.environment, [name]: piecesOf(value).join('') }
      report.to(one, `${at}.environment.${name}`)
    } else {
      const because = 'a sidecar is given no data store and no new secret'
      report.leave(
        one,
        because,
        'let the service’s own container have it, or add it to its secrets',
      )
    }
  }
}

/** `before` names those that wait for this container. */
function giveOrder(
  tree: Tree,
  sidecar: Sidecar,
  at: string,
  { main, tree: whole, draft }: Workload,
) {
  const own = textOf(childOf(tree, 'before', main, 'ready')) as keyof typeof READY | undefined
  if (own !== undefined && own in READY) sidecar.before = READY[own]
  const name = tree.place.path[1] ?? ''
  const after = textOf(childOf(whole, 'containers', main, 'before', name, 'ready'))
  if (after === 'started' || after === 'healthy') sidecar.after = after
  draft.report.to(childOf(tree, 'before'), `${at}.before`)
}
