import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import { templatesOf } from '../../local/simulation/synth.ts'
import { catalogOf, catalogWith } from '../kits/catalog.ts'
import { ofType, only, tagsOf, template } from '../kits/synth.ts'

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

  test.each<[string, string[]]>([
    ['frontend', ['backend:0', 'frontend:0', 'load-balancer:0', 'network-load-balancer:0']],
    ['backend', ['backend:0', 'frontend:0', 'load-balancer:0', 'network-load-balancer:0']],
    ['database', ['backend:5432', 'bastion:5432']],
    ['cache', ['backend:6379', 'bastion:6379', 'frontend:6379']],
    ['files', ['backend:2049', 'frontend:2049']],
    ['endpoints', ['backend:443', 'bastion:443', 'frontend:443']],
    ['bastion', []],
    ['network-load-balancer', []],
  ])('lets into the tier %s only %j', async (tier, callers) => {
    expect(await callersOf(tier)).toEqual(callers)
  })

  it('keeps its addresses when a third zone is added', async () => {
    const yaml = readFileSync('catalog/environment.yaml', 'utf8')
    const grown = catalogWith({
      'environment.yaml': yaml.replace('availabilityZones: 2', 'availabilityZones: 3'),
    })
    const before = blocks(await template('DevEnvironment'))
    const after = blocks(
      await template('DevEnvironment', templatesOf(grown, { isValidated: true })),
    )
    expect(Object.keys(after)).toHaveLength(9)
    expect(after).toMatchObject(before)
  })
})

/** Who may open a connection to a tier, as `<tier>:<port>`; port 0 is any. */
async function callersOf(tier: string): Promise<string[]> {
  const environment = await template('DevEnvironment')
  const names = new Map(
    ofType(environment, 'AWS::EC2::SecurityGroup').map(([id, { Properties }]) => [
      id,
      String(Properties.GroupName).replace('dev-', ''),
    ]),
  )
  const nameOf = (reference: unknown) => {
    const { 'Fn::GetAtt': attribute } = reference as { 'Fn::GetAtt': [string, string] }
    return names.get(attribute[0])
  }
  return ofType(environment, 'AWS::EC2::SecurityGroupIngress')
    .filter(([, { Properties }]) => nameOf(Properties.GroupId) === tier)
    .map(
      ([, { Properties }]) => `${nameOf(Properties.SourceSecurityGroupId)}:${Properties.FromPort}`,
    )
    .toSorted()
}

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
    const listener = only(
      await template('DevEnvironment'),
      'AWS::ElasticLoadBalancingV2::Listener',
      // The other one waits at a closed port: load-balancer.ts.
      ({ Port }) => Port !== 8080,
    )
    expect(listener).toMatchObject({
      Port: 80,
      Protocol: 'HTTP',
      DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
    })
  })

  it('speaks HTTPS and sends HTTP there, given a certificate', async () => {
    const secure = catalogOf({ 'environment.yaml': SECURE })
    const environment = await template('DevEnvironment', templatesOf(secure, { isValidated: true }))
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
    const records = ofType(environment, 'AWS::Route53::RecordSet')
    expect(records.map(([, { Properties }]) => Properties.Name)).toEqual([
      'dev.example.com.',
      '*.dev.example.com.',
    ])
  })
})

const SECURE = `name: dev
region: eu-central-1
certificate: arn:aws:acm:eu-central-1:123456789012:certificate/1
domain: dev.example.com
hostedZone: Z0123456789
owner: ordering
teams:
  ordering: { owner: b@example.com, channel: '#b' }
`

describe('access logs', () => {
  it('of both load balancers go to one bucket, which forgets them', async () => {
    const environment = await template('DevEnvironment')
    const [bucketId, bucket] = ofType(environment, 'AWS::S3::Bucket')[0] ?? []
    const balancers = ofType(environment, 'AWS::ElasticLoadBalancingV2::LoadBalancer')
    expect(balancers).toHaveLength(2)
    for (const [, { Properties }] of balancers) {
      expect(Properties.LoadBalancerAttributes).toEqual(
        expect.arrayContaining([
          { Key: 'access_logs.s3.enabled', Value: 'true' },
          { Key: 'access_logs.s3.bucket', Value: { Ref: bucketId } },
        ]),
      )
    }
    expect(bucket?.Properties).toMatchObject({
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: 14, Status: 'Enabled' }] },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
    })
  })

  it('are written only for this account, and only over TLS', async () => {
    const { PolicyDocument } = only(await template('DevEnvironment'), 'AWS::S3::BucketPolicy')
    const { Statement } = PolicyDocument as { Statement: Record<string, unknown>[] }
    expect(Statement[0]).toMatchObject({
      Effect: 'Deny',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    })
    const writers = Statement.slice(1).map(({ Principal }) => Principal)
    expect(writers).toEqual([
      { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' },
      { Service: 'delivery.logs.amazonaws.com' },
      { Service: 'delivery.logs.amazonaws.com' },
      { Service: 'logging.s3.amazonaws.com' },
    ])
    for (const { Condition } of Statement.slice(1)) {
      expect(Condition).toEqual({
        StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
      })
    }
  })
})

