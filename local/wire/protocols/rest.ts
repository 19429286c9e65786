import type { NormalizedSchema } from '@smithy/core/schema'
import type { Protocol, WireRequest } from '../message.ts'
import { bytes } from '../message.ts'
import { labelsOf } from '../path.ts'
import { DOCUMENT, errorBody, writeJson } from './json.ts'
import {
  fromHeaders,
  fromLabel,
  fromPayload,
  fromQuery,
  type Place,
  placeOf,
  readRestJson,
  toHeaders,
  writeRestJson,
} from './rest-members.ts'

/**
 * restJson1: the operation is a method and a path; members are spread over path, query, headers
 * and body. https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
 */
export const restJsonProtocol: Protocol = {
  async read(request, { operation: { input, http } }) {
    const labels = labelsOf(http?.[1] ?? '', request.path) ?? {}
    const body = await bodyOf(request, input)
    const result: Record<string, unknown> = {}
    for (const [name, member] of input.structIterator()) {
      const value = await READ[placeOf(member)](member, { name, request, labels, body })
      if (value !== undefined) result[name] = value
    }
    return result
  },

  write(output, { operation }, requestId) {
    const values = output as Record<string, unknown>
    const given = [...operation.output.structIterator()]
      .map(([name, member]) => ({ name, member, place: placeOf(member), value: values[name] }))
      .filter(({ place, value }) => place === 'body' || (value !== undefined && value !== null))
    const at = (...places: Place[]) => given.filter(({ place }) => places.includes(place))
    const [status] = at('status')
    return {
      statusCode: status === undefined ? (operation.http?.[2] ?? 200) : Number(status.value),
      headers: Object.assign(
        { 'content-type': 'application/json', 'x-amzn-requestid': requestId },
        ...at('header', 'prefixHeaders').map(({ member, value }) => toHeaders(member, value)),
      ),
      body: content(operation.output, at('payload')[0], at('body')),
    }
  },

  refuse: (refusal, service, requestId) => ({
    statusCode: refusal.statusCode,
    headers: {
      'content-type': 'application/json',
      'x-amzn-requestid': requestId,
      'x-amzn-errortype': refusal.code,
    },
    body: writeJson(DOCUMENT, errorBody(refusal, service)),
  }),
}

type Asked = {
  name: string
  request: WireRequest
  labels: Record<string, string>
  body: Record<string, unknown>
}

const READ: Record<Place, (member: NormalizedSchema, asked: Asked) => unknown> = {
  label: (member, { name, labels }) => fromLabel(member, labels[name]),
  query: (member, { request }) => fromQuery(member, request),
  header: (member, { request }) => fromHeaders(member, request),
  prefixHeaders: (member, { request }) => fromHeaders(member, request),
  payload: (member, { request }) => fromPayload(member, request.body),
  status: () => undefined,
  body: (_, { name, body }) => body[name],
}

/** The members the body holds; none when one member is the whole body. */
async function bodyOf({ body }: WireRequest, input: NormalizedSchema) {
  const places = [...input.structIterator()].map(([, member]) => placeOf(member))
  return places.includes('payload') || body.length === 0 ? {} : readRestJson(input, body)
}

type Given = { name: string; member: NormalizedSchema; value: unknown }

function content(schema: NormalizedSchema, payload: Given | undefined, members: Given[]) {
  if (payload === undefined) {
    const values = Object.fromEntries(members.map(({ name, value }) => [name, value]))
    return members.length === 0 ? new Uint8Array() : writeRestJson(schema, values)
  }
  const { member, value } = payload
  // A copy: the client makes the bytes its own.
  if (value instanceof Uint8Array) return new Uint8Array(value)
  return typeof value === 'string' ? bytes(value) : writeRestJson(member, value as object)
}
