import type { Template } from '../../local/cloudformation/template.ts'
import { AccountState } from './account-state.ts'
import { inStack, PASSED, REGISTRY, role, table } from './adoptable-stacks.ts'
import { catalogOf } from './catalog.ts'

/** One small service of the environment's own; roles of others may be handed on. */
export const adopting = (more = ''): string =>
  catalogOf({
    'environment.yaml': ENVIRONMENT + more,
    'services/mailer.yaml': 'kind: worker\nteam: storefront\n',
  })

const ENVIRONMENT = `name: dev
region: eu-central-1
owner: platform
timeZone: Europe/Berlin
teams:
  platform: { owner: platform@example.com, channel: "#dev-environment" }
  storefront: { owner: storefront@example.com, channel: "#storefront" }
  ordering:
    owner: ordering@example.com
    channel: "#ordering"
    members: [{ email: bob@example.com, slack: T0CARETAKER/U0BOB }]
operators:
  members: [{ email: olga@example.com, slack: T0CARETAKER/U0OLGA }]
schedules:
  office-hours: { running: [{ days: mon-fri, from: 07:00, to: 20:00 }] }
features: { sleep: act }
passRoles: [${PASSED}, shop-*, ledger-*, Ledger*]
parts: { bastion: false }
`

type Tags = Record<string, string>
const listed = (tags: Tags) => Object.entries(tags).map(([key, value]) => ({ key, value }))
const capital = (tags: Tags) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))

type Made = {
  cluster: string
  name: string
  image?: string
  sidecars?: object[]
  roles?: string
  tags?: Tags
  more?: object
}

/** What people have made in an account before Caretaker came, by six kinds of tools. */
export class Adoptable extends AccountState {
  #subnet = ''
  #hasSubnets = false

  /** Clusters, and repositories with an image each. */
  async begin(repositories: readonly string[]): Promise<void> {
    const { stage } = this
    const { Subnets } = await stage.call<{ Subnets: { SubnetId: string }[] }>(
      'ec2',
      'DescribeSubnets',
      {},
    )
    this.#subnet = Subnets[0]?.SubnetId ?? ''
    for (const clusterName of ['apps', 'prod'])
      await stage.call('ecs', 'CreateCluster', { clusterName })
    for (const repositoryName of repositories) {
      await stage.call('ecr', 'CreateRepository', { repositoryName })
      for (const tag of ['main', '1.4.2']) stage.push(undefined, repositoryName, tag)
    }
  }

  /** Thirty resources. */
  async make(): Promise<void> {
    await this.begin(['shop/api', 'ledger', 'web', 'jobs', 'proxy'])
    await this.#copilot()
    await this.#stacks()
    await this.#terraform()
    await this.#byHand()
    await this.#machines()
    await this.stage.minutes(20)
  }