describe('clusters', () => {
  it('are two, on Fargate and Fargate Spot, with Container Insights', async () => {
    const environment = await template('DevEnvironment')
    const clusters = ofType(environment, 'AWS::ECS::Cluster').map(([, one]) => one.Properties)
    expect(clusters.map(({ ClusterName }) => ClusterName)).toEqual(['dev-frontend', 'dev-backend'])
    for (const { ClusterSettings } of clusters) {
      expect(ClusterSettings).toEqual([{ Name: 'containerInsights', Value: 'enabled' }])
    }
    const providers = ofType(environment, 'AWS::ECS::ClusterCapacityProviderAssociations')
    expect(providers.map(([, { Properties }]) => Properties.CapacityProviders)).toEqual([
      ['FARGATE', 'FARGATE_SPOT'],
      ['FARGATE', 'FARGATE_SPOT'],
    ])
  })
})

describe('optional parts', () => {
  const yaml = readFileSync('catalog/environment.yaml', 'utf8')
  const withParts = (parts: string) =>
    templatesOf(catalogWith({ 'environment.yaml': `${yaml}\n${parts}` }), { isValidated: true })

  it('that cost are away until they are switched on', async () => {
    const names = readdirSync(await templatesOf())
    expect(names).not.toContain('DevKubernetes.template.json')
    expect(ofType(await template('DevEnvironment'), 'AWS::EC2::VPCEndpoint')).toHaveLength(2)
  })

  it('can be had: Kubernetes without a public address, endpoints without the NAT gateway', async () => {
    const on = withParts('interfaceEndpoints: [ecr, logs]\nparts: { kubernetes: true }\n')
    const cluster = only(await template('DevKubernetes', on), 'AWS::EKS::Cluster')
    expect(cluster).toMatchObject({
      Name: 'dev-kubernetes',
      ResourcesVpcConfig: { EndpointPublicAccess: false, EndpointPrivateAccess: true },
    })
    const kubernetes = await template('DevKubernetes', on)
    expect(JSON.stringify(only(kubernetes, 'AWS::EKS::AccessEntry'))).toMatch(
      /AmazonEKSClusterAdminPolicy.*role\/dev-operator/,
    )
    expect(only(kubernetes, 'AWS::EC2::SecurityGroupIngress')).toMatchObject({
      GroupId: { 'Fn::GetAtt': [expect.anything(), 'ClusterSecurityGroupId'] },
      FromPort: 443,
      ToPort: 443,
    })
    const endpoints = ofType(await template('DevEnvironment', on), 'AWS::EC2::VPCEndpoint')
    const kinds = endpoints.map(([, { Properties }]) => Properties.VpcEndpointType)
    expect(kinds).toEqual(['Gateway', 'Gateway', 'Interface', 'Interface', 'Interface'])
  })

  it('can be done without: flow logs, access logs, Container Insights', async () => {
    const off = await template(
      'DevEnvironment',
      withParts('parts: { flowLogs: false, accessLogs: false, containerInsights: false }\n'),
    )
    expect(ofType(off, 'AWS::EC2::FlowLog')).toEqual([])
    expect(ofType(off, 'AWS::S3::Bucket')).toEqual([])
    const { ClusterSettings } = only(
      off,
      'AWS::ECS::Cluster',
      ({ ClusterName }) => ClusterName === 'dev-backend',
    )
    expect(ClusterSettings).toEqual([{ Name: 'containerInsights', Value: 'disabled' }])
  })

  it('are made when the first service asks: the network load balancer, the data stores', async () => {
    const bare = templatesOf(catalogOf({ 'services/one.yaml': 'team: ordering\n' }), {
      isValidated: true,
    })
    const balancers = ofType(
      await template('DevEnvironment', bare),
      'AWS::ElasticLoadBalancingV2::LoadBalancer',
    )
    expect(balancers.map(([, { Properties }]) => Properties.Name)).toEqual(['dev-public'])
    expect(readdirSync(await bare)).not.toContain('DevData.template.json')
  })
})
