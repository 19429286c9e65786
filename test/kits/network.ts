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
  group = ''

  /** @param kinds further services. */
  static async open(kinds: NonNullable<ConstructorParameters<typeof Account>[0]> = []) {
    const account = new Network([Tagging, ...kinds])
    account.aws.register(new Ec2(account.aws, account.faults))
    const vpc = { CidrBlock: '10.20.0.0/16' }
    account.vpc = (
      await account.call<{ Vpc: { VpcId: string } }>('ec2', 'CreateVpc', vpc)
    ).Vpc.VpcId
    const inside = { VpcId: account.vpc }
    const { Subnet } = await account.call<{ Subnet: { SubnetId: string } }>('ec2', 'CreateSubnet', {
      ...inside,
      CidrBlock: '10.20.1.0/28',
      AvailabilityZone: 'eu-central-1b',
    })
    account.subnet = Subnet.SubnetId
    const named = { GroupName: 'bastion', Description: 'Nobody comes in' }
    const made = await account.call<{ GroupId: string }>('ec2', 'CreateSecurityGroup', {
      ...inside,
      ...named,
    })
    account.group = made.GroupId
    return account
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
      SecurityGroupIds: [this.group],
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