  /** An environment and two workloads, with a table of one. */
  async #copilot(): Promise<void> {
    const app = { 'copilot-application': 'shop', 'copilot-environment': 'test' }
    await this.#deploy('shop-test', app, {
      Cluster: { Type: 'AWS::ECS::Cluster', Properties: { ClusterName: 'shop-test' } },
    })
    for (const name of ['api', 'worker', 'admin']) {
      const service = { ...app, 'copilot-service': name }
      await this.#deploy(`shop-test-${name}`, service, {
        ...inStack('shop-test', `shop-test-${name}`, 'shop/api:main', this.#subnet),
        ...(name === 'api' && { Orders: table('shop-orders') }),
      })
    }
  }

  /** One that CDK has made, and one that was written by hand. */
  async #stacks(): Promise<void> {
    await this.#deploy(
      'LedgerStack',
      {},
      {
        ...inStack('apps', 'ledger', 'ledger:main', this.#subnet, {
          Metadata: { 'aws:cdk:path': 'LedgerStack/Service/Service' },
        }),
      },
    )
    await this.#deploy(
      'billing',
      { team: 'ordering' },
      {
        ...inStack('apps', 'billing', 'ledger:1.4.2', this.#subnet),
      },
    )
  }

  async #terraform(): Promise<void> {
    const ofModule = 'ledger-task-exec-20260211093015482300000001'
    await this.service({ cluster: 'apps', name: 'catalogue', roles: ofModule })
    await this.#bounds('apps/catalogue')
    await this.service({ cluster: 'apps', name: 'stock', roles: ofModule })
    await this.service({
      ...{ cluster: 'apps', name: 'search', image: 'web:main' },
      tags: { ManagedBy: 'terraform', Team: 'storefront' },
    })
    await this.service({
      ...{ cluster: 'apps', name: 'acme-dev-queue', image: 'jobs:main' },
      tags: { Namespace: 'acme', Stage: 'dev', Name: 'acme-dev-queue' },
    })
  }

  /** By the console, the command line or ecspresso: nothing tells. */
  async #byHand(): Promise<void> {
    await this.service({ cluster: 'apps', name: 'front', image: 'web:main' })
    await this.service({ cluster: 'apps', name: 'legacy', image: 'jobs:main', roles: 'legacyRole' })
    await this.service({
      ...{ cluster: 'apps', name: 'green', image: 'web:main' },
      more: { deploymentController: { type: 'CODE_DEPLOY' } },
    })
    await this.service({
      ...{ cluster: 'apps', name: 'blue', image: 'web:main' },
      more: {
        deploymentConfiguration: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 1440 },
      },
    })
    await this.service({ cluster: 'apps', name: 'pinned', image: 'web:3f9ad02b71c4' })
    await this.service({ cluster: 'apps', name: 'foreign', image: 'nginx' })
    await this.service({
      ...{ cluster: 'apps', name: 'site', image: 'web:main' },
      sidecars: [{ name: 'proxy', image: `${REGISTRY}/proxy:main`, essential: true }],
    })
    await this.service({
      ...{ cluster: 'apps', name: 'again', image: 'web:main' },
      tags: { 'caretaker:environment': 'test', 'caretaker:repository': 'web' },
    })
    await this.service({ cluster: 'prod', name: 'front', image: 'web:main' })
  }

  async #machines(): Promise<void> {
    const { stage } = this
    const one = {
      ImageId: 'ami-0123456789abcdef0',
      MinCount: 1,
      MaxCount: 1,
      SubnetId: this.#subnet,
    }
    const launch = (Name: string, tags: Tags, more: object = {}) =>
      stage.call<{ Instances: { InstanceId: string }[] }>('ec2', 'RunInstances', {
        ...{ ...one, InstanceType: 't3.micro', ...more },
        TagSpecifications: [{ ResourceType: 'instance', Tags: capital({ Name, ...tags }) }],
      })
    // EC2 takes five launches at once.
    for (const name of ['build', 'wiki', 'metrics', 'logs']) {
      await launch(name, { Terraform: 'true', Owner: 'platform' })
    }
    await stage.minutes(2)
    await launch('scratch', {}, { InstanceType: 'm5d.large' })
    const { Instances } = await launch('nat', {})
    await stage.call('ec2', 'ModifyInstanceAttribute', {
      InstanceId: Instances[0]?.InstanceId,
      SourceDestCheck: { Value: false },
    })
    await this.#databases()
    await this.group('workers', {})
  }

  async group(AutoScalingGroupName: string, tags: Tags): Promise<void> {
    const { stage } = this
    await stage.call('ec2', 'CreateLaunchTemplate', {
      LaunchTemplateName: AutoScalingGroupName,
      LaunchTemplateData: { ImageId: 'ami-1', InstanceType: 't3.micro' },
    })
    await stage.call('auto-scaling', 'CreateAutoScalingGroup', {
      ...{ AutoScalingGroupName, MinSize: 1, MaxSize: 2, DesiredCapacity: 1 },
      LaunchTemplate: { LaunchTemplateName: AutoScalingGroupName, Version: '$Latest' },
      VPCZoneIdentifier: this.#subnet,
      Tags: capital(tags).map((one) => ({ ...one, PropagateAtLaunch: false })),
    })
  }

  /** A database of PostgreSQL. */
  async store(DBInstanceIdentifier: string, tags: Tags): Promise<void> {
    const { stage } = this
    if (!this.#hasSubnets) {
      await stage.call('rds', 'CreateDBSubnetGroup', {
        ...{ DBSubnetGroupName: 'isolated', DBSubnetGroupDescription: 'Isolated' },
        SubnetIds: ['subnet-1', 'subnet-2'],
      })
    }
    this.#hasSubnets = true
    await stage.call('rds', 'CreateDBInstance', {
      ...{ DBInstanceIdentifier, DBInstanceClass: 'db.t4g.micro', Engine: 'postgres' },
      ...{ EngineVersion: '17', DBSubnetGroupName: 'isolated', AllocatedStorage: 20 },
      ...{ MasterUsername: 'postgres', ManageMasterUserPassword: true, BackupRetentionPeriod: 1 },
      Tags: capital(tags),
    })
  }

  async #databases(): Promise<void> {
    const { stage } = this
    await this.store('orders-db', { ManagedBy: 'Terraform', 'caretaker:owner': 'ordering' })
    await this.store('reports', {})
    await stage.minutes(30)
    await stage.call('rds', 'CreateDBInstanceReadReplica', {
      ...{ DBInstanceIdentifier: 'reports-copy', SourceDBInstanceIdentifier: 'reports' },
    })
    await stage.call('rds', 'CreateDBCluster', {
      ...{ DBClusterIdentifier: 'facts', Engine: 'aurora-postgresql', MasterUsername: 'postgres' },
      ...{ ManageMasterUserPassword: true, DBSubnetGroupName: 'isolated' },
    })
    await stage.call('rds', 'CreateDBInstance', {
      ...{ DBInstanceIdentifier: 'facts-1', DBClusterIdentifier: 'facts' },
      ...{ Engine: 'aurora-postgresql', DBInstanceClass: 'db.t4g.medium' },
    })
  }

  /** An ECS service as the command line makes one. */
  async service({
    cluster,
    name,
    image = 'ledger:main',
    sidecars = [],
    roles,
    tags = {},
    more,
  }: Made) {
    await this.stage.call('ecs', 'RegisterTaskDefinition', {
      ...{ family: name, networkMode: 'awsvpc', requiresCompatibilities: ['FARGATE'] },
      ...{ cpu: '256', memory: '512', executionRoleArn: role(roles ?? PASSED) },
      containerDefinitions: [
        {
          ...{ name, image: image === 'nginx' ? image : `${REGISTRY}/${image}` },
          portMappings: [{ containerPort: 80 }],
        },
        ...sidecars,
      ],
    })
    await this.stage.call('ecs', 'CreateService', {
      ...{
        cluster,
        serviceName: name,
        taskDefinition: name,
        desiredCount: 1,
        launchType: 'FARGATE',
      },
      networkConfiguration: { awsvpcConfiguration: { subnets: [this.#subnet] } },
      tags: listed(tags),
      ...more,
    })
  }

  #bounds = (id: string) =>
    this.stage.call('application-auto-scaling', 'RegisterScalableTarget', {
      ...{ ServiceNamespace: 'ecs', ScalableDimension: 'ecs:service:DesiredCount' },
      ...{ ResourceId: `service/${id}`, MinCapacity: 1, MaxCapacity: 10 },
    })

  #deploy(name: string, tags: Tags, resources: Record<string, object>): Promise<void> {
    const template = { Resources: resources } as unknown as Template
    const { cloudFormation } = this.stage.simulation
    return cloudFormation.deploy({ name, template, tags, parameters: {} })
  }
}
