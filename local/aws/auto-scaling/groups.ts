import type {
  AutoScalingGroupNamesType,
  CreateAutoScalingGroupType,
  DeleteAutoScalingGroupType,
  DescribeAutoScalingInstancesType,
  SetDesiredCapacityType,
  UpdateAutoScalingGroupType,
} from '@aws-sdk/client-auto-scaling'
import type { Caller } from '../aws.ts'
import { AwsError, NotImplemented } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import { setTag } from './group-tags.ts'
import { reconcileSoon, takeAway } from './life.ts'
import { type Group, type Groups, groupPage, invalid, isLeaving } from './model.ts'
import { instanceOf, shapeOf } from './shape.ts'

/** What both making and changing a group take. */
const SETTINGS = [
  ...['AutoScalingGroupName', 'DesiredCapacity', 'HealthCheckGracePeriod', 'HealthCheckType'],
  ...[
    'LaunchTemplate',
    'MaxSize',
    'MinSize',
    'NewInstancesProtectedFromScaleIn',
    'VPCZoneIdentifier',
  ],
]

/** Making, changing and reading groups. */
export function groupOperations(groups: Groups) {
  return {
    CreateAutoScalingGroup: (input: CreateAutoScalingGroupType, caller: Caller) => {
      onlyMembers('auto-scaling:CreateAutoScalingGroup', input, [
        ...SETTINGS,
        'Tags',
        'TargetGroupARNs',
      ])
      const group = make(groups, input)
      const byTemplate = caller.kind === 'cloudformation'
      for (const tag of input.Tags ?? []) setTag(group.tags, tag, byTemplate)
      groups.groups.set(group.name, group)
      reconcileSoon(groups, group)
      return {}
    },
    UpdateAutoScalingGroup: (input: UpdateAutoScalingGroupType) => {
      onlyMembers('auto-scaling:UpdateAutoScalingGroup', input, SETTINGS)
      const group = groups.group(input.AutoScalingGroupName)
      resize(group, input)
      set(group, input)
      reconcileSoon(groups, group)
      return {}
    },
    SetDesiredCapacity: (input: SetDesiredCapacityType) => {
      const group = groups.group(input.AutoScalingGroupName)
      const wanted = input.DesiredCapacity ?? 0
      const beyond = (where: string) =>
        invalid(`New SetDesiredCapacity value ${wanted} is ${where} for the AutoScalingGroup.`)
      if (wanted > group.most) throw beyond(`above max value ${group.most}`)
      if (wanted < group.least) throw beyond(`below min value ${group.least}`)
      group.desired = wanted
      reconcileSoon(groups, group)
      return {}
    },
    DeleteAutoScalingGroup: async ({
      AutoScalingGroupName,
      ForceDelete,
    }: DeleteAutoScalingGroupType) => {
      const group = groups.group(AutoScalingGroupName)
      if (group.members.size > 0 && !ForceDelete) {
        const message =
          'You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group.'
        throw new AwsError('ResourceInUse', message)
      }
      Object.assign(group, { isDeleted: true, least: 0, desired: 0 })
      for (const member of [...group.members.values()].filter((one) => !isLeaving(one))) {
        await takeAway(groups, group, member, 'the deletion of the group')
      }
      if (group.members.size === 0) groups.groups.delete(group.name)
      return {}
    },
    DescribeAutoScalingGroups: (input: AutoScalingGroupNamesType) => describe(groups, input),
    DescribeAutoScalingInstances: (input: DescribeAutoScalingInstancesType) =>
      instances(groups, input),
  }
}

