import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { catalogWith } from './helpers/catalog.ts'
import { ofType, only, synthesizedFrom, tagsOf, template } from './helpers/synth.ts'

describe('network', () => {
  it('has a public, a private and an isolated subnet in each of two zones', async () => {
    const environment = await template('DevEnvironment')
    const kinds = ofType(environment, 'AWS::EC2::Subnet').map(
      ([, { Properties }]) => tagsOf(Properties)['aws-cdk:subnet-name'],
    )
    expect(kinds.toSorted()).toEqual([
      'isolated',
      'isolated',
      'private',
      'private',
      'public',
      'public',
    ])
  })

  it('has one way out, and free ways to S3 and DynamoDB', async () => {
    const environment = await template('DevEnvironment')
    expect(ofType(environment, 'AWS::EC2::NatGateway')).toHaveLength(1)
    const endpoints = ofType(environment, 'AWS::EC2::VPCEndpoint').map(([, { Properties }]) =>
      JSON.stringify(Properties.ServiceName),
    )
    expect(endpoints).toEqual([
      expect.stringMatching(/\.s3"/),
      expect.stringMatching(/\.dynamodb"/),
    ])
  })

  it('keeps flow logs for a while', async () => {
    const environment = await template('DevEnvironment')
    expect(only(environment, 'AWS::EC2::FlowLog').TrafficType).toBe('REJECT')
    const { RetentionInDays } = only(environment, 'AWS::Logs::LogGroup')
    expect(RetentionInDays).toBe(14)
  })

  it('lets the internet in at one port only', async () => {
    const environment = await template('DevEnvironment')
    const open = ofType(environment, 'AWS::EC2::SecurityGroup').flatMap(
      ([, { Properties }]) => (Properties.SecurityGroupIngress as { CidrIp: string }[]) ?? [],
    )
    expect(open).toEqual([
      expect.objectContaining({ CidrIp: '0.0.0.0/0', FromPort: 80, ToPort: 80 }),
    ])
  })

  it('keeps its addresses when a third zone is added', async () => {
    const yaml = readFileSync('catalog/environment.yaml', 'utf8')
    const grown = catalogWith({
      'environment.yaml': yaml.replace('availabilityZones: 2', 'availabilityZones: 3'),
    })
    const before = blocks(await template('DevEnvironment'))
    const after = blocks(await template('DevEnvironment', synthesizedFrom(grown)))
    expect(Object.keys(after)).toHaveLength(9)
    expect(after).toMatchObject(before)
  })
})

function blocks(environment: Awaited<ReturnType<typeof template>>): Record<string, unknown> {
  return Object.fromEntries(
    ofType(environment, 'AWS::EC2::Subnet').map(([id, { Properties }]) => [
      id,
      Properties.CidrBlock,
    ]),
  )
}

describe('load balancer', () => {
  it('speaks HTTP, and answers 404 where no service is', async () => {
    const listener = only(await template('DevEnvironment'), 'AWS::ElasticLoadBalancingV2::Listener')
    expect(listener).toMatchObject({
      Port: 80,
      Protocol: 'HTTP',
      DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
    })
  })

  it('speaks HTTPS and sends HTTP there, given a certificate', async () => {
    const secure = catalogWith({ 'environment.yaml': SECURE })
    const environment = await template('DevEnvironment', synthesizedFrom(secure))
    const https = only(
      environment,
      'AWS::ElasticLoadBalancingV2::Listener',
      ({ Port }) => Port === 443,
    )
    expect(https).toMatchObject({
      Protocol: 'HTTPS',
      Certificates: [{ CertificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/1' }],
    })
    const http = only(
      environment,
      'AWS::ElasticLoadBalancingV2::Listener',
      ({ Port }) => Port === 80,
    )
    expect(http.DefaultActions).toMatchObject([{ RedirectConfig: { Protocol: 'HTTPS' } }])
  })
})

const SECURE = `name: dev
region: eu-central-1
certificate: arn:aws:acm:eu-central-1:123456789012:certificate/1
owner: storefront
teams:
  storefront: { owner: a@example.com, channel: '#a' }
  ordering: { owner: b@example.com, channel: '#b' }
`

describe('a service', () => {
  it('is called as the catalog calls it, in its cluster', async () => {
    const clusters = ofType(await template('DevEnvironment'), 'AWS::ECS::Cluster')
    expect(clusters.map(([, { Properties }]) => Properties.ClusterName)).toEqual([
      'dev-frontend',
      'dev-backend',
    ])
    const services = await template('DevServices')
    const names = ofType(services, 'AWS::ECS::Service').map(([, r]) => r.Properties.ServiceName)
    expect(names.toSorted()).toEqual(['orders', 'web'])
    const repositories = ofType(services, 'AWS::ECR::Repository').map(
      ([, { Properties }]) => Properties.RepositoryName,
    )
    expect(repositories.toSorted()).toEqual(['orders', 'web'])
  })

  it('has no task and no image of its own before the first push', async () => {
    expect(await serviceNamed('orders')).toMatchObject({ DesiredCount: 0 })
    expect(await containerOf('dev-orders')).toMatchObject({
      Image: 'public.ecr.aws/docker/library/busybox:stable',
      DockerLabels: { 'caretaker.placeholder': 'true' },
    })
  })

  it('is rolled back by ECS after two failed tasks, healthy ones in between or not', async () => {
    expect((await serviceNamed('web')).DeploymentConfiguration).toEqual({
      DeploymentCircuitBreaker: {
        Enable: true,
        Rollback: true,
        ResetOnHealthyTask: false,
        ThresholdConfiguration: { Type: 'COUNT', Value: 2 },
      },
      MinimumHealthyPercent: 100,
      MaximumPercent: 200,
    })
  })

  it('says by its tags what it takes, and only the ECS service does', async () => {
    expect(tagsOf(await serviceNamed('orders'))).toEqual({
      'caretaker:service': 'orders',
      'caretaker:owner': 'ordering',
      'caretaker:environment': 'dev',
      'caretaker:deploy': 'main',
      'caretaker:repository': 'orders',
      'caretaker:count': '1',
    })
    const services = await template('DevServices')
    const others = Object.values(services.Resources).filter(
      ({ Type, Properties }) =>
        Type !== 'AWS::ECS::Service' && 'caretaker:deploy' in tagsOf(Properties),
    )
    expect(others).toEqual([])
  })

  it('writes a glob policy the way a tag can hold it', async () => {
    const catalog = catalogWith({
      'services/preview.yaml':
        'team: ordering\ncluster: backend\ndeploy: glob:feature-*\ncount: 3\n',
    })
    const services = await template('DevServices', synthesizedFrom(catalog))
    const preview = only(
      services,
      'AWS::ECS::Service',
      ({ ServiceName }) => ServiceName === 'preview',
    )
    expect(tagsOf(preview)).toMatchObject({
      'caretaker:deploy': 'glob:feature-@',
      'caretaker:count': '3',
    })
  })

  it('runs on ARM in 256/512, logs under its name, and knows who it is', async () => {
    const task = await taskNamed('dev-orders')
    expect(task).toMatchObject({
      Cpu: '256',
      Memory: '512',
      RuntimePlatform: { CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' },
    })
    expect(await containerOf('dev-orders')).toMatchObject({
      Name: 'orders',
      PortMappings: [{ ContainerPort: 8080 }],
      Environment: [
        { Name: 'SERVICE_NAME', Value: 'orders' },
        { Name: 'ENVIRONMENT', Value: 'dev' },
        { Name: 'PORT', Value: '8080' },
      ],
      LogConfiguration: { Options: { 'awslogs-stream-prefix': 'orders' } },
    })
  })

  it('has a container health check only if it asks for one', async () => {
    expect(await containerOf('dev-orders')).toHaveProperty('HealthCheck')
    expect(await containerOf('dev-web')).not.toHaveProperty('HealthCheck')
  })

  it('is in Cloud Map, and behind the load balancer only with a route', async () => {
    const services = await template('DevServices')
    const registered = ofType(services, 'AWS::ServiceDiscovery::Service').map(
      ([, { Properties }]) => Properties.Name,
    )
    expect(registered.toSorted()).toEqual(['orders', 'web'])
    expect((await serviceNamed('orders')).LoadBalancers).toEqual([])
    expect(only(services, 'AWS::ElasticLoadBalancingV2::TargetGroup')).toMatchObject({
      Name: 'dev-web',
      HealthCheckPath: '/health',
      HealthCheckIntervalSeconds: 10,
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: 2,
      TargetGroupAttributes: expect.arrayContaining([
        { Key: 'deregistration_delay.timeout_seconds', Value: '30' },
      ]),
    })
  })

  it('never loses a tagged image', async () => {
    const { LifecyclePolicy, ImageScanningConfiguration } = only(
      await template('DevServices'),
      'AWS::ECR::Repository',
      ({ RepositoryName }) => RepositoryName === 'orders',
    )
    expect(ImageScanningConfiguration).toEqual({ ScanOnPush: true })
    const { LifecyclePolicyText } = LifecyclePolicy as { LifecyclePolicyText: string }
    const { rules } = JSON.parse(LifecyclePolicyText) as { rules: unknown[] }
    expect(rules).toEqual([
      expect.objectContaining({
        selection: { tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: 100 },
      }),
    ])
  })

  it('shares the repository with another that names the same', async () => {
    const catalog = catalogWith({
      'services/worker.yaml': 'team: ordering\ncluster: backend\nrepository: orders\n',
    })
    const services = await template('DevServices', synthesizedFrom(catalog))
    expect(ofType(services, 'AWS::ECR::Repository')).toHaveLength(2)
    expect(ofType(services, 'AWS::ECS::Service')).toHaveLength(3)
  })
})

async function serviceNamed(name: string): Promise<Record<string, unknown>> {
  const services = await template('DevServices')
  return only(services, 'AWS::ECS::Service', ({ ServiceName }) => ServiceName === name)
}

async function taskNamed(family: string): Promise<Record<string, unknown>> {
  const services = await template('DevServices')
  return only(services, 'AWS::ECS::TaskDefinition', ({ Family }) => Family === family)
}

async function containerOf(family: string): Promise<Record<string, unknown> | undefined> {
  const { ContainerDefinitions } = await taskNamed(family)
  return (ContainerDefinitions as Record<string, unknown>[])[0]
}
