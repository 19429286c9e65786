import type { Aws, SeenCall } from '../aws.ts'
import { madeBy } from './identity.ts'
import { AS_IT_IS, EC2, type Parameters, UNWRAPPED, WITHOUT_ANSWER } from './parameters.ts'

/** How the calls of one service are written. */
type Written = {
  /** `rds`: of `rds.amazonaws.com` and `aws.rds`. */
  source: string
  parameters: Parameters
  /** Errors with `Client.` or `Server.` before their code. */
  sides?: boolean
  more?: Record<string, unknown>
  /** What CloudTrail writes behind the name: the version of the API. */
  suffix?: string
  /** Which operations; all that change something when absent. */
  operations?: readonly string[]
}

/** What makes something in services of which nothing else is told. */
const MADE: Readonly<Record<string, Written>> = Object.fromEntries(
  [
    ['cloudwatch-logs', 'logs', 'CreateLogGroup'],
    ['dynamodb', 'dynamodb', 'CreateTable'],
    ['ecr', 'ecr', 'CreateRepository'],
    ['efs', 'elasticfilesystem', 'CreateFileSystem'],
    ['elastic-load-balancing-v2', 'elasticloadbalancing', 'CreateLoadBalancer CreateTargetGroup'],
    ['elasticache', 'elasticache', 'CreateReplicationGroup'],
    ['lambda', 'lambda', 'CreateFunction'],
    ['sns', 'sns', 'CreateTopic'],
    ['sqs', 'sqs', 'CreateQueue'],
  ].map(([service = '', source = '', names = '']) => [
    service,
    {
      source,
      parameters: service === 'elasticache' ? UNWRAPPED : AS_IT_IS,
      operations: names.split(' '),
      ...(service === 'lambda' && { suffix: '20150331' }),
    },
  ]),
)

/** By the SDK's name of the service. The calls of others are not recorded here. */
const SERVICES: Readonly<Record<string, Written>> = {
  ...MADE,
  // https://docs.aws.amazon.com/autoscaling/application/userguide/monitoring-eventbridge.html
  'application-auto-scaling': {
    source: 'autoscaling',
    parameters: WITHOUT_ANSWER,
    more: { additionalEventData: { service: 'application-autoscaling' } },
  },
  'auto-scaling': { source: 'autoscaling', parameters: WITHOUT_ANSWER },
  ec2: {
    source: 'ec2',
    parameters: EC2,
    sides: true,
    operations: [
      ...['RunInstances', 'StartInstances', 'StopInstances', 'TerminateInstances'],
      ...['CreateTags', 'DeleteTags', 'ModifyInstanceAttribute', 'ReplaceRoute'],
      ...['CreateVolume', 'CreateSnapshot'],
    ],
  },
  ecs: { source: 'ecs', parameters: AS_IT_IS },
  rds: { source: 'rds', parameters: UNWRAPPED },
}

const READS = /^(Describe|Get|List)/

/** How a call is written, if it is one that changes something. */
export function writtenAs({ service, operation }: SeenCall): Written | undefined {
  const written = SERVICES[service]
  if (written === undefined || READS.test(operation)) return undefined
  return (written.operations?.includes(operation) ?? true) ? written : undefined
}

/**
 * What CloudTrail writes of a call.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function recordOf(aws: Aws, seen: SeenCall, written: Written): Record<string, unknown> {
  const { operation, input, output, error, caller } = seen
  const { parameters, source, sides, suffix = '', more = {} } = written
  const isRefused = error !== undefined && /^AccessDenied/.test(error.name)
  const side = error !== undefined && error.statusCode >= 500 ? 'Server' : 'Client'
  return {
    eventVersion: '1.11',
    ...madeBy(aws, caller),
    eventTime: aws.world.date.toISOString().replace(/\.\d+Z$/, 'Z'),
    eventSource: `${source}.amazonaws.com`,
    eventName: `${operation}${suffix}`,
    awsRegion: aws.region,
    ...(error === undefined
      ? {}
      : { errorCode: sides ? `${side}.${error.name}` : error.name, errorMessage: error.message }),
    requestParameters: isRefused ? null : parameters.request(input, operation),
    responseElements:
      error === undefined
        ? parameters.answer((output ?? {}) as Record<string, unknown>, operation)
        : null,
    ...more,
    requestID: aws.world.random.uuid('cloudtrail/request'),
    eventID: aws.world.random.uuid('cloudtrail/event'),
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: aws.account,
    eventCategory: 'Management',
  }
}
