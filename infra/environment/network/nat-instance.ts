import { readFileSync } from 'node:fs'
import { Fn, Stack, Tags } from 'aws-cdk-lib'
import { CfnAutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling'
import {
  CfnLaunchTemplate,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  type Subnet,
} from 'aws-cdk-lib/aws-ec2'
import { CfnInstanceProfile, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import { NAT_INSTANCE } from '../../../catalog/nat.ts'
import { WHEN_NEEDED } from '../../../domain/schedule/written.ts'
import { TAGS } from '../../../domain/tags.ts'
import { acknowledge, acknowledgeWildcards } from '../../nag.ts'
import { environmentOf, named } from '../../names.ts'

/** Read at each launch, so that each morning's instance is as new as Amazon Linux is. */
const IMAGE = 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64'

const HOOK = 'routes'
/** From the launch until the instance has said that it routes; then the group tries another. */
const LONGEST_SET_UP_SECONDS = 300

/** Before whatever else wakes, and after whatever else sleeps. */
const ORDER = 0

export type NatInstanceProps = { vpc: IVpc; cidr: string }

/**
 * NatInstance: the way out of the private subnets through one small instance, which sleeps when
 * nothing needs it. It sets the private route tables' default route to itself, so that no template
 * has one; `way-out.sh` is what it does. In an Auto Scaling group of one, it is replaced when it
 * dies, and is in service only once it has tested its way out: docs/sleep.md.
 */
export class NatInstance extends Construct {
  constructor(scope: Construct, id: string, { vpc, cidr }: NatInstanceProps) {
    super(scope, id)
    const group = named(this, 'way-out')
    const tables = vpc.privateSubnets.map((subnet) => (subnet as Subnet).routeTable.routeTableId)
    const role = this.#role(group, tables)
    const profile = new CfnInstanceProfile(this, 'profile', { roles: [role.roleName] })
    const template = new CfnLaunchTemplate(this, 'template', {
      launchTemplateData: {
        imageId: IMAGE,
        instanceType: NAT_INSTANCE.type,
        iamInstanceProfile: { arn: profile.attrArn },
        metadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 1 },
        blockDeviceMappings: [
          {
            deviceName: '/dev/xvda',
            ebs: { volumeSize: NAT_INSTANCE.gigabytes, volumeType: 'gp3', encrypted: true },
          },
        ],
        networkInterfaces: [
          {
            deviceIndex: 0,
            associatePublicIpAddress: true,
            groups: [this.#securityGroup(vpc, cidr).securityGroupId],
          },
        ],
        userData: Fn.base64(this.#userData(group, tables)),
      },
    })
    const instance = this.#group(vpc, group, template)
    // It fetches packages first of all, and calls with its role.
    const ways = vpc.publicSubnets.map((subnet) => subnet.internetConnectivityEstablished)
    instance.node.addDependency(role, ...ways)
  }

  /** Its routes, its own check, and its own launch: nothing else. */
  #role(group: string, tables: readonly string[]): Role {
    const stack = Stack.of(this)
    const role = new Role(this, 'role', {
      roleName: named(this, 'way-out'),
      assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
    })
    const instances = stack.formatArn({ service: 'ec2', resource: 'instance', resourceName: '*' })
    const launches = stack.formatArn({
      service: 'autoscaling',
      resource: 'autoScalingGroup:*:autoScalingGroupName',
      resourceName: group,
    })
    const tag = (key: string) => `aws:ResourceTag/${key}`
    const grants = [
      new PolicyStatement({
        actions: ['ec2:ModifyInstanceAttribute'],
        resources: [instances],
        conditions: {
          StringEquals: {
            [tag(TAGS.wayOut)]: 'true',
            [tag(TAGS.environment)]: environmentOf(this),
          },
        },
      }),
      new PolicyStatement({
        actions: ['ec2:CreateRoute', 'ec2:ReplaceRoute'],
        resources: tables.map((table) =>
          stack.formatArn({ service: 'ec2', resource: 'route-table', resourceName: table }),
        ),
      }),
      new PolicyStatement({
        actions: ['autoscaling:CompleteLifecycleAction'],
        resources: [launches],
      }),
    ]
    for (const grant of grants) role.addToPolicy(grant)
    acknowledgeWildcards(
      role,
      [instances, launches],
      'An instance has no id before it is launched: only those with the tag of the way out. The id of the group is not known before it is made; its name is.',
    )
    return role
  }

  /** Whatever is in the VPC may go out through it; nobody can connect to it from outside. */
  #securityGroup(vpc: IVpc, cidr: string): SecurityGroup {
    const group = new SecurityGroup(this, 'security-group', {
      vpc,
      securityGroupName: named(this, 'way-out'),
      description: 'The NAT instance: open to the VPC only',
      allowAllOutbound: true,
    })
    group.addIngressRule(Peer.ipv4(cidr), Port.allTraffic(), 'From the VPC, to go out')
    return group
  }

  #userData(group: string, tables: readonly string[]): string {
    const { region, urlSuffix } = Stack.of(this)
    const given = {
      GROUP: group,
      HOOK,
      REGION: region,
      ROUTE_TABLES: tables.join(' '),
      // Where images come from: what a task asks first.
      PROBE: `api.ecr.${region}.${urlSuffix}`,
    }
    return [
      '#!/bin/bash',
      ...Object.entries(given).map(([name, value]) => `${name}='${value}'`),
      readFileSync(`${import.meta.dirname}/way-out.sh`, 'utf8'),
    ].join('\n')
  }

  #group(vpc: IVpc, name: string, template: CfnLaunchTemplate): CfnAutoScalingGroup {
    const group = new CfnAutoScalingGroup(this, 'group', {
      autoScalingGroupName: name,
      minSize: '1',
      maxSize: '1',
      vpcZoneIdentifier: vpc.publicSubnets.map(({ subnetId }) => subnetId),
      launchTemplate: {
        launchTemplateId: template.ref,
        version: template.attrLatestVersionNumber,
      },
      // A hook of its own would be made after the first instance.
      lifecycleHookSpecificationList: [
        {
          lifecycleHookName: HOOK,
          lifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
          heartbeatTimeout: LONGEST_SET_UP_SECONDS,
          defaultResult: 'ABANDON',
        },
      ],
    })
    const tags = {
      Name: name,
      [TAGS.schedule]: WHEN_NEEDED,
      [TAGS.order]: String(ORDER),
      [TAGS.wayOut]: 'true',
    }
    for (const [key, value] of Object.entries(tags)) Tags.of(group).add(key, value)
    acknowledge(
      group,
      'AwsSolutions-AS3',
      'Caretaker reads the group itself, and tells when it does not come up.',
    )
    return group
  }
}