function make({ aws, groups }: Groups, input: CreateAutoScalingGroupType): Group {
  const { AutoScalingGroupName: name = '', LaunchTemplate: template } = input
  if (groups.has(name)) {
    throw new AwsError(
      'AlreadyExists',
      `AutoScalingGroup by this name already exists - A group with the name ${name} already exists`,
    )
  }
  if (template === undefined) throw new NotImplemented('groups without a launch template')
  const id = aws.world.random.uuid('auto-scaling/group')
  const group: Group = {
    name,
    arn: aws.arn('autoscaling', `autoScalingGroup:${id}:autoScalingGroupName/${name}`),
    made: aws.world.date,
    least: input.MinSize ?? 0,
    most: input.MaxSize ?? 0,
    desired: input.DesiredCapacity ?? input.MinSize ?? 0,
    template,
    subnets: [],
    healthCheck: 'EC2',
    graceSeconds: 0,
    protects: false,
    targetGroups: input.TargetGroupARNs ?? [],
    tags: new Map(),
    hooks: new Map(),
    suspended: new Map(),
    members: new Map(),
    isDeleted: false,
  }
  resize(group, input)
  set(group, input)
  return group
}

/**
 * A bound that is given without a desired capacity moves that within the bounds.
 * https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_UpdateAutoScalingGroup.html
 */
function resize(
  group: Group,
  { MinSize, MaxSize, DesiredCapacity }: UpdateAutoScalingGroupType,
): void {
  const least = MinSize ?? group.least
  const most = MaxSize ?? group.most
  if (most < least)
    throw invalid(`Max bound, ${most}, must be greater than or equal to min bound, ${least}`)
  const desired = DesiredCapacity ?? Math.min(Math.max(group.desired, least), most)
  if (desired < least || desired > most) {
    throw invalid(
      `Desired capacity:${desired} must be between the specified min size:${least} and max size:${most}`,
    )
  }
  Object.assign(group, { least, most, desired })
}

function set(group: Group, input: UpdateAutoScalingGroupType): void {
  group.template = input.LaunchTemplate ?? group.template
  group.subnets = input.VPCZoneIdentifier?.split(',').map((id) => id.trim()) ?? group.subnets
  group.healthCheck = input.HealthCheckType ?? group.healthCheck
  group.graceSeconds = input.HealthCheckGracePeriod ?? group.graceSeconds
  group.protects = input.NewInstancesProtectedFromScaleIn ?? group.protects
}

function describe({ aws, groups }: Groups, input: AutoScalingGroupNamesType) {
  onlyMembers('auto-scaling:DescribeAutoScalingGroups', input, [
    ...['AutoScalingGroupNames', 'Filters', 'MaxRecords', 'NextToken'],
  ])
  const { AutoScalingGroupNames: names = [], Filters = [] } = input
  const found = [...groups.values()].filter(
    (group) =>
      (names.length === 0 || names.includes(group.name)) &&
      Filters.every(({ Name = '', Values = [] }) => fits(group, Name, Values)),
  )
  const { items, next } = groupPage(found, input.NextToken, input.MaxRecords)
  const more = next === undefined ? {} : { NextToken: next }
  return { AutoScalingGroups: items.map((group) => shapeOf(aws, group)), ...more }
}

/** @throws NotImplemented for a filter of another name. */
function fits({ tags }: Group, filter: string, values: readonly string[]): boolean {
  if (filter === 'tag-key') return values.some((key) => tags.has(key))
  if (filter === 'tag-value') return [...tags.values()].some(({ value }) => values.includes(value))
  if (!filter.startsWith('tag:')) throw new NotImplemented(`the filter ${filter} of groups`)
  return values.includes(tags.get(filter.slice('tag:'.length))?.value ?? '')
}

function instances(
  { groups }: Groups,
  { InstanceIds: ids, NextToken, MaxRecords }: DescribeAutoScalingInstancesType,
) {
  const all = [...groups.values()].flatMap((group) =>
    [...group.members.values()].map((member) => ({
      ...instanceOf(member),
      HealthStatus: member.isHealthy ? 'HEALTHY' : 'UNHEALTHY',
      AutoScalingGroupName: group.name,
    })),
  )
  const found = all.filter(({ InstanceId = '' }) => ids?.includes(InstanceId) ?? true)
  const { items, next } = groupPage(found, NextToken, MaxRecords)
  return { AutoScalingInstances: items, ...(next === undefined ? {} : { NextToken: next }) }
}
