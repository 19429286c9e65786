import { JsonCodec2 } from '@smithy/core/protocols'
import type { NormalizedSchema } from '@smithy/core/schema'
import { NotImplemented } from '../../aws/errors.ts'
import type { Protocol, Refusal } from '../message.ts'
import { bytes, text } from '../message.ts'
import type { ServiceModel } from '../models.ts'

/** Kinds of static schemas (@smithy/types): seconds since the epoch, and a value without a model. */
const EPOCH_SECONDS = 7
export const DOCUMENT = 15

const timestampFormat = { useTrait: true, default: EPOCH_SECONDS } as const

/** The JSON of the RPC protocols: members by their names. */
const codec = new JsonCodec2({ timestampFormat, jsonName: false })

/** awsJson 1.0 and 1.1: the operation in `X-Amz-Target`, the rest in the body. */
export function jsonProtocol(version: '1.0' | '1.1', queryMode: boolean): Protocol {
  const contentType = `application/x-amz-json-${version}`
  return {
    read: ({ body }, { operation }) => readJson(operation.input, body),
    write: (output, { operation }, requestId) => ({
      statusCode: 200,
      headers: { 'content-type': contentType, 'x-amzn-requestid': requestId },
      body: writeJson(operation.output, output),
    }),
    refuse: (refusal, service, requestId) => ({
      statusCode: refusal.statusCode,
      headers: {
        'content-type': contentType,
        'x-amzn-requestid': requestId,
        ...(queryMode ? queryError(refusal) : {}),
      },
      body: writeJson(DOCUMENT, errorBody(refusal, service)),
    }),
  }
}

/** The code the query protocol had, for clients that were written for it. */
export function queryError({ queryCode, fault }: Refusal): Record<string, string> {
  return { 'x-amzn-query-error': `${queryCode};${fault === 'client' ? 'Sender' : 'Receiver'}` }
}

/** `__type`, the error's own members, and the message under the name the model gives it. */
export function errorBody(refusal: Refusal, service: ServiceModel | undefined): object {
  const modelled = service?.error(refusal.code)?.getMemberSchemas() ?? {}
  const name = 'Message' in modelled ? 'Message' : 'message'
  return { __type: refusal.id, ...refusal.members, [name]: refusal.message }
}

function readJson(schema: NormalizedSchema, body: Uint8Array): Promise<Record<string, unknown>> {
  return codec.createDeserializer().read(schema, withoutPrototype(text(body)))
}

/**
 * The SDK's reader would make a member of this name the prototype of what has it.
 *
 * @throws NotImplemented for such a member; SyntaxError for what is no JSON.
 */
export function withoutPrototype(json: string): string {
  // Also as `\\u005f_proto__`. Most requests have neither.
  if (!/__proto__|\\u/.test(json)) return json
  JSON.parse(json, (key, value: unknown) => {
    if (key === '__proto__') throw new NotImplemented('a member or key called __proto__')
    return value
  })
  return json
}

export function writeJson(schema: NormalizedSchema | number, value: object): Uint8Array {
  const serializer = codec.createSerializer()
  serializer.write(schema as NormalizedSchema, value)
  // An operation without output has no structure to write.
  return serializer.flush() ?? bytes('{}')
}
