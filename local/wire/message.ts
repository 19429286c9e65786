import type { OperationSchema } from '../aws/schema.ts'
import type { ServiceModel } from './models.ts'

/** An HTTP request as it reached the service; header names are lower case. */
export type WireRequest = {
  method: string
  /** Still percent-encoded, without the query. */
  path: string
  query: Record<string, string[]>
  headers: Record<string, string>
  body: Uint8Array
}

export type WireResponse = {
  statusCode: number
  headers: Record<string, string>
  /** Each is a header of its own; only functions set them. */
  cookies?: readonly string[]
  body: Uint8Array
}

/** Which operation of which service a request asks for. */
export type Target = { service: ServiceModel; operation: OperationSchema }

/** An error in the form every protocol can write. */
export type Refusal = {
  code: string
  message: string
  statusCode: number
  /** `com.amazonaws.sqs#QueueDoesNotExist`, for errors the service's model has. */
  id: string
  /** Members of the modelled error besides the message, and the schema they are written by. */
  members: Record<string, unknown>
  /** What the code is in the query protocol, where the model gives it another. */
  queryCode: string
  fault: 'client' | 'server'
}

/** One AWS protocol, seen from the service's side. */
export type Protocol = {
  /**
   * The input in the SDK's spelling (`Date`, `Uint8Array`).
   *
   * @throws for a body that is not of this protocol.
   */
  read(request: WireRequest, target: Target): Promise<Record<string, unknown>>
  write(output: object, target: Target, requestId: string): WireResponse
  refuse(refusal: Refusal, service: ServiceModel | undefined, requestId: string): WireResponse
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

export const bytes = (text: string): Uint8Array => encoder.encode(text)
export const text = (content: Uint8Array): string => decoder.decode(content)
