import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling'
import type { CreateLaunchTemplateResult } from '@aws-sdk/client-ec2'
import type { Context } from '../context.ts'
import { given, type Properties, type TagChange, type TypeTable } from '../resource-type.ts'

const SERVICE = 'auto-scaling'
const WITHIN_MILLISECONDS = 15 * 60_000

/** What `UpdateAutoScalingGroup` takes, in CloudFormation's names. */
const CHANGEABLE = [
  'DesiredCapacity',
  'HealthCheckGracePeriod',
  'HealthCheckType',
  'LaunchTemplate',
  'MaxSize',
  'MinSize',
  'NewInstancesProtectedFromScaleIn',
  'VPCZoneIdentifier',
]

const HOOK = [
  ...['DefaultResult', 'HeartbeatTimeout', 'LifecycleTransition', 'NotificationMetadata'],
]

/**
 * Groups and what they launch from. A group's tags, and those of its stack, go on to its instances.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_AutoScaling.html
 */
export const AUTO_SCALING: TypeTable = {
  'AWS::EC2::LaunchTemplate': {
    effect: ['LaunchTemplateData', 'LaunchTemplateName', 'VersionDescription'],
    noEffect: { TagSpecifications: 'The template has the tags of its stack.' },
    replacedBy: ['LaunchTemplateName'],
    create: async (context, { LaunchTemplateData, LaunchTemplateName }) => {
      const name = context.name(LaunchTemplateName, { most: 128 })
      const { LaunchTemplate } = await context.call<CreateLaunchTemplateResult>(
        'ec2',
        'CreateLaunchTemplate',
        { LaunchTemplateName: name, LaunchTemplateData },
      )
      const ref = LaunchTemplate?.LaunchTemplateId ?? ''
      await context.call('ec2', 'CreateTags', { Resources: [ref] })
      return {
        ref,
        arn: context.aws.arn('ec2', `launch-template/${ref}`),
        attributes: versions(ref, 1),
      }
    },
    update: async (context, { LaunchTemplateData }, { ref, arn, attributes }) => {
      const input = { LaunchTemplateId: ref, LaunchTemplateData }
      await context.call('ec2', 'CreateLaunchTemplateVersion', input)
      const latest = Number(attributes?.LatestVersionNumber) + 1
      return { ref, ...(arn === undefined ? {} : { arn }), attributes: versions(ref, latest) }
    },
    delete: (context, { ref }) =>
      context.call('ec2', 'DeleteLaunchTemplate', { LaunchTemplateId: ref }),
  },
  'AWS::AutoScaling::AutoScalingGroup': {
    effect: [
      'AutoScalingGroupName',
      'LifecycleHookSpecificationList',
      'TargetGroupARNs',
      ...CHANGEABLE,
    ],
    replacedBy: ['AutoScalingGroupName'],
    create: async (context, { LifecycleHookSpecificationList: hooks, ...properties }) => {
      const name = context.name(properties.AutoScalingGroupName, { most: 255 })
      const named = { AutoScalingGroupName: name }
      const input = {
        ...settings(properties),
        ...given({ TargetGroupARNs: properties.TargetGroupARNs }),
      }
      await context.call(SERVICE, 'CreateAutoScalingGroup', { ...input, ...named })
      for (const hook of (hooks ?? []) as object[]) {
        await context.call(SERVICE, 'PutLifecycleHook', { ...hook, ...named })
      }
      await until(context, name, 'has not launched its instances', (group) => {
        const { Instances = [], DesiredCapacity = 0 } = group ?? {}
        const inService = Instances.filter(({ LifecycleState }) => LifecycleState !== 'Pending')
        return inService.length >= DesiredCapacity
      })
      const arn = (await find(context, name))?.AutoScalingGroupARN ?? ''
      return { ref: name, arn, attributes: { AutoScalingGroupARN: arn } }
    },
    update: async (context, properties, { ref: AutoScalingGroupName }) => {
      const input = { ...settings(properties), AutoScalingGroupName }
      await context.call(SERVICE, 'UpdateAutoScalingGroup', input)
    },
    retag: (context, { ref }, change) => retag(context, ref, change),
    delete: async (context, { ref: AutoScalingGroupName }) => {
      const input = { AutoScalingGroupName, ForceDelete: true }
      await context.call(SERVICE, 'DeleteAutoScalingGroup', input)
      const isGone = (group: AutoScalingGroup | undefined) => group === undefined
      await until(context, AutoScalingGroupName, 'is not gone', isGone)
    },
  },
  'AWS::AutoScaling::LifecycleHook': {
    effect: ['AutoScalingGroupName', 'LifecycleHookName', ...HOOK],
    replacedBy: ['AutoScalingGroupName', 'LifecycleHookName'],
    create: async (context, properties) => {
      const name = context.name(properties.LifecycleHookName, { most: 255 })
      await context.call(SERVICE, 'PutLifecycleHook', { ...properties, LifecycleHookName: name })
      return { ref: name }
    },
    update: async (context, properties, { ref: LifecycleHookName }) => {
      await context.call(SERVICE, 'PutLifecycleHook', { ...properties, LifecycleHookName })
    },
    retag: async () => {},
    delete: (context, { ref: LifecycleHookName, properties: { AutoScalingGroupName } }) =>
      context.call(SERVICE, 'DeleteLifecycleHook', { AutoScalingGroupName, LifecycleHookName }),
  },
}

const versions = (ref: string, latest: number) => ({
  LaunchTemplateId: ref,
  LatestVersionNumber: String(latest),
  DefaultVersionNumber: '1',
})

/** Subnets are a list here, and text with commas in the API. */
function settings({
  VPCZoneIdentifier: subnets,
  ...properties
}: Properties): Record<string, unknown> {
  const kept = Object.entries(properties).filter(([name]) => CHANGEABLE.includes(name))
  const joined = Array.isArray(subnets) ? subnets.join(',') : undefined
  return { ...Object.fromEntries(kept), ...given({ VPCZoneIdentifier: joined }) }
}

async function find(context: Context, name: string): Promise<AutoScalingGroup | undefined> {
  const { AutoScalingGroups } = await context.call<{ AutoScalingGroups: AutoScalingGroup[] }>(
    SERVICE,
    'DescribeAutoScalingGroups',
    { AutoScalingGroupNames: [name] },
  )
  return AutoScalingGroups[0]
}

async function until(
  context: Context,
  name: string,
  what: string,
  is: (group: AutoScalingGroup | undefined) => boolean,
): Promise<void> {
  const ask = async () => is(await find(context, name))
  await context.until(`The group ${name} ${what}`, ask, WITHIN_MILLISECONDS)
}

async function retag(context: Context, name: string, { added, removed }: TagChange): Promise<void> {
  const of = { ResourceId: name, ResourceType: 'auto-scaling-group' }
  const Tags = Object.entries(added).map(([Key, Value]) => ({
    ...of,
    Key,
    Value,
    PropagateAtLaunch: true,
  }))
  if (Tags.length > 0) await context.call(SERVICE, 'CreateOrUpdateTags', { Tags })
  const gone = removed.map((Key) => ({ ...of, Key }))
  if (gone.length > 0) await context.call(SERVICE, 'DeleteTags', { Tags: gone })
}
