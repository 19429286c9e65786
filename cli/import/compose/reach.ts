import type { Entrances } from '../entrances.ts'
import type { Row } from '../table.ts'
import { type Tree, textOf } from '../tree.ts'
import type { Scope } from './ground.ts'
import { type App, type Plan, routed } from './plan.ts'

/** Gives each application that is reached from outside its route or its ports. */
export function giveRoutes(plan: Plan, entrances: Entrances): void {
  for (const app of routed(plan)) app.draft.is.route = entrances.route(app.draft.name, ['/*'])
  for (const { draft, entrance, fact } of plan.apps.values()) {
    if (entrance?.by !== 'nlb') continue
    const listeners = fact.ports
      .filter(({ isLocal }) => !isLocal)
      .map(({ published, target, protocol }) => ({
        port: published ?? target,
        ...(published !== undefined && published !== target && { to: target }),
        ...(protocol === 'udp' && { protocol: 'udp' as const }),
      }))
    const nlb = entrances.nlb(listeners)
    if (nlb !== undefined) draft.is.nlb = nlb
  }
}

/** A service with a route and without a database is a site; what only listens is an API. */
export function kindOf({ port, entrance }: App, hasDatabase: boolean): 'web' | 'api' | 'worker' {
  if (port === undefined) return 'worker'
  return entrance?.by === 'route' && !hasDatabase ? 'web' : 'api'
}

function publish(tree: Tree, { app, report }: Scope): void {
  const { draft, entrance, port, fact } = app
  const own = fact.ports.filter((one) => one.tree === tree)
  if (own.length === 0) return
  const written = [draft.is.nlb ?? []]
    .flat()
    .map((one) => (typeof one === 'number' ? { port: one } : one))
  const isAtNlb = own.every(({ published, target, protocol }) =>
    written.some(
      (one) =>
        one.port === (published ?? target) && (one.protocol === 'udp') === (protocol === 'udp'),
    ),
  )
  if (entrance?.by === 'nlb' && isAtNlb) {
    report.to(tree, `${draft.file} nlb`)
    return
  }
  const first = fact.ports.find(({ target }) => target === port)
  const others = own.filter((one) => one.target !== port || one.protocol !== first?.protocol)
  if (others.length === 0) {
    report.to(tree, `${draft.file} port`)
    const paths = [draft.is.route?.path ?? []].flat()
    if (entrance?.port?.tree !== tree || paths.includes('/*')) return
    const because = `one address has one service at its root: this one is at ${paths.join(' and ')}`
    const remedy = `with a domain, write \`host: ${draft.name}\` in its route; else let it answer below that path`
    report.leave(tree, because, remedy)
    return
  }
  const targets = others.map(({ target }) => target).filter((target) => target !== port)
  if (targets.length > 0) draft.is.ports = [...new Set([...(draft.is.ports ?? []), ...targets])]
  report.to(tree, `${draft.file} ports`)
  if (own.every(({ isLocal }) => isLocal)) return
  const because = `a service is reached from outside at one port, here ${port ?? 'none'}`
  report.leave(
    tree,
    because,
    'make a second service of the same repository, with a route of its own',
  )
}

export const REACH_ROWS: readonly Row<Scope>[] = [
  {
    key: 'ports.*',
    to: 'port; a published one is a route, of a protocol other than HTTP nlb; at 127.0.0.1 alone it is neither',
    read: publish,
  },
  {
    key: 'expose.*',
    to: 'port, where ports names none',
    read: (tree, { app, report }) => {
      if (Number.parseInt(textOf(tree) ?? '', 10) === app.port) {
        report.to(tree, `${app.draft.file} port`)
      } else {
        report.to(tree, 'services of an environment reach each other at every port')
      }
    },
  },
]

/** The names of what a service calls, as its variables and `depends_on` say: those that listen. */
export function giveNeeds({ app, plan, calls, report }: Scope): void {
  const { draft, fact } = app
  if (calls.database !== undefined) draft.is.database ??= 'shared'
  if (calls.cache !== undefined) {
    draft.is.cache = true
    report.note(
      'let the keys it keeps in the cache begin with $REDIS_PREFIX; its clients speak TLS (rediss://)',
      draft.name,
    )
  }
  if (calls.bucket !== undefined) draft.is.bucket = true
  const needs = [...fact.waitsFor.keys()].flatMap((name) => {
    const other = plan.apps.get(name) ?? plan.proxies.get(name)
    return other === undefined || other.port === undefined || other === app
      ? []
      : [other.draft.name]
  })
  if (needs.length > 0) draft.is.dependsOn = [...new Set(needs)]
}
