import { giveHealth } from '../health.ts'
import type { LeftRow, Row } from '../table.ts'
import { childOf, flagOf, itemsOf, numberOf, type Tree, textOf } from '../tree.ts'
import { secondsOf, within } from '../words.ts'
import type { Scope } from './scope.ts'

const isRouted = ({ workload }: Scope): boolean => workload.draft.is.route !== undefined

/** What is about the load balancer has a place only where there is a route. */
const routed =
  (read: (tree: Tree, scope: Scope) => void) =>
  (tree: Tree, scope: Scope): void => {
    if (isRouted(scope)) {
      read(tree, scope)
      return
    }
    const because = 'no load balancer leads to this service here'
    scope.report.leave(
      tree,
      because,
      `write \`route\` into ${scope.workload.draft.file} if one is to`,
    )
  }

function inRoute(
  key: 'drain' | 'sticky' | 'container',
  value: number | string,
  tree: Tree,
  scope: Scope,
) {
  const { draft } = scope.workload
  if (draft.is.route === undefined) return
  draft.is.route = { ...draft.is.route, [key]: value }
  scope.report.to(tree, `${draft.file} route.${key}`)
}

function path(tree: Tree, { workload: { draft }, report }: Scope): void {
  report.to(tree, `${draft.file} route.path`)
  const wanted = draft.is.route?.path
  if (wanted === `/${draft.name}/*`) {
    const because = `another service has this path; this one is at ${wanted}`
    report.leave(tree, because, 'with a domain, give each a `host` in its route')
  }
}

function alias(tree: Tree, { workload: { draft }, ground, report }: Scope): void {
  const names = itemsOf(tree).flatMap((one) => textOf(one) ?? textOf(childOf(one, 'name')) ?? [])
  const { domain } = ground
  const label = names.find((one) => domain !== undefined && one.endsWith(`.${domain}`))
  if (domain !== undefined && label !== undefined && draft.is.route !== undefined) {
    draft.is.route = { ...draft.is.route, host: label.slice(0, -domain.length - 1) }
    report.to(tree, `${draft.file} route.host`)
    if (names.length === 1) return
  }
  const because = 'a service has one host, below the domain of the environment'
  const remedy = `write \`domain\` and \`certificate\` into environment.yaml, and \`host\` into the route of ${draft.file}`
  report.leave(tree, because, remedy)
}

function healthPath(tree: Tree, scope: Scope): void {
  const asked = textOf(tree)
  if (asked !== undefined) scope.workload.draft.put('healthPath', asked, tree)
}

function container(tree: Tree, scope: Scope): void {
  const name = textOf(tree) ?? ''
  const { workload, report } = scope
  const { draft } = workload
  if (name === workload.name) report.to(tree, `${draft.file} route`)
  else if (draft.is.sidecars?.[name] !== undefined) inRoute('container', name, tree, scope)
  else {
    const because = `the sidecar ${name} is not written`
    const remedy = `write it, and then \`container: ${name}\` into the route of ${draft.file}`
    report.leave(tree, because, remedy)
  }
}

function samePort(tree: Tree, { workload, report }: Scope): void {
  const { draft, port } = workload
  const asked = numberOf(tree)
  const others = Object.values(draft.is.sidecars ?? {}).map((one) => one.port)
  if (asked === port || others.includes(asked)) report.to(tree, `${draft.file} port`)
  else {
    const because = `a container is asked at the port it is reached at, ${port ?? 'none'}`
    report.leave(tree, because, 'answer at that port')
  }
}

const times = (field: Parameters<typeof giveHealth>[1]) =>
  routed((tree, { workload: { draft } }) => giveHealth(draft, field, tree))

function nlb(tree: Tree, scope: Scope): void {
  const { workload, report } = scope
  const { draft } = workload
  const [, number = '', protocol = 'tcp'] = /^(\d+)(?:\/(\w+))?$/.exec(textOf(tree) ?? '') ?? []
  const port = Number(number)
  if (!(port >= 1 && port <= 65_535)) return
  if (protocol === 'udp') {
    report.leave(tree, 'the load balancers here take HTTP and TCP', 'let its clients use TCP')
  } else if (draft.is.route !== undefined) {
    const because = 'a service has a route or a port of the network load balancer, not both'
    report.leave(tree, because, 'make a second service of the same repository with `nlb`')
  } else {
    draft.put('nlb', port, tree)
  }
}

const left = (because: string, remedy: string, ...keys: string[]): LeftRow[] =>
  keys.map((key) => ({ key, because, remedy }))

