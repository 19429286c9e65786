import type { Listener } from '../entrances.ts'
import { left, type Row } from '../table.ts'
import { childOf, itemsOf, numberOf, type Tree, textOf } from '../tree.ts'
import type { Scope } from './scope.ts'

/** The listeners of `nlb` and of what it adds, in Copilot's order. */
export function listenersOf(tree: Tree, port: number | undefined): Listener[] {
  const nlb = childOf(tree, 'nlb')
  const all = nlb === undefined ? [] : [nlb, ...itemsOf(childOf(nlb, 'additional_listeners'))]
  return all.flatMap((one) => {
    const [, number = '', written = 'tcp'] =
      /^(\d+)(?:\/(\w+))?$/.exec(textOf(childOf(one, 'port')) ?? '') ?? []
    const outer = Number(number)
    if (!(outer >= 1 && outer <= 65_535)) return []
    const container = textOf(childOf(one, 'target_container'))
    const sidecar = childOf(tree, 'sidecars', container ?? '')
    const inside = sidecar === undefined ? port : portOf(sidecar)
    const to = numberOf(childOf(one, 'target_port')) ?? inside ?? outer
    const protocol = written === 'udp' || written === 'tls' ? written : undefined
    const listener: Listener = { port: outer }
    if (to !== outer) listener.to = to
    if (protocol !== undefined) listener.protocol = protocol
    if (sidecar !== undefined && container !== undefined) listener.container = container
    return [listener]
  })
}

const portOf = (sidecar: Tree): number | undefined => {
  const port = Number.parseInt(textOf(childOf(sidecar, 'port')) ?? '', 10)
  return port > 0 ? port : undefined
}

/** A listener leads to a sidecar only where that is written. */
function nlbContainer(tree: Tree, scope: Scope): void {
  const { draft, name: main } = scope.workload
  const name = textOf(tree) ?? ''
  if (name === main || draft.is.nlb === undefined || draft.is.sidecars?.[name] !== undefined) {
    nlb(tree, scope)
    return
  }
  if (Array.isArray(draft.is.nlb)) {
    draft.is.nlb = draft.is.nlb.map(({ container, ...one }) =>
      container === undefined || container === name ? one : { ...one, container },
    )
  }
  const because = `the sidecar ${name} is not written`
  const remedy = `write it, and then \`container: ${name}\` into nlb of ${draft.file}`
  scope.report.leave(tree, because, remedy)
}

function nlb(tree: Tree, { workload: { draft }, report }: Scope): void {
  if (draft.is.nlb !== undefined) {
    report.to(tree, `${draft.file} nlb`)
    return
  }
  const because = 'a service has a route or ports of the network load balancer, not both'
  report.leave(tree, because, 'make a second service of the same repository with `nlb`')
}

const NLB_OTHERS = ['healthcheck', 'stickiness', 'deregistration_delay']

/** How a workload is reached through the network load balancer. */
export const NLB_ROWS: readonly Row<Scope>[] = [
  { key: 'nlb.port', to: 'nlb', read: nlb },
  { key: 'nlb.target_port', to: 'nlb.to', read: nlb },
  { key: 'nlb.additional_listeners.*.port', to: 'nlb', read: nlb },
  { key: 'nlb.additional_listeners.*.target_port', to: 'nlb.to', read: nlb },
  ...left(
    'TLS ends at the load balancer, with the certificate and policy of the environment',
    'nothing, if that suits its clients',
    'nlb.ssl_policy',
    'nlb.alias',
    'nlb.additional_listeners.*.ssl_policy',
  ),
  { key: 'nlb.target_container', to: 'nlb.container', read: nlbContainer },
  { key: 'nlb.additional_listeners.*.target_container', to: 'nlb.container', read: nlbContainer },
  ...left(
    'the network load balancer checks it as `health` says',
    'write `health` into its file',
    ...NLB_OTHERS.flatMap((key) => [`nlb.${key}`, `nlb.additional_listeners.*.${key}`]),
  ),
]
