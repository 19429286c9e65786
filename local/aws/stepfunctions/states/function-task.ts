import type { InvokeCommandOutput } from '@aws-sdk/client-lambda'
import { AwsError } from '../../errors.ts'
import type { StatesError } from '../failure.ts'
import { failureOf, inputOf, outputOf } from '../history.ts'
import { serviceFailure } from '../integrations/errors.ts'
import { functionFailure } from '../integrations/optimized.ts'
import { fits, type Json, PAYLOAD_LIMIT } from '../language.ts'
import type { Visit } from '../visit.ts'
import { dispatch, tooLarge } from './dispatch.ts'
import { type Limits, race } from './race.ts'

const LAMBDA = {
  kind: 'optimized',
  service: 'lambda',
  operation: 'Invoke',
  resourceType: 'lambda',
  resource: 'invoke',
  pattern: 'request',
} as const

/** A Task whose Resource is a function itself: its result is what the function returned. */
export async function invokeFunction(
  visit: Visit,
  arn: string,
  input: Json,
  limits: Limits,
  roleArn: string,
): Promise<Json> {
  const { scope } = visit
  const explicit = roleArn !== scope.execution.machine.roleArn
  scope.record('LambdaFunctionScheduled', {
    lambdaFunctionScheduledEventDetails: {
      resource: arn,
      ...inputOf(input),
      ...(limits.timeout === undefined ? {} : { timeoutInSeconds: limits.timeout }),
      ...(explicit ? { taskCredentials: { roleArn } } : {}),
    },
  })
  const outcome = await race(visit, limits, async () => {
    await dispatch(visit)
    scope.record('LambdaFunctionStarted')
    return scope.wait(invoke(visit, arn, input, roleArn))
  })
  if ('failure' in outcome) {
    const { failure, timedOut } = outcome
    if (timedOut) {
      scope.record('LambdaFunctionTimedOut', {
        lambdaFunctionTimedOutEventDetails: failureOf(failure),
      })
      throw failure
    }
    throw failed(visit, failure)
  }
  if (!fits(outcome.output, PAYLOAD_LIMIT)) throw failed(visit, tooLarge(arn))
  scope.record('LambdaFunctionSucceeded', {
    lambdaFunctionSucceededEventDetails: outputOf(outcome.output),
  })
  return outcome.output
}

async function invoke(visit: Visit, arn: string, input: Json, roleArn: string): Promise<Json> {
  const { engine, machine, world, arn: run } = visit.scope.execution
  let answer: InvokeCommandOutput
  try {
    answer = await engine.aws.call<InvokeCommandOutput>(
      'lambda',
      'Invoke',
      { FunctionName: arn, Payload: new TextEncoder().encode(JSON.stringify(input)) },
      { kind: 'machine', name: machine.name, roleArn, run },
    )
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    throw serviceFailure(LAMBDA, error, world.random.uuid('stepfunctions/request'))
  }
  const text = new TextDecoder().decode(answer.Payload)
  if (answer.FunctionError !== undefined) throw functionFailure(text)
  return text === '' ? null : (JSON.parse(text) as Json)
}

function failed(visit: Visit, failure: StatesError): StatesError {
  if (failure.fatal) return failure
  visit.scope.record('LambdaFunctionFailed', {
    lambdaFunctionFailedEventDetails: failureOf(failure),
  })
  return failure
}
