import type { Aws } from '../aws.ts'
import { NotImplemented } from '../errors.ts'
import { namespaceOf } from '../namespaces.ts'
import { type ActionFacts, actionFacts } from './facts.ts'
import * as compute from './resources/compute.ts'
import * as control from './resources/control.ts'
import * as data from './resources/data.ts'
import type { Input, Named, Namer } from './resources/naming.ts'

/** One question to IAM: an action, on one resource, with the part of the request it is about. */
export type Check = {
  /** `ecs:UpdateService` */
  action: string
  facts: ActionFacts
  resource: string
  /** The whole request, or the entry of it that is checked by itself. */
  input: Input
  /** Condition keys of this check alone, by their name in lower case. */
  keys: Readonly<Record<string, readonly string[]>>
}

export type Call = { aws: Aws; service: string; operation: string; input: Input }

/** By the SDK's service: what its calls name. */
const NAMERS: Readonly<Record<string, Namer>> = {
  'application-auto-scaling': control.applicationAutoScaling,
  'auto-scaling': control.autoscaling,
  budgets: control.budgets,
  cloudformation: control.cloudformation,
  cloudtrail: control.cloudtrail,
  cloudwatch: control.cloudwatch,
  'cloudwatch-logs': data.logs,
  'cost-explorer': control.tag,
  dynamodb: data.dynamodb,
  'dynamodb-streams': data.dynamodb,
  ec2: compute.ec2,
  ecr: compute.ecr,
  ecs: compute.ecs,
  efs: data.elasticfilesystem,
  elasticache: data.elasticache,
  'elastic-load-balancing-v2': control.elasticloadbalancing,
  eventbridge: control.events,
  iam: control.iam,
  lambda: compute.lambda,
  rds: data.rds,
  'resource-groups-tagging-api': control.tag,
  s3: data.s3,
  scheduler: control.scheduler,
  'secrets-manager': data.secretsmanager,
  servicediscovery: control.servicediscovery,
  sfn: compute.states,
  sns: data.sns,
  sqs: data.sqs,
  ssm: data.ssm,
  sts: control.sts,
}

/** Operations that IAM knows by another name. */
const ACTIONS: Readonly<Record<string, string>> = {
  'budgets:CreateBudget': 'ModifyBudget',
  'budgets:DeleteBudget': 'ModifyBudget',
  'budgets:DescribeBudgets': 'ViewBudget',
  'budgets:DescribeNotificationsForBudget': 'ViewBudget',
  'budgets:UpdateBudget': 'ModifyBudget',
  'lambda:Invoke': 'InvokeFunction',
  's3:DeleteBucketEncryption': 'PutEncryptionConfiguration',
  's3:DeleteBucketLifecycle': 'PutLifecycleConfiguration',
  's3:DeleteBucketTagging': 'PutBucketTagging',
  's3:DeletePublicAccessBlock': 'PutBucketPublicAccessBlock',
  's3:GetBucketEncryption': 'GetEncryptionConfiguration',
  's3:GetBucketLifecycleConfiguration': 'GetLifecycleConfiguration',
  's3:GetPublicAccessBlock': 'GetBucketPublicAccessBlock',
  's3:HeadBucket': 'ListBucket',
  's3:ListBuckets': 'ListAllMyBuckets',
  's3:PutBucketEncryption': 'PutEncryptionConfiguration',
  's3:PutBucketLifecycleConfiguration': 'PutLifecycleConfiguration',
  's3:PutPublicAccessBlock': 'PutBucketPublicAccessBlock',
  'sqs:SendMessageBatch': 'SendMessage',
  'sqs:DeleteMessageBatch': 'DeleteMessage',
  'sqs:ChangeMessageVisibilityBatch': 'ChangeMessageVisibility',
  'sns:PublishBatch': 'Publish',
}

/**
 * Answers for a task token are checked on the machine that waits, although the reference lists no
 * resource: https://github.com/NOAA-OWP/hydrovis/issues/837 shows AWS's denial, and
 * https://github.com/aws/aws-cdk/pull/8486 that a grant on the machine is enough.
 */
const UNLISTED_TYPES: Readonly<Record<string, readonly string[]>> = {
  'states:SendTaskSuccess': ['statemachine'],
  'states:SendTaskFailure': ['statemachine'],
  'states:SendTaskHeartbeat': ['statemachine'],
}

/**
 * Types that the reference marks as required although one resource stands for another: reading an
 * index is checked on the index alone, and an ARN is that of a standard or of an express execution.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/iam-policy-specific-table-indexes.html
 */
