import type { Group, Groups, Member } from './model.ts'

/**
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html
 * All are best effort.
 */
const emit = (
  { aws }: Groups,
  group: Group,
  { id, type, detail }: { id?: string; type: string; detail: Record<string, unknown> },
): void =>
  aws.emit({
    source: 'aws.autoscaling',
    detailType: type,
    resources: [group.arn, ...(id === undefined ? [] : [aws.arn('ec2', `instance/${id}`)])],
    detail,
    delivery: 'best-effort',
  })

type Way = 'launch' | 'terminate'

const ends = (way: Way) =>
  way === 'launch'
    ? { Origin: 'EC2', Destination: 'AutoScalingGroup' }
    : { Origin: 'AutoScalingGroup', Destination: 'EC2' }

/** An instance waits for its hook to be completed. */
export function emitAction(
  groups: Groups,
  group: Group,
  way: Way,
  about: { id: string; token: string; hook: string; metadata?: string | undefined },
): void {
  const transition = way === 'launch' ? 'EC2_INSTANCE_LAUNCHING' : 'EC2_INSTANCE_TERMINATING'
  emit(groups, group, {
    type: `EC2 Instance-${way} Lifecycle Action`,
    detail: {
      LifecycleActionToken: about.token,
      AutoScalingGroupName: group.name,
      LifecycleHookName: about.hook,
      EC2InstanceId: about.id,
      LifecycleTransition: `autoscaling:${transition}`,
      ...(about.metadata === undefined ? {} : { NotificationMetadata: about.metadata }),
      ...ends(way),
    },
  })
}

/** A launch or a termination is complete, or has failed with what EC2 said. */
export function emitScaling(
  groups: Groups,
  group: Group,
  way: Way,
  about: Pick<Member, 'zone' | 'subnet' | 'cause'> & { id: string; since: Date; failure?: string },
): void {
  const { world } = groups.aws
  const { id, failure } = about
  const word = way === 'launch' ? 'Launching a new' : 'Terminating'
  emit(groups, group, {
    ...(id === '' ? {} : { id }),
    type: `EC2 Instance ${way === 'launch' ? 'Launch' : 'Terminate'} ${failure === undefined ? 'Successful' : 'Unsuccessful'}`,
    detail: {
      StatusCode: failure === undefined ? 'InProgress' : 'Failed',
      Description: `${word} EC2 instance${id === '' ? '' : `: ${id}`}`,
      AutoScalingGroupName: group.name,
      ActivityId: world.random.uuid('auto-scaling/activity'),
      Details: { 'Availability Zone': about.zone, 'Subnet ID': about.subnet },
      RequestId: world.random.uuid('auto-scaling/request'),
      StatusMessage: failure ?? '',
      EndTime: world.date.toISOString(),
      EC2InstanceId: id,
      StartTime: about.since.toISOString(),
      Cause: about.cause,
      ...ends(way),
    },
  })
}
