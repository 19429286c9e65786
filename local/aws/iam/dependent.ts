import type { Aws } from '../aws.ts'
import { Ecs } from '../ecs/ecs.ts'
import { type Call, type Check, checks } from './actions.ts'
import { actionFacts } from './facts.ts'
import { requestTags } from './keys.ts'
import { type Input, text, texts } from './resources/naming.ts'

/** What else a call needs: to hand on the roles it names, and to tag what it makes. */
export function dependentChecks(call: Call): Check[] {
  return [...passRoleChecks(call), ...tagChecks(call), ...alarmTagChecks(call)]
}

/** The roles a call hands on, and to which AWS service. */
type Passes = { to: string; roles: (input: Input, aws: Aws) => string[] }

const passes = (to: string, ...members: string[]): Passes => ({
  to,
  roles: (input) => texts(input, ...members),
})

const scheduleTarget: Passes = {
  to: 'scheduler.amazonaws.com',
  roles: ({ Target }) => texts((Target ?? {}) as Input, 'RoleArn'),
}

/**
 * Operations that need `iam:PassRole`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 */
const PASS_ROLE: Readonly<Record<string, Passes>> = {
  'ecs:RegisterTaskDefinition': passes(
    'ecs-tasks.amazonaws.com',
    'taskRoleArn',
    'executionRoleArn',
  ),
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/CWE_IAM_role.html
  'ecs:RunTask': {
    to: 'ecs-tasks.amazonaws.com',
    roles: ({ taskDefinition, overrides }, aws) => [
      ...texts(
        { ...aws.find(Ecs)?.definition(taskDefinition as string) },
        'taskRoleArn',
        'executionRoleArn',
      ),
      ...texts((overrides ?? {}) as Input, 'taskRoleArn', 'executionRoleArn'),
    ],
  },
  'eventbridge:PutRule': passes('events.amazonaws.com', 'RoleArn'),
  'eventbridge:PutTargets': {
    to: 'events.amazonaws.com',
    roles: ({ Targets }) => (Targets as Input[]).flatMap((target) => texts(target, 'RoleArn')),
  },
  'lambda:CreateFunction': passes('lambda.amazonaws.com', 'Role'),
  'lambda:UpdateFunctionConfiguration': passes('lambda.amazonaws.com', 'Role'),
  'scheduler:CreateSchedule': scheduleTarget,
  'scheduler:UpdateSchedule': scheduleTarget,
  'sfn:CreateStateMachine': passes('states.amazonaws.com', 'roleArn'),
  'sfn:UpdateStateMachine': passes('states.amazonaws.com', 'roleArn'),
}

/** The same by service, then operation: every call asks. */
const passing = new Map<string, Map<string, Passes>>()
for (const [name, passed] of Object.entries(PASS_ROLE)) {
  const [service = '', operation = ''] = name.split(':')
  passing.set(service, (passing.get(service) ?? new Map()).set(operation, passed))
}

function passRoleChecks({ aws, service, operation, input }: Call): Check[] {
  const passed = passing.get(service)?.get(operation)
  const facts = passed && actionFacts('iam', 'PassRole')
  if (passed === undefined || facts === undefined) return []
  const roles = new Set(passed.roles(input, aws))
  return [...roles].map((role) => ({
    action: 'iam:PassRole',
    facts,
    resource: role.startsWith('arn:') ? role : `arn:aws:iam::${aws.account}:role/${role}`,
    input: {},
    keys: { 'iam:passedtoservice': [passed.to] },
  }))
}

