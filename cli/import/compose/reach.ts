import type { Entrances } from '../entrances.ts'
import type { Row } from '../table.ts'
import { childOf, isMapTree, type Tree, textOf } from '../tree.ts'
import type { Scope } from './ground.ts'
import { type App, type Plan, routed } from './plan.ts'

/** Gives each application that is reached from outside its route or its port. */
export function giveRoutes(plan: Plan, entrances: Entrances): void {
  for (const app of routed(plan)) app.draft.is.route = entrances.route(app.draft.name, '/*')
  for (const { draft, entrance } of plan.apps.values()) {
    if (entrance?.by !== 'nlb' || entrance.port === undefined) continue
    const { published, target } = entrance.port
    const port = entrances.nlb([published ?? target, target])
    if (port !== undefined) draft.is.nlb = port
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
  const [first] = own
  if (first === undefined) return
  if (own.length === 1 && first.target === port && first.protocol === 'tcp') {
    const { route, nlb } = draft.is
    report.to(isMapTree(tree) ? childOf(tree, 'target') : tree, `${draft.file} port`)
    if (isMapTree(tree)) {
      for (const key of ['published', 'protocol', 'mode', 'host_ip', 'name', 'app_protocol']) {
        report.to(childOf(tree, key), `${draft.file} ${nlb === undefined ? 'route' : 'nlb'}`)
      }
    }
    if (entrance?.port?.tree !== tree) return
    if (route !== undefined && route.path !== '/*') {
      const because = `one address has one service at its root: this one is at ${route.path}`
      const remedy = `with a domain, write \`host: ${draft.name}\` in its route; else let it answer below that path`
      report.leave(tree, because, remedy)
    }
    return
  }
  if (first.protocol !== 'tcp') {
    report.leave(tree, 'the load balancers here take HTTP and TCP', 'let its clients use TCP')
    return
  }
  const where = port === undefined ? 'none' : `port ${port}`
  const because = `a service is reached at one port, here ${where}`
  report.leave(tree, because, 'make what listens there a service of its own, or a sidecar')
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
  if (calls.database !== undefined) draft.is.database = 'shared'
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
