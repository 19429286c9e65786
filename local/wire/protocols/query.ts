import { XmlShapeSerializer } from '@aws-sdk/core/protocols'
import { NormalizedSchema } from '@smithy/core/schema'
import type { OperationSchema } from '../../aws/schema.ts'
import type { Protocol, WireRequest, WireResponse } from '../message.ts'
import { bytes, text } from '../message.ts'
import type { ServiceModel } from '../models.ts'
import { readForm } from './query-input.ts'

/** awsQuery, and EC2's kind of it: a form in, XML out. */
export const queryProtocol: Protocol = {
  read: async (request, { service, operation }) =>
    readForm(formOf(request), operation.input, isEc2(service)),
  write(output, { service, operation }, requestId) {
    const envelope = (isEc2(service) ? ec2Answer : queryAnswer)(operation)
    const value = {
      ...output,
      [`${operation.name}Result`]: output,
      ResponseMetadata: { RequestId: requestId },
      requestId,
    }
    return xml(200, envelope, value, service, requestId)
  },
  refuse(refusal, service, requestId) {
    const { code, message, queryCode, fault, members, statusCode } = refusal
    const own = service?.error(code)?.getMemberSchemas() ?? {}
    // SQS has it in every error, empty.
    const detail = service?.id === 'sqs' ? { Detail: STRING } : {}
    const error = structure('Error', {
      Type: STRING,
      Code: STRING,
      Message: STRING,
      ...detail,
      ...own,
    })
    const Type = fault === 'client' ? 'Sender' : 'Receiver'
    const told = { Error: { ...members, Type, Code: queryCode, Message: message, Detail: '' } }
    const value = { ...told, Errors: told, RequestId: requestId, RequestID: requestId }
    return xml(
      statusCode,
      (isEc2(service) ? ec2Error : queryError)(error),
      value,
      service,
      requestId,
    )
  },
}

const isEc2 = (service: ServiceModel | undefined): boolean => service?.protocol === 'ec2Query'

/** Kinds of static schemas (@smithy/types). */
const STRUCTURE = 3
const STRING = 0
const DATE_TIME = 5

/** What AWS wraps around an answer is itself a structure, so the SDK's serialiser writes it too. */
type Structure = readonly unknown[]

function structure(name: string, members: Record<string, unknown>): Structure {
  return [STRUCTURE, 'envelope', name, 0, Object.keys(members), Object.values(members)]
}

const METADATA = structure('ResponseMetadata', { RequestId: STRING })

function queryAnswer({ name, output }: OperationSchema): Structure {
  const result = output.isUnitSchema() ? {} : { [`${name}Result`]: output.getSchema() }
  return structure(`${name}Response`, { ...result, ResponseMetadata: METADATA })
}

function ec2Answer({ name, output }: OperationSchema): Structure {
  const members = output.isUnitSchema() ? {} : output.getMemberSchemas()
  return structure(`${name}Response`, { ...members, requestId: STRING })
}

const queryError = (error: Structure): Structure =>
  structure('ErrorResponse', { Error: error, RequestId: STRING })

const ec2Error = (error: Structure): Structure =>
  structure('Response', { Errors: structure('Errors', { Error: error }), RequestID: STRING })

/** The parameters of a query request: in the body of a POST, in the address of a GET. */
export function formOf({ body, query }: WireRequest): URLSearchParams {
  const form = new URLSearchParams(text(body))
  for (const [name, values] of Object.entries(query)) {
    for (const value of values) form.append(name, value)
  }
  return form
}

function xml(
  statusCode: number,
  envelope: Structure,
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