const HTTP: readonly Row<Scope>[] = [
  { key: 'http.path', to: 'route.path; the longest path first, / last', read: routed(path) },
  { key: 'http.alias', to: 'route.host, below the domain of the environment', read: routed(alias) },
  {
    key: 'http.healthcheck',
    to: 'healthPath',
    read: routed((tree, scope) => {
      if (textOf(tree) !== undefined) healthPath(tree, scope)
    }),
  },
  { key: 'http.healthcheck.path', to: 'healthPath', read: routed(healthPath) },
  {
    key: 'http.healthcheck.success_codes',
    to: 'health.codes',
    read: routed((tree, { workload: { draft } }) => {
      draft.putIn('health', 'codes', textOf(tree), tree)
    }),
  },
  { key: 'http.healthcheck.healthy_threshold', to: 'health.healthy', read: times('healthy') },
  { key: 'http.healthcheck.unhealthy_threshold', to: 'health.unhealthy', read: times('unhealthy') },
  { key: 'http.healthcheck.interval', to: 'health.interval', read: times('interval') },
  { key: 'http.healthcheck.timeout', to: 'health.timeout', read: times('timeout') },
  { key: 'http.healthcheck.grace_period', to: 'health.grace', read: times('grace') },
  { key: 'http.healthcheck.port', to: 'port', read: routed(samePort) },
  {
    key: 'http.deregistration_delay',
    to: 'route.drain',
    read: routed((tree, scope) => {
      const seconds = secondsOf(textOf(tree))
      if (seconds !== undefined) inRoute('drain', within(seconds, 0, 3600), tree, scope)
    }),
  },
  {
    key: 'http.stickiness',
    to: 'route.sticky: a day, as AWS has it',
    read: routed((tree, scope) => {
      if (flagOf(tree)) inRoute('sticky', 86_400, tree, scope)
      else scope.report.to(tree, 'none is written')
    }),
  },
  { key: 'http.target_container', to: 'route.container', read: routed(container) },
  { key: 'http.targetContainer', to: 'route.container', read: routed(container) },
  { key: 'http.target_port', to: 'port, of a sidecar too', read: routed(samePort) },
  {
    key: 'http.version',
    to: 'nothing: HTTP/1.1 is spoken',
    read: (tree, { report }) => {
      if (textOf(tree) === 'http1') report.to(tree, 'HTTP/1.1 is spoken')
      else report.leave(tree, 'HTTP/1.1 is spoken to tasks', 'let it answer HTTP/1.1 too')
    },
  },
  {
    key: 'http.redirect_to_https',
    to: 'nothing: with a certificate it is so',
    read: (tree, { report }) => {
      if (flagOf(tree)) report.to(tree, 'so it is with a certificate')
      else report.leave(tree, 'with a certificate, HTTP leads to HTTPS', 'let clients use HTTPS')
    },
  },
]

/** How a workload is reached from outside. */
export const REACH_ROWS: readonly Row<Scope>[] = [
  ...left(
    'the environment has one hosted zone, of its domain',
    'see `hostedZone` in docs/catalog.md',
    'http.hosted_zone',
  ),
  ...left(
    'a route does not look at where requests come from',
    'let the application look, or a firewall (AWS WAF) at the load balancer',
    'http.allowed_source_ips',
  ),
  ...left(
    'a service has one route',
    'make a second service of the same repository with a route of its own',
    'http.additional_rules',
  ),
  ...left(
    'the environment has a load balancer of its own',
    'nothing, if that one may be used',
    'http.alb',
  ),
  ...left(
    'the environment does not serve what only the VPC may reach through a load balancer',
    'call it by `<service>.<namespace>` inside',
    'http.private',
  ),
  ...HTTP,
  {
    key: 'http',
    to: 'route; false is none',
    read: (tree, { report }) => {
      if (flagOf(tree) !== undefined) report.to(tree, 'no route is written for false')
    },
  },
  { key: 'nlb.port', to: 'nlb', read: nlb },
  ...left(
    'TLS ends at the load balancer, with the certificate and policy of the environment',
    'nothing, if that suits its clients',
    'nlb.ssl_policy',
    'nlb.alias',
  ),
  ...left(
    'the network load balancer leads to the port of the service',
    'listen at `port`',
    'nlb.target_port',
    'nlb.target_container',
  ),
  ...left(
    'a service has one port of the network load balancer',
    'make a second service of the same repository',
    'nlb.additional_listeners',
  ),
  ...left(
    'the network load balancer checks it as `health` says',
    'write `health` into its file',
    'nlb.healthcheck',
    'nlb.stickiness',
    'nlb.deregistration_delay',
  ),
]
