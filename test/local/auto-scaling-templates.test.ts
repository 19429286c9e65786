import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling'
import { expect, it } from 'vitest'
import { AutoScaling } from '../../local/aws/auto-scaling/auto-scaling.ts'
import { deploy, update } from '../../local/cloudformation/deploy.ts'
import { assembly, Templates } from '../kits/templates.ts'

const resources = ({ instanceType = 't3.micro', most = 2, owner = 'platform' } = {}) => ({
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
  Subnet: {
    Type: 'AWS::EC2::Subnet',
    Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.0.0/24' },
  },
  Template: {
    Type: 'AWS::EC2::LaunchTemplate',
    Properties: { LaunchTemplateData: { ImageId: 'ami-1', InstanceType: instanceType } },
  },
  Group: {
    Type: 'AWS::AutoScaling::AutoScalingGroup',
    Properties: {
      MinSize: '1',
      MaxSize: String(most),
      LaunchTemplate: {
        LaunchTemplateId: { Ref: 'Template' },
        Version: { 'Fn::GetAtt': ['Template', 'LatestVersionNumber'] },
      },
      VPCZoneIdentifier: [{ Ref: 'Subnet' }],
      Tags: [{ Key: 'caretaker:owner', Value: owner, PropagateAtLaunch: true }],
    },
  },
  Hook: {
    Type: 'AWS::AutoScaling::LifecycleHook',
    Properties: {
      AutoScalingGroupName: { Ref: 'Group' },
      LifecycleHookName: 'ready',
      LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
    },
  },
})

it('a stack makes, changes and tags a group', async () => {
  const account = new Templates()
  account.aws.register(new AutoScaling(account.aws))
  const stack = (options = {}) => assembly({ Stack: { Resources: resources(options) } })
  const first = await deploy(account.aws, stack())
  const group = async () =>
    (
      await account.call<{ AutoScalingGroups: AutoScalingGroup[] }>(
        'auto-scaling',
        'DescribeAutoScalingGroups',
        {},
      )
    ).AutoScalingGroups[0]
  expect(await group()).toMatchObject({
    MinSize: 1,
    MaxSize: 2,
    LaunchTemplate: { Version: '1' },
    Instances: [{ LifecycleState: 'InService', InstanceType: 't3.micro' }],
    Tags: expect.arrayContaining([
      expect.objectContaining({
        Key: 'caretaker:owner',
        Value: 'platform',
        PropagateAtLaunch: true,
      }),
    ]),
  })
  const changed = { instanceType: 't3.small', most: 4, owner: 'blue' }
  await update(account.aws, first, stack(changed))
  expect(await group()).toMatchObject({ MaxSize: 4, LaunchTemplate: { Version: '2' } })
  const AutoScalingGroupName = (await group())?.AutoScalingGroupName
  expect(await account.call('auto-scaling', 'DescribeTags', {})).toMatchObject({
    Tags: expect.arrayContaining([
      expect.objectContaining({ Key: 'caretaker:owner', Value: 'blue', PropagateAtLaunch: true }),
    ]),
  })
  const hooks = { AutoScalingGroupName }
  expect(await account.call('auto-scaling', 'DescribeLifecycleHooks', hooks)).toMatchObject({
    LifecycleHooks: [{ LifecycleHookName: 'ready', DefaultResult: 'ABANDON' }],
  })
})