const STANDS_FOR: Readonly<Record<string, readonly string[]>> = {
  'dynamodb:table': ['index', 'stream'],
  'dynamodb:stream': ['table'],
  'states:express': ['execution'],
  'states:maprun': ['statemachine'],
}

/**
 * The actions and resources a call is about. An action that names several resources is checked on
 * each, and on every type that the reference marks as required; one that can name none, or does
 * not, on `*`.
 *
 * @throws NotImplemented for a service or operation whose actions are not known here, and for a
 *   required type that the call's input is not read for here.
 */
export function checksOf(call: Call): Check[] {
  const { service, operation, input } = call
  const { prefix } = serviceOf(service)
  const action = actionOf(prefix, operation)
  if (prefix === 'dynamodb' && operation.startsWith('Transact')) return transactChecks(call)
  if (prefix === 'events' && operation === 'PutEvents') {
    return (input.Entries as Input[]).flatMap((entry) => checks({ ...call, input: entry }, action))
  }
  return checks(call, action)
}

/** The checks of one action with what `input` names. */
export function checks(call: Call, action: string, keys: Check['keys'] = {}): Check[] {
  const { prefix, named } = serviceOf(call.service)
  const { facts, name, types } = known(prefix, action)
  const found = types.length > 0 ? named(call.input, call.aws, call.operation) : {}
  refuseUnnamed(prefix, name, facts.requiredTypes, found)
  return resourcesOf(types, found).map((resource) => ({
    action: name,
    facts,
    resource,
    input: call.input,
    keys,
  }))
}

/** IAM's own name of an operation. */
const actionOf = (prefix: string, operation: string): string => {
  const names = renamed.get(prefix) ?? new Map<string, string>()
  renamed.set(prefix, names)
  let action = names.get(operation)
  if (action === undefined) {
    action = ACTIONS[`${prefix}:${operation}`] ?? operation
    names.set(operation, action)
  }
  return action
}

const renamed = new Map<string, Map<string, string>>()

type Action = { facts: ActionFacts; name: string; types: readonly string[] }

const actions = new Map<string, Map<string, Action>>()

/** @throws NotImplemented for an action IAM's reference does not have. */
function known(prefix: string, action: string): Action {
  const ofService = actions.get(prefix) ?? new Map<string, Action>()
  actions.set(prefix, ofService)
  let found = ofService.get(action)
  if (found === undefined) {
    const facts = actionFacts(prefix, action)
    if (facts === undefined) throw new NotImplemented(`the IAM action of ${prefix}:${action}`)
    const name = `${prefix}:${facts.name}`
    found = { facts, name, types: UNLISTED_TYPES[name] ?? facts.resourceTypes }
    ofService.set(action, found)
  }
  return found
}

function resourcesOf(types: readonly string[], named: Named): readonly string[] {
  // An ARN that is given as it is says most; `cluster`, for one, has a default.
  const given = types.length > 0 ? (named.any ?? []) : []
  const resources = given.length > 0 ? given : types.flatMap((type) => named[type] ?? [])
  if (resources.length === 0) return ANY
  return resources.length === 1 ? resources : [...new Set(resources)]
}

const ANY = ['*']

/** A required type that nothing is read for would be let through unchecked. */
function refuseUnnamed(
  prefix: string,
  action: string,
  required: readonly string[],
  named: Named,
): void {
  if (required.length < 2 || (named.any ?? []).length > 0) return
  const isNamed = (type: string) => (named[type] ?? []).length > 0
  if (!required.some(isNamed)) return
  const unnamed = required.find(
    (type) => !isNamed(type) && !(STANDS_FOR[`${prefix}:${type}`] ?? []).some(isNamed),
  )
  if (unnamed !== undefined) throw new NotImplemented(`the ${unnamed} that ${action} is about`)
}

/** A transaction is checked as the operations it is made of. */
function transactChecks(call: Call): Check[] {
  return (call.input.TransactItems as Record<string, Input>[]).flatMap((item) =>
    Object.entries(item).flatMap(([kind, input]) =>
      checks({ ...call, input }, kind === 'ConditionCheck' ? 'ConditionCheckItem' : `${kind}Item`),
    ),
  )
}

function serviceOf(service: string): { prefix: string; named: Namer } {
  const [prefix, named] = [namespaceOf(service), NAMERS[service]]
  if (prefix === undefined || named === undefined) {
    throw new NotImplemented(`IAM checks of ${service}`)
  }
  return { prefix, named }
}
