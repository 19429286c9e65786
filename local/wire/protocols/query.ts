import { XmlShapeSerializer } from '@aws-sdk/core/protocols'
import { NormalizedSchema } from '@smithy/core/schema'
import type { Protocol, WireRequest, WireResponse } from '../message.ts'
import { bytes, text } from '../message.ts'
import type { ServiceModel } from '../models.ts'
import { readForm } from './query-input.ts'

/** awsQuery: a form in, XML out. */
export const queryProtocol: Protocol = {
  read: async (request, { operation }) => readForm(formOf(request), operation.input),
  write(output, { service, operation }, requestId) {
    const { name } = operation
    const result = operation.output.isUnitSchema()
      ? {}
      : { [`${name}Result`]: operation.output.getSchema() }
    const envelope = structure(`${name}Response`, { ...result, ResponseMetadata: METADATA })
    const value = { [`${name}Result`]: output, ResponseMetadata: { RequestId: requestId } }
    return xml(200, envelope, value, service, requestId)
  },
  refuse(refusal, service, requestId) {
    const { code, message, queryCode, fault, members, statusCode } = refusal
    const own = service?.error(code)?.getMemberSchemas() ?? {}
    const error = structure('Error', { Type: STRING, Code: STRING, Message: STRING, ...own })
    const envelope = structure('ErrorResponse', { Error: error, RequestId: STRING })
    const Type = fault === 'client' ? 'Sender' : 'Receiver'
    const value = {
      Error: { ...members, Type, Code: queryCode, Message: message },
      RequestId: requestId,
    }
    return xml(statusCode, envelope, value, service, requestId)
  },
}

/** The parameters of a query request: in the body of a POST, in the address of a GET. */
export function formOf({ body, query }: WireRequest): URLSearchParams {
  const form = new URLSearchParams(text(body))
  for (const [name, values] of Object.entries(query)) {
    for (const value of values) form.append(name, value)
  }
  return form
}

/** Kinds of static schemas (@smithy/types). */
const STRUCTURE = 3
const STRING = 0
const DATE_TIME = 5

const METADATA = structure('ResponseMetadata', { RequestId: STRING })

/** What AWS wraps around an answer is itself a structure, so the SDK's serialiser writes it too. */
function structure(name: string, members: Record<string, unknown>): unknown[] {
  return [STRUCTURE, 'envelope', name, 0, Object.keys(members), Object.values(members)]
}

function xml(
  statusCode: number,
  envelope: unknown[],
  value: object,
  service: ServiceModel | undefined,
  requestId: string,
): WireResponse {
  const serializer = new XmlShapeSerializer({
    xmlNamespace: service?.xmlNamespace ?? '',
    serviceNamespace: '',
    timestampFormat: { useTrait: true, default: DATE_TIME },
  })
  serializer.write(NormalizedSchema.of(envelope as never), value)
  return {
    statusCode,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body: bytes(String(serializer.flush())),
  }
}
