import { capitalized } from '../names.ts'
import { operationSchema } from '../schema.ts'

/** How a task goes on after its call (connect-to-resource.html). */
type Pattern = 'request' | 'sync' | 'sync:2' | 'waitForTaskToken'

/** What a Task state's Resource names. */
export type TaskResource =
  | { kind: 'function'; arn: string }
  | {
      kind: 'optimized' | 'aws-sdk'
      /** The service as the local AWS calls it, and the operation as the SDK does. */
      service: string
      operation: string
      /** As history events show them: `aws-sdk:ecs`, `describeServices.waitForTaskToken`. */
      resourceType: string
      resource: string
      pattern: Pattern
    }

/** Optimized integrations: Resource's service and action -> what is called, and in which patterns. */
const OPTIMIZED: Record<string, { service: string; actions: Record<string, Pattern[]> }> = {
  lambda: { service: 'lambda', actions: { invoke: ['request', 'waitForTaskToken'] } },
  dynamodb: {
    service: 'dynamodb',
    actions: {
      getItem: ['request'],
      putItem: ['request'],
      updateItem: ['request'],
      deleteItem: ['request'],
    },
  },
  events: { service: 'eventbridge', actions: { putEvents: ['request', 'waitForTaskToken'] } },
  sqs: { service: 'sqs', actions: { sendMessage: ['request', 'waitForTaskToken'] } },
  sns: { service: 'sns', actions: { publish: ['request', 'waitForTaskToken'] } },
  states: {
    service: 'sfn',
    actions: { startExecution: ['request', 'sync', 'sync:2', 'waitForTaskToken'] },
  },
  ecs: { service: 'ecs', actions: { runTask: ['request', 'sync', 'waitForTaskToken'] } },
}

/** Services whose name in an `aws-sdk:` Resource is not that of their SDK package. */
const SDK_PACKAGES: Record<string, string> = {
  applicationautoscaling: 'application-auto-scaling',
  autoscaling: 'auto-scaling',
  cloudwatchlogs: 'cloudwatch-logs',
  dynamodbstreams: 'dynamodb-streams',
  elasticloadbalancingv2: 'elastic-load-balancing-v2',
  resourcegroupstaggingapi: 'resource-groups-tagging-api',
  secretsmanager: 'secrets-manager',
}

const FUNCTION = /^arn:[^:]+:lambda:[^:]+:\d{12}:function:[^:]+(:[^:]+)?$/
const OPTIMIZED_RESOURCE =
  /^arn:[^:]+:states:::([a-z0-9]+):([a-zA-Z0-9]+)(?:\.(sync|sync:2|waitForTaskToken))?$/
const SDK_RESOURCE =
  /^arn:[^:]+:states:::aws-sdk:([a-z0-9]+):([a-z][a-zA-Z0-9]*)(?:\.(waitForTaskToken))?$/

/** Reads a Resource, or gives undefined for what AWS or the local AWS does not know. */
export function taskResource(text: string): TaskResource | undefined {
  if (FUNCTION.test(text)) return { kind: 'function', arn: text }
  return sdkResource(text) ?? optimizedResource(text)
}

function optimizedResource(text: string): TaskResource | undefined {
  const [, name, action, suffix] = OPTIMIZED_RESOURCE.exec(text) ?? []
  if (name === undefined || action === undefined) return undefined
  const pattern = (suffix ?? 'request') as Pattern
  const integration = OPTIMIZED[name]
  if (!integration?.actions[action]?.includes(pattern)) return undefined
  return {
    kind: 'optimized',
    service: integration.service,
    operation: capitalized(action),
    resourceType: name,
    resource: suffix === undefined ? action : `${action}.${suffix}`,
    pattern,
  }
}

function sdkResource(text: string): TaskResource | undefined {
  const [, name, action, suffix] = SDK_RESOURCE.exec(text) ?? []
  if (name === undefined || action === undefined) return undefined
  const service = SDK_PACKAGES[name] ?? name
  const operation = capitalized(action)
  if (operationSchema(service, operation) === undefined) return undefined
  return {
    kind: 'aws-sdk',
    service,
    operation,
    resourceType: `aws-sdk:${name}`,
    resource: suffix === undefined ? action : `${action}.${suffix}`,
    pattern: (suffix ?? 'request') as Pattern,
  }
}
