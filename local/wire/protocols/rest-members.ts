import {
  FromStringShapeDeserializer,
  JsonCodec2,
  ToStringShapeSerializer,
} from '@smithy/core/protocols'
import type { NormalizedSchema } from '@smithy/core/schema'
import type { WireRequest } from '../message.ts'
import { text } from '../message.ts'
import { withoutPrototype } from './json.ts'

/** Kind of static schema (@smithy/types): seconds since the epoch. */
const EPOCH_SECONDS = 7
const settings = {
  timestampFormat: { useTrait: true, default: EPOCH_SECONDS },
  httpBindings: true,
  jsonName: true,
} as const

/** The JSON of the REST protocol, where a member's `jsonName` counts. */
const codec = new JsonCodec2(settings)
const reader = new FromStringShapeDeserializer(settings)
const writer = new ToStringShapeSerializer(settings)

/** Where a member of an input or output travels. */
export type Place = 'label' | 'query' | 'header' | 'prefixHeaders' | 'payload' | 'status' | 'body'

export function placeOf(member: NormalizedSchema): Place {
  const traits = member.getMergedTraits()
  if (traits.httpLabel) return 'label'
  if (traits.httpQuery ?? traits.httpQueryParams) return 'query'
  if (traits.httpHeader) return 'header'
  if (typeof traits.httpPrefixHeaders === 'string') return 'prefixHeaders'
  if (traits.httpPayload) return 'payload'
  return traits.httpResponseCode ? 'status' : 'body'
}

/** The value of a query parameter; `httpQueryParams` is the map of all of them. */
export function fromQuery(member: NormalizedSchema, { query }: WireRequest): unknown {
  const { httpQuery } = member.getMergedTraits()
  if (httpQuery === undefined) {
    return Object.fromEntries(Object.entries(query).map(([name, [first = '']]) => [name, first]))
  }
  const values = query[httpQuery]
  if (values === undefined) return undefined
  return member.isListSchema()
    ? values.map((value) => reader.read(member.getValueSchema(), value))
    : reader.read(member, values[0] ?? '')
}

export function fromHeaders(member: NormalizedSchema, { headers }: WireRequest): unknown {
  const { httpHeader, httpPrefixHeaders } = member.getMergedTraits()
  if (httpHeader !== undefined) {
    const value = headers[httpHeader.toLowerCase()]
    return value === undefined ? undefined : reader.read(member, value)
  }
  const prefix = httpPrefixHeaders?.toLowerCase() ?? ''
  const found = Object.entries(headers).filter(([name]) => name.startsWith(prefix))
  return Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), value]))
}

export function fromLabel(member: NormalizedSchema, label: string | undefined): unknown {
  return label === undefined ? undefined : reader.read(member, label)
}

/** The member that is the whole body: bytes, text or a structure. */
export async function fromPayload(member: NormalizedSchema, body: Uint8Array): Promise<unknown> {
  if (body.length === 0) return undefined
  if (member.isBlobSchema()) return body
  return member.isStringSchema() ? text(body) : readRestJson(member, body)
}

/** The headers of a member: one, or one for every entry of a map. */
export function toHeaders(member: NormalizedSchema, value: unknown): Record<string, string> {
  const { httpHeader, httpPrefixHeaders } = member.getMergedTraits()
  if (httpHeader === undefined) {
    const entries = Object.entries(value as Record<string, string>)
    return Object.fromEntries(entries.map(([name, one]) => [`${httpPrefixHeaders}${name}`, one]))
  }
  writer.write(member, value)
  return { [httpHeader.toLowerCase()]: writer.flush() }
}

export function readRestJson(
  schema: NormalizedSchema,
  body: Uint8Array,
): Promise<Record<string, unknown>> {
  return codec.createDeserializer().read(schema, withoutPrototype(text(body)))
}

export function writeRestJson(schema: NormalizedSchema, value: object): Uint8Array {
  const serializer = codec.createSerializer()
  serializer.write(schema, value)
  return serializer.flush()
}
