import { ApplicationAutoScaling } from '../../application-auto-scaling/application-auto-scaling.ts'
import { AutoScaling } from '../../auto-scaling/auto-scaling.ts'
import type { Aws } from '../../aws.ts'
import { CloudMap } from '../../cloud-map/cloud-map.ts'
import { arns, type Input, type Namer, text, texts } from './naming.ts'

const global = (aws: Aws, service: string, resource: string): string =>
  `arn:aws:${service}::${aws.account}:${resource}`

export const events: Namer = (input, aws, operation) => {
  const bus = text(input, 'EventBusName')?.split('/').at(-1) ?? 'default'
  const rules = operation.includes('EventBus') ? [] : texts(input, 'Rule', 'Name')
  return {
    'event-bus': [
      // Each entry of PutEvents is checked by itself, on its own bus.
      aws.arn('events', `event-bus/${operation.includes('EventBus') ? text(input, 'Name') : bus}`),
    ],
    ...(bus === 'default'
      ? { 'rule-on-default-event-bus': rules.map((rule) => aws.arn('events', `rule/${rule}`)) }
      : {
          'rule-on-custom-event-bus': rules.map((rule) => aws.arn('events', `rule/${bus}/${rule}`)),
        }),
    archive: texts(input, 'ArchiveName').map((name) => aws.arn('events', `archive/${name}`)),
    any: texts(input, 'ResourceARN'),
  }
}

export const scheduler: Namer = (input, aws) => ({
  schedule: texts(input, 'Name').map((name) =>
    aws.arn('scheduler', `schedule/${text(input, 'GroupName') ?? 'default'}/${name}`),
  ),
  'schedule-group': arns(texts(input, 'ResourceArn', 'Name'), (name) =>
    aws.arn('scheduler', `schedule-group/${name}`),
  ),
})

export const cloudwatch: Namer = (input, aws, operation) => {
  const named = texts(input, 'AlarmName', 'AlarmNames')
  const all = operation.startsWith('Describe') && named.length === 0 ? ['*'] : []
  return {
    alarm: [...named, ...all].map((name) => aws.arn('cloudwatch', `alarm:${name}`)),
    dashboard: texts(input, 'DashboardName', 'DashboardNames').map((name) =>
      global(aws, 'cloudwatch', `dashboard/${name}`),
    ),
    'alarm-mute-rule': muteRules(input, operation).map((name) =>
      aws.arn('cloudwatch', `alarm-mute-rule:${name}`),
    ),
    any: texts(input, 'ResourceARN'),
  }
}

function muteRules(input: Input, operation: string): string[] {
  if (operation === 'ListAlarmMuteRules') return ['*']
  return texts(input, 'AlarmMuteRuleName', ...(operation === 'PutAlarmMuteRule' ? ['Name'] : []))
}

/** A stack that is named may have any id. */
export const cloudformation: Namer = (input, aws) => ({
  stack: arns(texts(input, 'StackName'), (name) => aws.arn('cloudformation', `stack/${name}/*`)),
})

export const cloudtrail: Namer = (input, aws) => ({
  trail: arns(texts(input, 'Name', 'TrailName', 'ResourceId', 'ResourceIdList'), (name) =>
    aws.arn('cloudtrail', `trail/${name}`),
  ),
})

export const servicediscovery: Namer = (input, aws) => {
  const of = (kind: string, prefix: string, ...members: string[]) =>
    arns(
      texts(input, ...members).filter((id) => id.startsWith(prefix) || id.includes(`:${kind}/`)),
      (id) => aws.arn('servicediscovery', `${kind}/${id}`),
    )
  const [namespace, service] = [text(input, 'NamespaceName'), text(input, 'ServiceName')]
  if (namespace !== undefined && service !== undefined) {
    // Clients ask by name; the policy names both by their ids.
    const found = aws.find(CloudMap)?.arnsOf(namespace, service)
    return found === undefined ? {} : { service: [found.service], namespace: [found.namespace] }
  }
  return {
    service: of('service', 'srv-', 'ServiceId', 'Id'),
    namespace: of('namespace', 'ns-', 'NamespaceId', 'Id'),
  }
}

export const elasticloadbalancing: Namer = (input) => {
  const moved = (input.RulePriorities ?? []) as Input[]
  const members = ['TargetGroupArn', 'LoadBalancerArn', 'ListenerArn', 'RuleArn', 'ResourceArns']
  return { any: [input, ...moved].flatMap((one) => texts(one, ...members)) }
}

export const iam: Namer = (input, aws) => {
  const of = (kind: string, ...members: string[]) =>
    texts(input, ...members).map((name) => global(aws, 'iam', `${kind}/${name}`))
  return {
    role: of('role', 'RoleName'),
    group: of('group', 'GroupName'),
    'instance-profile': of('instance-profile', 'InstanceProfileName'),
    policy: [...texts(input, 'PolicyArn'), ...of('policy', 'PolicyName').filter(isNew(input))],
    'oidc-provider': texts(input, 'OpenIDConnectProviderArn'),
  }
}

/** `PolicyName` names a managed policy only where none of a role or group is meant. */
const isNew = (input: Input) => () => input.RoleName === undefined && input.GroupName === undefined

export const sts: Namer = (input) => ({ role: texts(input, 'RoleArn') })

/** Budgets have no Region; a list names all of an account's. */
export const budgets: Namer = (input, aws) => {
  const { NewBudget, Budget } = input as Record<string, { BudgetName?: string } | undefined>
  const name = text(input, 'BudgetName') ?? NewBudget?.BudgetName ?? Budget?.BudgetName ?? '*'
  return { budget: [global(aws, 'budgets', `budget/${name}`)] }
}

/**
 * The tagging API knows no resources, nor does Cost Explorer; the tags that it writes are checked by
 * their own services.
 */
export const tag: Namer = () => ({})

/** A target has an ARN, but calls go by the name of what is scaled; a new one has none yet. */
export const applicationAutoScaling: Namer = (input, aws) => {
  const { ResourceId } = input
  const known =
    typeof ResourceId === 'string' ? aws.find(ApplicationAutoScaling)?.arnOf(ResourceId) : undefined
  const named =
    ResourceId === undefined
      ? []
      : [known ?? aws.arn('application-autoscaling', 'scalable-target/*')]
  return { any: texts(input, 'ResourceARN'), ScalableTarget: named }
}

/** Calls go by a group's name; tags name their group each. One that is not there is `*`. */
export const autoscaling: Namer = (input, aws) => {
  const groups = new Set([
    ...texts(input, 'AutoScalingGroupName'),
    ...((input.Tags ?? []) as Input[]).flatMap((tag) => texts(tag, 'ResourceId')),
  ])
  return {
    autoScalingGroup: [...groups].map(
      (name) =>
        aws.find(AutoScaling)?.arnOf(name) ??
        aws.arn('autoscaling', `autoScalingGroup:*:autoScalingGroupName/${name}`),
    ),
  }
}
