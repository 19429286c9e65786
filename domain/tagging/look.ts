import type { CompiledCatalog } from '../compiled-catalog.ts'
import type { TagCase } from '../table/tag-case.ts'
import { TAGS } from '../tags.ts'
import { teamsOf } from './creator.ts'
import { type Judged, judge } from './judge.ts'
import { REFUSED_TIMES } from './ladder.ts'
import { type Problem, problemsOf, type TagPolicy } from './policy.ts'
import { isWatched, type Places, placeOf, type Resource } from './resource.ts'
import { typeOf, WATCHED_TYPES } from './types.ts'

/** What is told about the tags that others may take off again. */
const TAKEN_OFF_TIMES = 2

/** What is looked at by one rule. */
export type Rules = {
  policy: TagPolicy
  catalog: Pick<CompiledCatalog, 'environment' | 'owner' | 'teams' | 'operators'> &
    Partial<Pick<CompiledCatalog, 'services'>>
  places: Places
  /** Keys that the organisation's tag policies require, by type: told, and never written. */
  company?: Readonly<Record<string, readonly string[]>>
}

/** One resource, and what is to be done about its tags. */
export type Looked = Judged & {
  resource: Resource
  kept: TagCase | undefined
  /** It is judged at what it belongs to: nothing is told of it. */
  member: boolean
  /** Who is told. */
  owner: string
}

/** What is looked at, and how many belong to no environment and are left alone. */
export type Look = { looked: Looked[]; nowhere: number }

/**
 * Judges everything that is watched. What something belongs to comes first: its members take what
 * they lack from it, also what is only just written there, and lie where it lies.
 *
 * @param resources everything that was read; what a member belongs to may be missing, and then
 *   nothing is known of the member, unless it outlives that.
 * @param unread types of which nothing is known.
 */
export function lookAt(
  rules: Rules,
  resources: readonly Resource[],
  cases: ReadonlyMap<string, TagCase>,
  unread: ReadonlySet<string> = new Set(),
): Look {
  const all = new Looking(rules, placed(resources), cases, unread)
  const looked = resources.flatMap(({ id }) => all.look(id) ?? [])
  return { looked, nowhere: rules.policy.where === 'account' ? 0 : all.nowhere }
}

class Looking {
  readonly #rules: Rules
  readonly #resources: ReadonlyMap<string, Resource>
  readonly #cases: ReadonlyMap<string, TagCase>
  readonly #unread: ReadonlySet<string>
  readonly #looked = new Map<string, Looked | undefined>()

  constructor(
    rules: Rules,
    resources: readonly Resource[],
    cases: ReadonlyMap<string, TagCase>,
    unread: ReadonlySet<string>,
  ) {
    this.#rules = rules
    this.#resources = new Map(resources.map((one) => [one.id, one]))
    this.#cases = cases
    this.#unread = unread
  }

  /** Of those that stand for themselves. */
  get nowhere(): number {
    const alone = [...this.#resources.values()].filter((one) => !one.quiet && this.#isAlone(one))
    return alone.filter((one) => this.#placeOf(one) === 'nowhere').length
  }

  look(id: string): Looked | undefined {
    if (!this.#looked.has(id)) this.#looked.set(id, this.#judged(id))
    return this.#looked.get(id)
  }

  #judged(id: string): Looked | undefined {
    const one = this.#resources.get(id)
    const { policy } = this.#rules
    if (one === undefined || !isWatched(this.#placeOf(one), policy.where)) return undefined
    const kept = this.#cases.get(id)
    if (one.parent === undefined || this.#isAlone(one)) return judged(this.#rules, one, kept)
    const parent = this.look(one.parent)
    if (parent === undefined) return undefined
    return judged(this.#rules, one, kept, { ...parent.resource.tags, ...parent.writes })
  }

  /** Whether it belongs to nothing, or outlives what it was made of. */
  #isAlone({ parent, outlives }: Resource): boolean {
    if (parent === undefined) return true
    if (outlives !== true || this.#resources.has(parent)) return false
    const type = WATCHED_TYPES.find((one) => parent.startsWith(`${typeOf(one).id}/`))
    return type !== undefined && this.#rules.policy.watch.includes(type) && !this.#unread.has(type)
  }

  #placeOf(one: Resource): ReturnType<typeof placeOf> {
    const own = placeOf(one, this.#rules.places)
    const parent = one.parent === undefined ? undefined : this.#resources.get(one.parent)
    return own === 'nowhere' && parent !== undefined ? this.#placeOf(parent) : own
  }
}

/** A cluster lies where its members do. */
function placed(resources: readonly Resource[]): Resource[] {
  const vpcs = new Map(
    resources.flatMap(({ parent, vpc }) => (parent && vpc ? [[parent, vpc] as const] : [])),
  )
  return resources.map((one) => ({ ...one, vpc: one.vpc ?? vpcs.get(one.id) }))
}

/** One resource by its tags as they are, with what is known of it. */
export function judged(
  { policy, catalog, company = {} }: Pick<Rules, 'policy' | 'catalog' | 'company'>,
  resource: Resource,
  kept: TagCase | undefined,
  parent?: Readonly<Record<string, string>>,
): Looked {
  const teams = kept?.creator === undefined ? [] : teamsOf(catalog, kept.creator)
  const team = kept?.given?.team ?? (teams.length === 1 ? teams[0] : undefined)
  const { writes, left } = judge(policy, resource, { team, parent })
  const held = Object.keys(writes).flatMap((key) => heldBack(key, kept))
  for (const { key } of held) delete writes[key]
  const said = resource.tags[TAGS.owner] ?? writes[TAGS.owner] ?? team ?? ''
  return {
    resource,
    kept,
    member: parent !== undefined || resource.quiet === true,
    owner: Object.hasOwn(catalog.teams, said) ? said : catalog.owner,
    writes,
    left: [...left, ...held, ...companys(policy, resource, company[resource.type])],
  }
}

/** What the company requires besides, and is not there; which values it allows is its policies' own. */
function companys(
  { required }: Pick<TagPolicy, 'required'>,
  { tags }: Pick<Resource, 'tags'>,
  keys: readonly string[] = [],
): Problem[] {
  const others = keys.filter((key) => !Object.hasOwn(required, key))
  return problemsOf({ required: Object.fromEntries(others.map((key) => [key, {}])) }, tags)
}

function heldBack(key: string, kept: TagCase | undefined): Problem[] {
  if ((kept?.wrote[key] ?? 0) >= TAKEN_OFF_TIMES) return [{ key, what: 'taken-off', allowed: '' }]
  const times = kept?.refused?.times ?? 0
  return times >= REFUSED_TIMES ? [{ key, what: 'refused', allowed: '' }] : []
}