/** The action that tags what an operation makes, where IAM asks for it besides the operation's. */
const TAG_ACTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  cloudwatch: { PutMetricAlarm: 'TagResource', PutCompositeAlarm: 'TagResource' },
  'cloudwatch-logs': { CreateLogGroup: 'TagResource' },
  dynamodb: { CreateTable: 'TagResource' },
  ecr: { CreateRepository: 'TagResource' },
  ecs: {
    CreateCluster: 'TagResource',
    CreateService: 'TagResource',
    RegisterTaskDefinition: 'TagResource',
    RunTask: 'TagResource',
  },
  efs: { CreateAccessPoint: 'TagResource', CreateFileSystem: 'TagResource' },
  elasticache: {
    CreateCacheSubnetGroup: 'AddTagsToResource',
    CreateReplicationGroup: 'AddTagsToResource',
  },
  'elastic-load-balancing-v2': {
    CreateListener: 'AddTags',
    CreateLoadBalancer: 'AddTags',
    CreateRule: 'AddTags',
    CreateTargetGroup: 'AddTags',
  },
  eventbridge: { CreateEventBus: 'TagResource', PutRule: 'TagResource' },
  iam: { CreatePolicy: 'TagPolicy', CreateRole: 'TagRole' },
  lambda: { CreateFunction: 'TagResource' },
  rds: {
    CreateDBCluster: 'AddTagsToResource',
    CreateDBClusterParameterGroup: 'AddTagsToResource',
    CreateDBInstance: 'AddTagsToResource',
    CreateDBInstanceReadReplica: 'AddTagsToResource',
    CreateDBParameterGroup: 'AddTagsToResource',
    CreateDBSubnetGroup: 'AddTagsToResource',
  },
  scheduler: { CreateScheduleGroup: 'TagResource' },
  'secrets-manager': { CreateSecret: 'TagResource' },
  servicediscovery: {
    CreateHttpNamespace: 'TagResource',
    CreatePrivateDnsNamespace: 'TagResource',
    CreateService: 'TagResource',
  },
  sfn: { CreateStateMachine: 'TagResource' },
  sns: { CreateTopic: 'TagResource' },
  sqs: { CreateQueue: 'TagQueue' },
  ssm: { PutParameter: 'AddTagsToResource' },
}

/**
 * Tags that ECS puts on a task by itself, its own or the definition's, count as the caller's.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/CWE_IAM_role.html
 */
function isTagging({ operation, input }: Call): boolean {
  if (Object.keys(requestTags(input) ?? {}).length > 0) return true
  const { propagateTags, enableECSManagedTags } = input
  const copies = propagateTags !== undefined && propagateTags !== 'NONE'
  return operation === 'RunTask' && (copies || enableECSManagedTags === true)
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_AlarmTagsPropagation.html */
function alarmTagChecks(call: Call): Check[] {
  const { aws, service, operation, input } = call
  if (service !== 'cloudwatch' || !/^Put(Metric|Composite)Alarm$/.test(operation)) return []
  const { AlarmTagsPropagation } = (input.ActionConfiguration ?? {}) as Record<string, Input>
  if (AlarmTagsPropagation?.Enabled !== true) return []
  const ResourceARN = aws.arn('cloudwatch', `alarm:${text(input, 'AlarmName')}`)
  return checks({ ...call, input: { ResourceARN } }, 'ListTagsForResource')
}

function tagChecks(call: Call): Check[] {
  const { aws, service, operation, input } = call
  const action = TAG_ACTIONS[service]?.[operation]
  if (action === undefined || !isTagging(call)) return []
  if (service === 'elastic-load-balancing-v2') return balancerTagChecks(call, action)
  if (service !== 'ecs') return checks(call, action)
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html
  const keys = { 'ecs:createaction': [operation] }
  const made = checks(call, operation).map(({ resource }) => resource)
  const tasks = aws.arn('ecs', `task/${text(input, 'cluster')?.split('/').at(-1) ?? 'default'}/*`)
  const tagged = { ...input, resourceArn: operation === 'RunTask' ? tasks : made[0] }
  return checks({ ...call, input: tagged }, action, keys)
}

/**
 * What is made is tagged by itself; a rule's own ARN is not known before.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/tagging-resources-during-creation.html
 */
function balancerTagChecks(call: Call, action: string): Check[] {
  const { operation, input } = call
  const keys = { 'elasticloadbalancing:createaction': [operation] }
  if (operation !== 'CreateRule') return checks(call, action, keys)
  const rule = `${text(input, 'ListenerArn')?.replace(':listener/', ':listener-rule/')}/*`
  return checks(
    { ...call, input: { ...input, ListenerArn: undefined, RuleArn: rule } },
    action,
    keys,
  )
}
