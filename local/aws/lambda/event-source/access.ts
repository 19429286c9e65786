import type { GetQueueAttributesResult } from '@aws-sdk/client-sqs'
import type { Aws } from '../../aws.ts'
import { AwsError } from '../../errors.ts'
import { queueUrlOf } from '../../sqs/queue-url.ts'
import { type LambdaFunction, lambdaFor } from '../model.ts'
import { invalid, isStream } from './mapping.ts'

/**
 * Lambda tries the source with the function's role before it takes a mapping.
 *
 * @throws AwsError InvalidParameterValueException saying what the role cannot do.
 */
export async function checkAccess(aws: Aws, fn: LambdaFunction, source: string): Promise<void> {
  const caller = lambdaFor(fn)
  const tryCall = <Output>(service: string, operation: string, input: object, problem: string) =>
    aws.call<Output>(service, operation, input, caller).catch((error: unknown): never => {
      if (!(error instanceof AwsError)) throw error
      throw invalid(problem)
    })
  if (isStream({ source })) {
    const problem = `Cannot access stream ${source}. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, and ListStreams Actions on your stream in DynamoDB.`
    await tryCall('dynamodb-streams', 'ListStreams', {}, problem)
    await tryCall('dynamodb-streams', 'DescribeStream', { StreamArn: source }, problem)
    return
  }
  const { Attributes } = await tryCall<GetQueueAttributesResult>(
    'sqs',
    'GetQueueAttributes',
    { QueueUrl: queueUrlOf(source), AttributeNames: ['VisibilityTimeout'] },
    'The provided execution role does not have permissions to call ReceiveMessage on SQS',
  )
  const visible = Number(Attributes?.VisibilityTimeout ?? 30)
  if (visible >= fn.settings.Timeout) return
  throw invalid(
    `Queue visibility timeout: ${visible} seconds is less than Function timeout: ${fn.settings.Timeout} seconds`,
  )
}
