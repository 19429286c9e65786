import type { AutoScalingGroup, Instance as Member } from '@aws-sdk/client-auto-scaling'
import { AutoScaling } from '../../local/aws/auto-scaling/auto-scaling.ts'
import { MINUTE } from './account.ts'
import { Network } from './network.ts'

const SCALING = 'auto-scaling'

/** A network with a group of instances named `workers`. */
export class ScalingGroup extends Network {
  readonly named = { AutoScalingGroupName: 'workers' }

  static async begin(more: object = {}) {
    const account = new ScalingGroup()
    await account.lay()
    account.aws.register(new AutoScaling(account.aws))
    const { LaunchTemplate } = await account.call<{ LaunchTemplate: { LaunchTemplateId: string } }>(
      'ec2',
      'CreateLaunchTemplate',
      {
        LaunchTemplateName: 'worker',
        LaunchTemplateData: { ImageId: 'ami-1', InstanceType: 't3.large' },
      },
    )
    await account.scaling('CreateAutoScalingGroup', {
      MinSize: 1,
      MaxSize: 3,
      DesiredCapacity: 2,
      LaunchTemplate: { LaunchTemplateId: LaunchTemplate.LaunchTemplateId, Version: '$Latest' },
      VPCZoneIdentifier: account.subnet,
      Tags: [
        { Key: 'caretaker:owner', Value: 'platform', PropagateAtLaunch: true },
        { Key: 'caretaker:schedule', Value: 'office-hours', PropagateAtLaunch: false },
      ],
      ...more,
    })
    await account.run(2 * MINUTE)
    return account
  }

  /** A call about the group. */
  scaling<Output = Record<string, unknown>>(operation: string, more: object = {}): Promise<Output> {
    return this.call<Output>(SCALING, operation, { ...this.named, ...more })
  }

  async group(): Promise<AutoScalingGroup> {
    const { AutoScalingGroups } = await this.call<{ AutoScalingGroups: AutoScalingGroup[] }>(
      SCALING,
      'DescribeAutoScalingGroups',
      { AutoScalingGroupNames: ['workers'] },
    )
    return AutoScalingGroups[0] as AutoScalingGroup
  }

  async members(): Promise<Member[]> {
    return (await this.group()).Instances ?? []
  }

  /** `InService Healthy` of each. */
  async lives(): Promise<string[]> {
    return (await this.members()).map((one) => `${one.LifecycleState} ${one.HealthStatus}`)
  }

  /** What Auto Scaling has told. */
  get scalingEvents(): string[] {
    return this.events
      .filter(({ source }) => source === 'aws.autoscaling')
      .map(({ detailType }) => detailType)
  }
}
