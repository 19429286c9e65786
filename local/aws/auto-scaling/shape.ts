import type { AutoScalingGroup, Instance } from '@aws-sdk/client-auto-scaling'
import type { Aws } from '../aws.ts'
import type { Group, Member } from './model.ts'

/** A group as answers show it. */
export function shapeOf(aws: Aws, group: Group): AutoScalingGroup {
  const { name, members } = group
  const role = 'aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling'
  return {
    AutoScalingGroupName: name,
    AutoScalingGroupARN: group.arn,
    LaunchTemplate: { ...group.template },
    MinSize: group.least,
    MaxSize: group.most,
    DesiredCapacity: group.desired,
    DefaultCooldown: 300,
    AvailabilityZones: [...new Set([...members.values()].map(({ zone }) => zone))],
    LoadBalancerNames: [],
    TargetGroupARNs: [...group.targetGroups],
    HealthCheckType: group.healthCheck,
    HealthCheckGracePeriod: group.graceSeconds,
    Instances: [...members.values()].map(instanceOf),
    CreatedTime: group.made,
    SuspendedProcesses: [...group.suspended].map(([ProcessName, SuspensionReason]) => ({
      ProcessName,
      SuspensionReason,
    })),
    VPCZoneIdentifier: group.subnets.join(','),
    EnabledMetrics: [],
    Tags: tagsOf(group),
    TerminationPolicies: ['Default'],
    NewInstancesProtectedFromScaleIn: group.protects,
    ServiceLinkedRoleARN: `arn:aws:iam::${aws.account}:role/${role}`,
    ...(group.isDeleted ? { Status: 'Delete in progress' } : {}),
  }
}

export const tagsOf = ({ name, tags }: Group) =>
  [...tags].map(([Key, { value, propagates }]) => ({
    ResourceId: name,
    ResourceType: 'auto-scaling-group',
    Key,
    Value: value,
    PropagateAtLaunch: propagates,
  }))

export const instanceOf = (member: Member): Instance => ({
  InstanceId: member.id,
  InstanceType: member.type,
  AvailabilityZone: member.zone,
  LifecycleState: member.state,
  HealthStatus: member.isHealthy ? 'Healthy' : 'Unhealthy',
  LaunchTemplate: { ...member.template },
  ProtectedFromScaleIn: member.isProtected,
})
