import type { Severity } from '../alarms.ts'
import type { CompiledCatalog } from '../compiled-catalog.ts'
import { isOfEnvironment, TAGS } from '../tags.ts'

/** Whose an alarm is. */
export type Owner = {
  /** The team. */
  owner: string
  severity: Severity
  /** The service's name, and `<cluster>/<service>`. */
  service?: string
  serviceId?: string
  /** Why the owner is not known, when it is not. */
  ownerUnknown?: string
}

/** The alarm's tags; or why they could not be read. */
export type Tagged = { tags: Record<string, string> } | { unread: string }

/** What an alarm is about: its name, and the dimensions of what it measures. */
export type About = { name: string; dimensions: Record<string, string> }

/**
 * Whose an alarm is: by its tags; where these cannot be read, by what it measures; else nobody
 * knows, and it is told in the default channel.
 *
 * @returns undefined for an alarm that is not ours to tell: it has none of our tags, or belongs to
 *   another environment. Tags that could not be read say neither.
 */
export function ownerOf(tagged: Tagged, about: About, catalog: CompiledCatalog): Owner | undefined {
  if ('unread' in tagged) return withoutTags(tagged.unread, about, catalog)
  const { tags } = tagged
  const isOurs = [TAGS.environment, TAGS.owner, TAGS.service].some((tag) => tag in tags)
  if (!isOurs || !isOfEnvironment(tags, catalog.environment)) return undefined
  const service = tags[TAGS.service]
  const team = service === undefined ? undefined : entryOf(catalog, service)?.team
  return {
    owner: tags[TAGS.owner] ?? team ?? catalog.owner,
    severity: tags[TAGS.severity] === 'page' ? 'page' : 'look',
    ...serviceNamed(service, about, catalog),
  }
}

function withoutTags(unread: string, about: About, catalog: CompiledCatalog): Owner {
  const service = serviceIn(about, catalog)
  const entry = service === undefined ? undefined : entryOf(catalog, service)
  if (entry !== undefined) {
    return { owner: entry.team, severity: 'look', ...serviceNamed(service, about, catalog) }
  }
  const ownerUnknown = `the alarm's tags could not be read (${unread})`
  return { owner: catalog.owner, severity: 'look', ownerUnknown }
}

/** A service of another origin than the catalog's is known by the dimensions that ECS gives. */
function serviceNamed(name: string | undefined, { dimensions }: About, catalog: CompiledCatalog) {
  const { ClusterName: cluster, ServiceName: measured } = dimensions
  const service = name ?? measured
  if (service === undefined) return {}
  const own = entryOf(catalog, service)?.cluster ?? cluster
  return { service, ...(own === undefined ? {} : { serviceId: `${own}/${service}` }) }
}

/**
 * The catalog's service that a dimension names, as ECS does (`orders`), or a target group or
 * database (`targetgroup/dev-orders/1a2b`, `dev-orders`); else the one that the alarm is called
 * after (`dev-orders-errors`). Of several that fit, the longest name.
 */
function serviceIn({ name, dimensions }: About, catalog: CompiledCatalog): string | undefined {
  const names = Object.keys(catalog.services).toSorted((a, b) => b.length - a.length)
  const words = Object.values(dimensions).flatMap((value) => value.split('/'))
  const isNamed = (service: string) =>
    words.some((word) => word === service || word === `${catalog.environment}-${service}`)
  return (
    names.find(isNamed) ??
    names.find((service) => name.startsWith(`${catalog.environment}-${service}-`))
  )
}

const entryOf = ({ services }: CompiledCatalog, name: string) =>
  Object.hasOwn(services, name) ? services[name] : undefined
