import { CborCodec } from '@smithy/core/cbor'
import type { NormalizedSchema } from '@smithy/core/schema'
import type { Protocol, WireResponse } from '../message.ts'
import { DOCUMENT, errorBody, queryError } from './json.ts'

const codec = new CborCodec()

/** Smithy RPC v2 with CBOR: the operation in the path, the rest in the body. */
export function cborProtocol(queryMode: boolean): Protocol {
  return {
    read: async ({ body }, { operation }) =>
      body.length === 0 ? {} : codec.createDeserializer().read(operation.input, body),
    write: (output, { operation }, requestId) =>
      response(200, encode(operation.output, output), requestId),
    refuse: (refusal, service, requestId) => {
      const body = encode(DOCUMENT, errorBody(refusal, service))
      const further = queryMode ? queryError(refusal) : {}
      return response(refusal.statusCode, body, requestId, further)
    },
  }
}

function encode(schema: NormalizedSchema | number, value: object): Uint8Array {
  const serializer = codec.createSerializer()
  serializer.write(schema as NormalizedSchema, value)
  return serializer.flush()
}

function response(
  statusCode: number,
  body: Uint8Array,
  requestId: string,
  further: Record<string, string> = {},
): WireResponse {
  const headers = {
    'content-type': 'application/cbor',
    'smithy-protocol': 'rpc-v2-cbor',
    'x-amzn-requestid': requestId,
    ...further,
  }
  return { statusCode, headers, body }
}
