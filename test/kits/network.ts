import type { Instance } from '@aws-sdk/client-ec2'
import { Ec2 } from '../../local/aws/ec2/ec2.ts'
import { Faults } from '../../local/aws/faults.ts'
import { Tagging } from '../../local/aws/tagging/tagging.ts'
import { Account } from './account.ts'

/** An account with a network: a VPC, a subnet of 16 addresses, a security group. */
export class Network extends Account {
  readonly faults = new Faults(this.world.random)
  vpc = ''
  subnet = ''
  securityGroup = ''

  static async open() {
    const account = new Network()
    await account.lay()
    return account
  }

  constructor() {
    super([Tagging])
    this.aws.register(new Ec2(this.aws, this.faults))
  }

  /** Makes the VPC, the subnet and the group. */
  async lay(): Promise<void> {
    const vpc = { CidrBlock: '10.20.0.0/16' }
    this.vpc = (await this.call<{ Vpc: { VpcId: string } }>('ec2', 'CreateVpc', vpc)).Vpc.VpcId
    const inside = { VpcId: this.vpc }
    const { Subnet } = await this.call<{ Subnet: { SubnetId: string } }>('ec2', 'CreateSubnet', {
      ...inside,
      CidrBlock: '10.20.1.0/28',
      AvailabilityZone: 'eu-central-1b',
    })
    this.subnet = Subnet.SubnetId
    const named = { GroupName: 'bastion', Description: 'Nobody comes in' }
    const made = await this.call<{ GroupId: string }>('ec2', 'CreateSecurityGroup', {
      ...inside,
      ...named,
    })
    this.securityGroup = made.GroupId
  }

  /** What was told of instances: `pending`, `running`… */
  get told(): string[] {
    return this.events.map(({ detail }) => String(detail.state))
  }

  /** Launches instances and gives their ids. */
  async launch(more: object = {}): Promise<string[]> {
    const { Instances } = await this.call<{ Instances: Instance[] }>('ec2', 'RunInstances', {
      ImageId: 'ami-1',
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
      SubnetId: this.subnet,
      SecurityGroupIds: [this.securityGroup],
      ...more,
    })
    return Instances.map(({ InstanceId = '' }) => InstanceId)
  }

  async instances(input: object = {}): Promise<Instance[]> {
    const { Reservations } = await this.call<{ Reservations: { Instances: Instance[] }[] }>(
      'ec2',
      'DescribeInstances',
      input,
    )
    return Reservations.flatMap(({ Instances }) => Instances)
  }

  async states(): Promise<(string | undefined)[]> {
    return (await this.instances()).map(({ State }) => State?.Name)
  }
}
