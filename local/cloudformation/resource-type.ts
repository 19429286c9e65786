import { isDeepStrictEqual } from 'node:util'
import type { Context } from './context.ts'

/** A resource's properties with every intrinsic function answered. */
export type Properties = Readonly<Record<string, unknown>>

/** What a resource is once it is there. */
export type Physical = {
  /** What `Ref` gives: the physical id. */
  ref: string
  /** Where neither `ref` nor the attribute `Arn` is the ARN that tags go by. */
  arn?: string
  /** What `Fn::GetAtt` gives, by name: `Arn`, `Endpoint.Address`. */
  attributes?: Record<string, unknown>
}

export type Existing = Physical & { properties: Properties }

export type TagChange = { added: Record<string, string>; removed: string[] }

/**
 * How CloudFormation handles one type of resource. Functions get only the properties that have an
 * effect, never `Tags`: `Context.call` adds those to whatever creates something.
 */
export type ResourceType = {
  /** Set when nothing of it is simulated but its id and attributes: why that is harmless. */
  standIn?: string
  /** Properties with an effect, if only that the service gives them back. */
  effect: readonly string[]
  /** Properties without any, and why that is harmless. */
  noEffect?: Readonly<Record<string, string>>
  /** Properties whose change makes a new resource in place of the old one. */
  replacedBy?: readonly string[] | 'anything'
  create(context: Context, properties: Properties): Promise<Physical> | Physical
  /** Absent where a change in place is not simulated. */
  update?(
    context: Context,
    properties: Properties,
    present: Existing,
  ): Promise<Physical> | Promise<void> | Physical
  /** Where the tagging API does not reach. */
  retag?(context: Context, present: Existing, change: TagChange): Promise<void>
  /** Absent where it is not simulated. */
  delete?(context: Context, present: Existing): unknown
}

/** EFS alone calls them otherwise. */
const TAG_PROPERTIES: readonly string[] = ['Tags', 'AccessPointTags', 'FileSystemTags']

/** Whether a property holds a resource's tags. */
export const isTags = (property: string): boolean => TAG_PROPERTIES.includes(property)

export type TypeTable = Readonly<Record<string, ResourceType>>

/** A type of which only the id and the attributes are there. */
export function standIn(
  why: string,
  ref: (context: Context, properties: Properties) => string,
  attributes: (own: {
    ref: string
    context: Context
    properties: Properties
  }) => object = () => ({}),
): ResourceType {
  const shape = (context: Context, properties: Properties, id: string): Physical => ({
    ref: id,
    attributes: { ...attributes({ ref: id, context, properties }) },
  })
  return {
    standIn: why,
    effect: [],
    create: (context, properties) => shape(context, properties, ref(context, properties)),
    update: (context, properties, present) => shape(context, properties, present.ref),
    delete: () => {},
  }
}

/** Ids as EC2 gives them: `vpc-0a1b2c3d4e5f60718`. */
export const hexId =
  (prefix: string, digits = 17) =>
  (context: Context): string =>
    `${prefix}${context.hex(digits)}`

/** Another id of the same digits, for what AWS makes together with a resource. */
export const derived = (ref: string, prefix: string): string =>
  `${prefix}${ref.replace(/^.*-/, '')}`

/** The name a property gives, or one as CloudFormation makes it. */
export const nameFrom =
  (property: string, options: { most?: number; lower?: boolean } = {}) =>
  (context: Context, properties: Properties): string =>
    context.name(properties[property], options)

/** A document as the API wants it: JSON text. */
export const jsonText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value)

/** Attributes as SQS and SNS want them: text, whatever they are. */
export const textAttributes = (attributes: Properties): Record<string, string> =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, jsonText(value)]))

/** The members of a structure that are given. */
export const given = (members: Properties): Record<string, unknown> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))

/** The properties that are not the same. */
export function differences(before: Properties, after: Properties): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].filter((name) => !isDeepStrictEqual(before[name], after[name]))
}
