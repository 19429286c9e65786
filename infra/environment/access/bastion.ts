import { Tags } from 'aws-cdk-lib'
import {
  BlockDeviceVolume,
  EbsDeviceVolumeType,
  HttpTokens,
  Instance,
  InstanceClass,
  InstanceSize,
  InstanceType,
  type ISecurityGroup,
  type IVpc,
  MachineImage,
  SubnetType,
} from 'aws-cdk-lib/aws-ec2'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import { acknowledge } from '../../nag.ts'
import { named } from '../../names.ts'

export type BastionProps = {
  vpc: IVpc
  securityGroup: ISecurityGroup
  /** The schedule it sleeps by, with the databases it leads to. */
  schedule: string
}

/** What the agent of Session Manager calls, and nothing of what it could also do. */
const AGENT = [
  'ssm:UpdateInstanceInformation',
  'ssmmessages:CreateControlChannel',
  'ssmmessages:CreateDataChannel',
  'ssmmessages:OpenControlChannel',
  'ssmmessages:OpenDataChannel',
]

/** It wakes together with the databases. */
const ORDER = 10

/**
 * Bastion: people forward a port of theirs through it to a database or the cache. It has no
 * inbound port, no key and no public address; IAM decides who may use it, and CloudTrail
 * records who did. docs/access.md has the commands.
 */
export class Bastion extends Construct {
  constructor(scope: Construct, id: string, { vpc, securityGroup, schedule }: BastionProps) {
    super(scope, id)
    const instance = new Instance(this, 'instance', {
      instanceName: named(this, 'bastion'),
      instanceType: InstanceType.of(InstanceClass.T3, InstanceSize.MICRO),
      // The newest Amazon Linux at each deployment of this stack; nothing on it is worth keeping.
      machineImage: MachineImage.latestAmazonLinux2023(),
      vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      securityGroup,
      role: agentRole(this),
      httpTokens: HttpTokens.REQUIRED,
      blockDevices: [
        {
          deviceName: '/dev/xvda',
          volume: BlockDeviceVolume.ebs(8, {
            encrypted: true,
            volumeType: EbsDeviceVolumeType.GP3,
          }),
        },
      ],
    })
    explain(instance)
    Tags.of(instance).add('caretaker:schedule', schedule, ONLY_INSTANCE)
    Tags.of(instance).add('caretaker:order', String(ORDER), ONLY_INSTANCE)
  }
}

const ONLY_INSTANCE = { includeResourceTypes: ['AWS::EC2::Instance'] }

/** Written out: AmazonSSMManagedInstanceCore may also read every parameter of the account. */
function agentRole(scope: Construct): Role {
  const role = new Role(scope, 'role', {
    roleName: named(scope, 'bastion'),
    assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
  })
  role.addToPolicy(new PolicyStatement({ actions: AGENT, resources: ['*'] }))
  acknowledge(
    role,
    'AwsSolutions-IAM5[Resource::*]',
    'The agent says that it is there and opens the channels of its sessions; these know no resources.',
  )
  return role
}

function explain(instance: Instance): void {
  acknowledge(
    instance,
    'AwsSolutions-EC28',
    'Metrics by the minute are not needed; it only forwards what a person types.',
  )
  acknowledge(
    instance,
    'AwsSolutions-EC29',
    'It holds no data: after a termination the stack is deployed again.',
  )
  acknowledge(
    instance,
    'AwsSolutions-EC26',
    'The rule fails on an instance without a launch template in a stack that has one (nat: instance). The volume is encrypted.',
  )
}
