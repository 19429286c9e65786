import { NotImplemented } from '../aws/errors.ts'
import { tagCall } from '../aws/tagging/taggers.ts'
import type { Context } from './context.ts'
import type { DeployedResource } from './deployed.ts'
import {
  differences,
  type Existing,
  type Physical,
  type Properties,
  type ResourceType,
  type TagChange,
} from './resource-type.ts'
import { resourceType } from './types.ts'

/** What a template says of a resource, with every intrinsic function answered. */
export type Change = Omit<DeployedResource, 'physicalId' | 'present'> & { properties: Properties }

type Tools = {
  /** With tags for what is created, without for what is changed. */
  context: (tags?: Record<string, string>) => Context
  /** Properties with the values their dynamic references name; these are never kept. */
  values: (properties: Properties) => Promise<Properties>
  /** @throws TemplateError when what is about to be created has a name that is taken. */
  refuseTaken: () => void
}

type Changed = {
  resource: DeployedResource
  /** What the resource was before, when a new one took its place. */
  replaced?: DeployedResource
}

/**
 * Creates a resource, changes it in place, replaces it, or leaves it alone when nothing that has
 * an effect is different.
 *
 * @throws NotImplemented naming the properties, for a change that is not simulated.
 */
export async function change(
  wanted: Change,
  before: DeployedResource | undefined,
  tools: Tools,
): Promise<Changed> {
  const type = resourceType(wanted.type)
  const properties = withEffect(type, wanted.properties)
  const create = async () => {
    tools.refuseTaken()
    const values = await tools.values(properties)
    return shown(wanted, properties, await type.create(tools.context(wanted.tags), values))
  }
  if (before === undefined) return { resource: await create() }

  const changed = differences(before.present.properties, properties)
  if (before.type !== wanted.type || changed.some((name) => isReplacing(type, name))) {
    return { resource: await create(), replaced: before }
  }
  let present = before.present
  if (changed.length > 0) {
    if (type.update === undefined) {
      throw new NotImplemented(`a change of ${changed.join(', ')} of ${wanted.type}`)
    }
    const values = await tools.values(properties)
    const answer = (await type.update(tools.context(), values, present)) ?? present
    present = { ...answer, properties }
  }
  const tags = tagChange(before.tags, wanted.tags)
  if (type.standIn === undefined && tags !== undefined) {
    await (type.retag ?? retag)(tools.context(), present, tags)
  }
  return { resource: shown(wanted, properties, present) }
}

/** Stand-ins keep what they are given, so that their attributes can follow it. */
function withEffect(type: ResourceType, properties: Properties): Properties {
  if (type.standIn !== undefined) return properties
  return Object.fromEntries(
    Object.entries(properties).filter(([name]) => type.effect.includes(name)),
  )
}

function shown(wanted: Change, properties: Properties, physical: Physical): DeployedResource {
  const { logicalId, type, tags, deletionPolicy } = wanted
  const present = { ...physical, properties }
  return { logicalId, type, physicalId: physical.ref, present, tags, deletionPolicy }
}

const isReplacing = ({ replacedBy = [] }: ResourceType, property: string): boolean =>
  replacedBy === 'anything' || replacedBy.includes(property)

function tagChange(
  before: Record<string, string>,
  after: Record<string, string>,
): TagChange | undefined {
  const added = Object.entries(after).filter(([key, value]) => before[key] !== value)
  const removed = Object.keys(before).filter((key) => !(key in after))
  if (added.length + removed.length === 0) return undefined
  return { added: Object.fromEntries(added), removed }
}

/** Tags change by each service's own tagging operations. */
async function retag(context: Context, present: Existing, change: TagChange): Promise<void> {
  const { added: tags, removed: keys } = change
  const changes = [
    ...(Object.keys(tags).length > 0 ? [{ tags }] : []),
    ...(keys.length > 0 ? [{ keys }] : []),
  ]
  for (const one of changes) {
    const { service, operation, input } = tagCall(arnOf(present), one)
    await context.call(service, operation, input)
  }
}

function arnOf({ arn, ref, attributes }: Existing): string {
  if (arn !== undefined) return arn
  return ref.startsWith('arn:') ? ref : String(attributes?.Arn ?? ref)
}
