import { isNameFree } from '../../../catalog/value-checks.ts'
import { Draft } from '../draft.ts'
import { ecrRepository } from '../images.ts'
import type { Report } from '../report.ts'
import { textOf } from '../tree.ts'
import { serviceNames } from '../words.ts'
import { type Fact, type Facts, linksOf, runsOnce } from './facts.ts'
import { isHttpPort } from './images.ts'
import { calledPort, exposedPort, ownPort, type Port } from './ports.ts'

/** An application: it becomes a file of the catalog. */
export type App = {
  fact: Fact
  draft: Draft
  /** Undefined for a worker. */
  port: number | undefined
  /** Where it is reached from outside. */
  entrance: { by: 'route' | 'nlb'; port: Port | undefined } | undefined
  repository: string
}

/** What each service of a project becomes. */
export type Plan = {
  apps: ReadonlyMap<string, App>
  /** What runs once: the application before whose deployments it does, if there is one. */
  once: ReadonlyMap<string, App | undefined>
  /** What only passes requests on: the application to which. */
  proxies: ReadonlyMap<string, App | undefined>
  facts: Facts
}

/**
 * @param filesOf the texts of the files that a proxy is given, which name what is behind it.
 * @throws Problem for two services of one name.
 */
export function planOf(facts: Facts, filesOf: (fact: Fact) => string[], report: Report): Plan {
  const all = [...facts.all.values()]
  const once = all.filter((fact) => fact.stands === undefined && runsOnce(fact, facts.all))
  const own = all.filter((fact) => fact.stands === undefined && !once.includes(fact))
  const names = serviceNames(
    own.map(({ name }) => name),
    isNameFree,
  )
  const called = all.flatMap((fact) => [
    ...[...fact.variables.values()].flatMap((one) => textOf(one) ?? []),
    ...(fact.stands?.as === 'proxy' ? filesOf(fact) : []),
  ])
  const apps = new Map(
    own.map((fact): [string, App] => {
      const draft = new Draft(names.get(fact.name) ?? fact.name, fact.tree.place, report)
      const port = listensOn(fact, called)
      return [fact.name, { fact, draft, port, entrance: undefined, repository: '' }]
    }),
  )
  const proxies = new Map(
    all
      .filter(({ stands }) => stands?.as === 'proxy')
      .map((fact): [string, App | undefined] => [fact.name, behind(fact, apps)]),
  )
  giveRepositories([...apps.values()])
  giveEntrances(apps, proxies, facts)
  const targets = once.map((fact): [string, App | undefined] => [fact.name, before(fact, apps)])
  return { apps, proxies, facts, once: new Map(targets) }
}

function listensOn(fact: Fact, called: readonly string[]): number | undefined {
  const tcp = fact.ports.filter(({ protocol }) => protocol === 'tcp')
  const own = Number(textOf(fact.variables.get('PORT')))
  return (
    (tcp.find(({ target }) => isHttpPort(target)) ?? tcp[0])?.target ??
    exposedPort(fact.tree) ??
    (own >= 1 && own <= 65_535 ? own : undefined) ??
    calledPort(fact.hosts, called) ??
    ownPort(fact) ??
    fact.ports[0]?.target
  )
}

/** What the catalog has where nothing is said. */
const USUAL_PORT = 8080

/** The application that a proxy leads to: the first it waits for, or the only one that listens. */
function behind(proxy: Fact, apps: ReadonlyMap<string, App>): App | undefined {
  const named = [...proxy.waitsFor.keys(), ...linksOf(proxy).map(([, service]) => service)]
  const listening = [...apps.values()].filter(({ port }) => port !== undefined)
  const known = named.flatMap((name) => apps.get(name) ?? [])
  const first = known.find(({ port }) => port !== undefined) ?? known[0]
  const found = first ?? (listening.length === 1 ? listening[0] : undefined)
  if (found === undefined || found.port !== undefined) return found
  found.port = USUAL_PORT
  const because = `nothing says at which port ${found.fact.name} listens; ${USUAL_PORT} is written`
  const remedy = `correct \`port\` in ${found.draft.file}, or let it listen at the variable PORT`
  found.draft.report.leave(found.fact.tree, because, remedy)
  return found
}

/** The application of the same image that waits for it, or that is reached from outside. */
function before(fact: Fact, apps: ReadonlyMap<string, App>): App | undefined {
  const same = [...apps.values()].filter((app) => app.fact.runs === fact.runs)
  const waiting = same.filter((app) => app.fact.waitsFor.has(fact.name))
  const isOpen = (app: App) => app.entrance !== undefined
  return waiting.find(isOpen) ?? waiting[0] ?? same.find(isOpen) ?? same[0]
}

/** Services of one image follow one repository: that of the first that is reached, or of the first. */
function giveRepositories(apps: readonly App[]): void {
  for (const app of apps) {
    const same = apps.filter(({ fact }) => fact.runs === app.fact.runs)
    const first = same.find(({ port }) => port !== undefined) ?? app
    app.repository = ecrRepository(app.fact.image) ?? (same.length > 1 ? first : app).draft.name
  }
}

/** The order in which published ports are taken for the entrance: as browsers and habits have it. */
const USUAL = [80, 443, 8080, 3000, 8000]

function giveEntrances(
  apps: ReadonlyMap<string, App>,
  proxies: ReadonlyMap<string, App | undefined>,
  facts: Facts,
): void {
  for (const [name, app] of proxies) {
    const isPublished = facts.all.get(name)?.ports.some(({ isLocal }) => !isLocal)
    if (isPublished && app !== undefined) app.entrance = { by: 'route', port: undefined }
  }
  for (const app of apps.values()) {
    const open = app.fact.ports.filter(({ isLocal }) => !isLocal)
    const port = open.find(({ target }) => target === app.port)
    if (port === undefined || app.entrance !== undefined) continue
    const isHttp = port.protocol === 'tcp' && isHttpPort(port.target)
    app.entrance = { by: isHttp ? 'route' : 'nlb', port }
  }
}

/** The applications with a route, the one that takes all other requests first. */
export function routed({ apps }: Plan): App[] {
  const rank = ({ entrance }: App): number => {
    if (entrance?.port === undefined) return -1
    const at = USUAL.indexOf(entrance.port.published ?? 0)
    return at < 0 ? USUAL.length : at
  }
  return [...apps.values()]
    .filter(({ entrance }) => entrance?.by === 'route')
    .toSorted((a, b) => rank(a) - rank(b))
}
