import type { InvocationRequest } from '@aws-sdk/client-lambda'
import type { Context } from 'aws-lambda'
import type { Caller } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import type { AsynchronousQueue } from './asynchronous.ts'
import type { Invoker, Result } from './invoker.ts'
import { checkPermission } from './permissions.ts'

/** Bytes. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
const LARGEST = { RequestResponse: 6_291_456, Event: 1_048_576 }

/** `LogResult` shows the end of the log only. */
const TAIL_BYTES = 4_096

/** The operation Invoke, in its three kinds. */
export function invokeOperation(invoker: Invoker, queue: AsynchronousQueue) {
  const { store } = invoker
  return async (input: InvocationRequest, caller: Caller) => {
    onlyMembers('lambda:Invoke', input, [
      'FunctionName',
      'InvocationType',
      'LogType',
      'ClientContext',
      'Payload',
      'Qualifier',
    ])
    const fn = store.find(input.FunctionName, input.Qualifier)
    checkPermission(fn, caller)
    const type = input.InvocationType ?? 'RequestResponse'
    if (type === 'DryRun') return { StatusCode: 204 }
    const payload = readPayload(input.Payload, LARGEST[type])
    const requestId = store.aws.world.random.uuid('lambda/request')
    if (type === 'Event') {
      queue.accept(fn, payload, requestId)
      return { StatusCode: 202 }
    }
    const clientContext = readContext(input.ClientContext)
    const invocation = { payload, requestId, source: type, ...clientContext }
    return answer(await invoker.run(fn, invocation), input.LogType === 'Tail')
  }
}

function answer({ payload, failure, lines }: Result, tail: boolean) {
  return {
    StatusCode: 200,
    ExecutedVersion: '$LATEST',
    ...(failure === undefined ? {} : { FunctionError: 'Unhandled' }),
    ...(tail
      ? {
          LogResult: Buffer.from(`${lines.join('\n')}\n`)
            .subarray(-TAIL_BYTES)
            .toString('base64'),
        }
      : {}),
    Payload: new TextEncoder().encode(payload),
  }
}

/** @returns JSON. @throws AwsError as Lambda refuses a payload that is too large or no JSON. */
function readPayload(bytes: Uint8Array | undefined, largest: number): string {
  if (bytes === undefined || bytes.byteLength === 0) return '{}'
  if (bytes.byteLength > largest) {
    throw new AwsError(
      'RequestTooLargeException',
      `Request must be smaller than ${largest} bytes for the InvokeFunction operation`,
      { statusCode: 413, members: { Type: 'User' } },
    )
  }
  const text = new TextDecoder().decode(bytes)
  readJson(text, 'Could not parse request body into json')
  return text
}

function readContext(base64: string | undefined): { clientContext?: Context['clientContext'] } {
  if (base64 === undefined) return {}
  const text = Buffer.from(base64, 'base64').toString()
  const clientContext = readJson(text, 'Client context must be a valid Base64-encoded JSON object.')
  return { clientContext: clientContext as NonNullable<Context['clientContext']> }
}

function readJson(text: string, problem: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new AwsError(
      'InvalidRequestContentException',
      `${problem}: ${(error as Error).message}`,
      {
        members: { Type: 'User' },
      },
    )
  }
}
