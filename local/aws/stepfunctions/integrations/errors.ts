import type { AwsError } from '../../errors.ts'
import { NotImplemented } from '../../errors.ts'
import { javaName } from '../../names.ts'
import { errorSchemas } from '../../schema.ts'
import { StatesError } from '../failure.ts'
import type { TaskResource } from '../resource.ts'

type Integration = Extract<TaskResource, { service: string }>

/** Services as the AWS SDK for Java 2 calls them: the prefix of `aws-sdk:` errors. */
const JAVA_SERVICES: Record<string, string> = {
  'application-auto-scaling': 'ApplicationAutoScaling',
  'auto-scaling': 'AutoScaling',
  cloudwatch: 'CloudWatch',
  'cloudwatch-logs': 'CloudWatchLogs',
  dynamodb: 'DynamoDb',
  'dynamodb-streams': 'DynamoDbStreams',
  'elastic-load-balancing-v2': 'ElasticLoadBalancingV2',
  eventbridge: 'EventBridge',
  'resource-groups-tagging-api': 'ResourceGroupsTaggingApi',
  'secrets-manager': 'SecretsManager',
  servicediscovery: 'ServiceDiscovery',
}

/** Optimized integrations use the AWS SDK for Java 1: other prefixes, other base classes. */
const OPTIMIZED_NAMES: Record<string, { prefix: string; base: string; service: string }> = {
  lambda: { prefix: 'Lambda', base: 'AWSLambdaException', service: 'AWSLambda' },
  dynamodb: { prefix: 'DynamoDB', base: 'AmazonDynamoDBException', service: 'AmazonDynamoDBv2' },
  events: {
    prefix: 'EventBridge',
    base: 'AmazonEventBridgeException',
    service: 'AmazonEventBridge',
  },
  sqs: { prefix: 'SQS', base: 'AmazonSQSException', service: 'AmazonSQS' },
  sns: { prefix: 'SNS', base: 'AmazonSNSException', service: 'AmazonSNS' },
  states: {
    prefix: 'StepFunctions',
    base: 'AWSStepFunctionsException',
    service: 'AWSStepFunctions',
  },
  ecs: { prefix: 'ECS', base: 'AmazonECSException', service: 'AmazonECS' },
}

/** A call's error as Step Functions names it: `Ecs.ClientException`, `DynamoDB.…Exception`. */
export function serviceFailure(
  resource: Integration,
  error: AwsError,
  requestId: string,
): StatesError {
  // Never to be mistaken for something AWS would answer, nor caught by States.ALL.
  if (error instanceof NotImplemented) return new StatesError('States.Runtime', error.message)
  return resource.kind === 'aws-sdk'
    ? sdkFailure(resource, error, requestId)
    : optimizedFailure(resource, error, requestId)
}

function sdkFailure(resource: Integration, error: AwsError, requestId: string): StatesError {
  const service = JAVA_SERVICES[resource.service] ?? javaName(resource.service)
  const name = modelled(resource, error)
    ? exceptionName(javaName(error.name))
    : `${service}Exception`
  const about = `Service: ${service}, Status Code: ${error.statusCode}, Request ID: ${requestId}`
  return new StatesError(`${service}.${name}`, `${error.message} (${about}) (SDK Attempt Count: 1)`)
}

function optimizedFailure(resource: Integration, error: AwsError, requestId: string): StatesError {
  const { prefix, base, service } = OPTIMIZED_NAMES[resource.resourceType] ?? {
    prefix: resource.resourceType,
    base: 'SdkClientException',
    service: resource.resourceType,
  }
  const name = modelled(resource, error) ? exceptionName(error.name) : base
  const about = `Service: ${service}; Status Code: ${error.statusCode}; Error Code: ${codeOf(resource, error)}; Request ID: ${requestId}; Proxy: null`
  return new StatesError(`${prefix}.${name}`, `${error.message} (${about})`)
}

/** The code of services that speak the query protocol is another than the error's name: `NotFound`. */
function codeOf({ service }: Integration, error: AwsError): string {
  const traits = errorSchemas(service).get(error.name)?.getMergedTraits() as QueryTraits | undefined
  return traits?.awsQueryError?.[0] ?? error.name
}

type QueryTraits = { awsQueryError?: [code: string, status: number] }

function modelled(resource: Integration, error: AwsError): boolean {
  return errorSchemas(resource.service).has(error.name)
}

/** Java's exception classes end in Exception, whatever the model calls the error. */
function exceptionName(name: string): string {
  const stem = name.replace(/Fault$/, '')
  return stem.endsWith('Exception') ? stem : `${stem}Exception`
}
