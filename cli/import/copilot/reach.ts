import { giveHealth } from '../health.ts'
import { pathPatterns } from '../routes.ts'
import { left, type Row } from '../table.ts'
import { childOf, entriesOf, flagOf, itemsOf, numberOf, type Tree, textOf } from '../tree.ts'
import { secondsOf, within } from '../words.ts'
import { NLB_ROWS } from './nlb.ts'
import { type Scope, where } from './scope.ts'

/** What is about the load balancer has a place only where there is a route. */
const routed = where(
  ({ workload }) => workload.draft.is.route !== undefined,
  'no load balancer leads to this service here',
  ({ workload }) => `write \`route\` into ${workload.draft.file} if one is to`,
)

function inRoute(
  key: 'drain' | 'sticky' | 'container' | 'protocol',
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
  const wanted = pathPatterns(textOf(tree) ?? '')[0] ?? ''
  const paths = [draft.is.route?.path ?? []].flat()
  if (paths.includes(wanted)) return
  const because = `another service has this path; this one is at ${paths.join(' and ')}`
  report.leave(tree, because, 'with a domain, give each a `host` in its route')
}

/** Whether a rule differs from the first in its path alone. */
const hasPathAlone = (rule: Tree): boolean => entriesOf(rule).length === 1

/** The path patterns of a workload: those of its first rule, and of others with nothing but a path. */
export function pathsOf(tree: Tree): string[] {
  const first = pathPatterns(textOf(childOf(tree, 'http', 'path')) ?? '/')
  const most = MOST_CONDITIONS - Math.min(aliasesOf(tree).length, MOST_HOSTS)
  const paths = new Set(first)
  for (const rule of itemsOf(childOf(tree, 'http', 'additional_rules'))) {
    const path = textOf(childOf(rule, 'path'))
    const further = path === undefined ? [] : pathPatterns(path).filter((one) => !paths.has(one))
    if (!hasPathAlone(rule) || paths.size + further.length > most) continue
    for (const one of further) paths.add(one)
  }
  return [...paths]
}

function furtherRule(tree: Tree, { workload: { draft }, report }: Scope): void {
  const further = textOf(childOf(tree, 'path'))
  const [wanted = ''] = further === undefined ? [] : pathPatterns(further)
  if (hasPathAlone(tree) && [draft.is.route?.path ?? []].flat().includes(wanted)) {
    report.to(tree, `${draft.file} route.path`)
    return
  }
  const because = 'a service has one route, with few paths of the same rules'
  const remedy = 'make a second service of the same repository with a route of its own'
  report.leave(tree, because, remedy)
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
const MOST_CONDITIONS = 5

/** Beside two paths. */
export const MOST_HOSTS = 3

/** The host names of a workload: text, a list, or a list of names with their zones. */
export const aliasesOf = (tree: Tree): string[] =>
  itemsOf(childOf(tree, 'http', 'alias')).flatMap(
    (one) => textOf(one) ?? textOf(childOf(one, 'name')) ?? [],
  )

function alias(tree: Tree, { workload: { draft }, report }: Scope): void {
  report.to(tree, `${draft.file} route.host`)
  for (const one of itemsOf(tree)) {
    const because = 'the environment has one hosted zone, of its domain'
    report.leave(
      childOf(one, 'hosted_zone'),
      because,
      'point the name to the load balancer yourself',
    )
  }
  for (const one of itemsOf(tree).slice(MOST_HOSTS)) {
    const because = `a route has up to ${MOST_HOSTS} hosts here`
    report.leave(one, because, 'make a second service of the same repository')
  }
  report.note(
    'its host names have to lead to the load balancer of the environment, and its certificate has to have them',
    draft.name,
  )
}

function sources(tree: Tree, { workload: { draft }, report }: Scope): void {
  const { route } = draft.is
  if (route === undefined) return
  const taken = [route.path ?? []].flat().length + [route.host ?? []].flat().length
  const ranges = itemsOf(tree)
  const kept = ranges.slice(0, MOST_CONDITIONS - taken)
  draft.is.route = { ...route, sources: kept.flatMap((one) => textOf(one) ?? []) }
  report.to(tree, `${draft.file} route.sources`)
  for (const one of ranges.slice(kept.length)) {
    const because = `a rule has up to ${MOST_CONDITIONS} paths, hosts and sources together`
    report.leave(one, because, 'name a larger range')
  }
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

const HTTP: readonly Row<Scope>[] = [
  { key: 'http.path', to: 'route.path; the longest path first, / last', read: routed(path) },
  { key: 'http.alias', to: 'route.host', read: routed(alias) },
  { key: 'http.allowed_source_ips', to: 'route.sources', read: routed(sources) },
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
    to: 'route.protocol',
    read: routed((tree, scope) => {
      const version = textOf(tree)?.toLowerCase()
      if (version === 'http1') scope.report.to(tree, 'HTTP/1.1 is spoken without a word')
      if (version === 'http2' || version === 'grpc') inRoute('protocol', version, tree, scope)
    }),
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
  {
    key: 'http.additional_rules.*',
    to: 'route.path, for a rule that has only a path, as far as a rule has place; others are left out',
    read: furtherRule,
  },
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
  ...NLB_ROWS,
]
