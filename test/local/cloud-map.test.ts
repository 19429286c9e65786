import type { DiscoverInstancesResponse } from '@aws-sdk/client-servicediscovery'
import { expect, test } from 'vitest'
import { enforcement } from '../../local/aws/iam/enforcement.ts'
import { Iam } from '../../local/aws/iam/iam.ts'
import { MINUTE } from '../kits/account.ts'
import { Cluster } from '../kits/cluster.ts'

type Arns = { service: string; namespace: string }

async function directory() {
  const account = await Cluster.open()
  const map = <Output>(operation: string, input: object) =>
    account.call<Output>('servicediscovery', operation, input)
  const { OperationId } = await map<{ OperationId: string }>('CreatePrivateDnsNamespace', {
    Name: 'dev.internal',
    Vpc: 'vpc-1',
  })
  const operation = () =>
    map<{ Operation: { Status: string; Targets: { NAMESPACE: string } } }>('GetOperation', {
      OperationId,
    })
  const { Targets } = (await operation()).Operation
  const { Service } = await map<{ Service: { Id: string; Arn: string } }>('CreateService', {
    Name: 'orders',
    NamespaceId: Targets.NAMESPACE,
    HealthCheckCustomConfig: {},
    DnsConfig: { DnsRecords: [{ Type: 'A', TTL: 10 }] },
  })
  const discover = async (more: object = {}) => {
    const input = { NamespaceName: 'dev.internal', ServiceName: 'orders', ...more }
    const { Instances = [] } = await map<DiscoverInstancesResponse>('DiscoverInstances', input)
    return Instances
  }
  return { account, map, operation, service: Service, discover }
}

test('creating a namespace takes some seconds', async () => {
  const { account, operation } = await directory()
  expect((await operation()).Operation.Status).toBe('PENDING')
  await account.run(10_000)
  expect((await operation()).Operation.Status).toBe('SUCCESS')
})

test('tasks are instances: unhealthy until their check passes, gone when they stop', async () => {
  const { account, service, discover } = await directory()
  const { digest, repositoryUri } = account.ecr.push({
    repository: 'orders',
    tag: 'main',
    image: {},
  })
  const image = `${repositoryUri}@${digest}`
  const healthCheck = { command: ['CMD', 'true'], interval: 10 }
  const checked = await account.define(image, {
    containerDefinitions: [{ name: 'orders', image, healthCheck }],
  })
  const serviceRegistries = [{ registryArn: service.Arn }]
  await account.create(checked, { desiredCount: 1, serviceRegistries })
  await account.run(35_000)
  const [early] = await discover({ HealthStatus: 'ALL' })
  expect(early).toMatchObject({
    HealthStatus: 'UNHEALTHY',
    Attributes: { ECS_SERVICE_NAME: 'orders', AWS_INIT_HEALTH_STATUS: 'UNHEALTHY' },
  })
  expect(await discover({ HealthStatus: 'HEALTHY' })).toEqual([])
  await account.run(MINUTE)
  expect(await discover({ HealthStatus: 'HEALTHY' })).toHaveLength(1)

  await account.update({ forceNewDeployment: true })
  await account.run(3 * MINUTE)
  const [task] = await account.tasks()
  const instances = await discover({ HealthStatus: 'ALL' })
  expect(instances.map(({ InstanceId }) => InstanceId)).toEqual([task?.taskArn?.split('/').at(-1)])
  await account.update({ desiredCount: 0 })
  await account.run(MINUTE)
  expect(await discover({ HealthStatus: 'ALL' })).toEqual([])
})

test('custom health takes effect after 30 seconds, and can be taken back', async () => {
  const { account, map, service, discover } = await directory()
  for (const InstanceId of ['a', 'b']) {
    await map('RegisterInstance', {
      ServiceId: service.Id,
      InstanceId,
      Attributes: { AWS_INSTANCE_IPV4: '10.0.0.1', zone: InstanceId },
    })
  }
  const set = (Status: string) =>
    map('UpdateInstanceCustomHealthStatus', { ServiceId: service.Id, InstanceId: 'a', Status })
  const healthy = async () =>
    (await discover({ HealthStatus: 'HEALTHY' })).map(({ InstanceId }) => InstanceId)
  await set('UNHEALTHY')
  await account.run(20_000)
  await set('UNHEALTHY')
  expect(await healthy()).toEqual(['a', 'b'])
  await account.run(10_000)
  expect(await healthy()).toEqual(['b'])
  await set('HEALTHY')
  await account.run(20_000)
  await set('UNHEALTHY')
  await account.run(60_000)
  expect(await healthy()).toEqual(['b'])
  expect(await discover({ QueryParameters: { zone: 'a' } })).toHaveLength(1)
  expect(
    await discover({ OptionalParameters: { zone: 'none' }, HealthStatus: 'ALL' }),
  ).toHaveLength(2)
  expect(await map('GetInstancesHealthStatus', { ServiceId: service.Id })).toEqual({
    Status: { a: 'UNHEALTHY', b: 'HEALTHY' },
  })
})

test('what is asked for by health', async () => {
  const { account, map, service, discover } = await directory()
  for (const InstanceId of ['a', 'b']) {
    await map('RegisterInstance', { ServiceId: service.Id, InstanceId, Attributes: {} })
  }
  const found = async (HealthStatus: string) =>
    (await discover({ HealthStatus })).map(({ InstanceId }) => InstanceId).join(' ')
  const set = (InstanceId: string, Status: string) =>
    map('UpdateInstanceCustomHealthStatus', { ServiceId: service.Id, InstanceId, Status })
  await set('a', 'UNHEALTHY')
  await account.run(30_000)
  expect(await found('HEALTHY')).toBe('b')
  expect(await found('UNHEALTHY')).toBe('a')
  expect(await found('ALL')).toBe('a b')
  expect(await found('HEALTHY_OR_ELSE_ALL')).toBe('b')
  await set('b', 'UNHEALTHY')
  await account.run(30_000)
  expect(await found('HEALTHY')).toBe('')
  expect(await found('HEALTHY_OR_ELSE_ALL')).toBe('a b')
})

test('a task whose check fails is no instance any more', async () => {
  const { account, service, discover } = await directory()
  const { digest, repositoryUri } = account.ecr.push({
    repository: 'orders',
    tag: 'main',
    image: { behaviour: 'unhealthy' },
  })
  const image = `${repositoryUri}@${digest}`
  const healthCheck = { command: ['CMD', 'true'], interval: 10, retries: 2 }
  const checked = await account.define(image, {
    containerDefinitions: [{ name: 'orders', image, healthCheck }],
  })
  const serviceRegistries = [{ registryArn: service.Arn }]
  await account.create(checked, { desiredCount: 1, serviceRegistries })
  await account.run(35_000)
  const [first] = await discover({ HealthStatus: 'ALL' })
  expect(first?.HealthStatus).toBe('UNHEALTHY')
  await account.run(5 * MINUTE)
  const later = await discover({ HealthStatus: 'ALL' })
  expect(later.map(({ InstanceId }) => InstanceId)).not.toContain(first?.InstanceId)
  expect(await discover({ HealthStatus: 'HEALTHY' })).toEqual([])
})

test('attributes of a service: thirty, of 1,024 characters', async () => {
  const { map, service } = await directory()
  const put = (Attributes: Record<string, string>) =>
    map('UpdateServiceAttributes', { ServiceId: service.Id, Attributes })
  const many = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`a${index}`, 'x']))
  await put(many)
  await put({ a0: 'x'.repeat(1024) })
  await expect(put({ more: 'x' })).rejects.toMatchObject({
    name: 'ServiceAttributesLimitExceededException',
  })
  await expect(put({ a0: 'x'.repeat(1025) })).rejects.toMatchObject({ name: 'InvalidInput' })
  await map('DeleteServiceAttributes', { ServiceId: service.Id, Attributes: ['a0', 'a1'] })
  await put({ ['k'.repeat(255)]: 'x' })
  await expect(put({ ['k'.repeat(256)]: 'x' })).rejects.toMatchObject({ name: 'InvalidInput' })
})

test.each([
  ['both by their ARNs', (own: Arns) => [own.service, own.namespace], 'ok'],
  ['the service alone', (own: Arns) => [own.service], 'AccessDeniedException'],
  ['another service', (own: Arns) => [`${own.service}x`, own.namespace], 'AccessDeniedException'],
])('a role that may ask for instances of %s', async (_, resources, outcome) => {
  const { account, operation, service } = await directory()
  const { aws } = account
  aws.register(new Iam(aws))
  aws.guards.push(enforcement(aws))
  const trust = { Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }
  const document = (...statements: object[]) =>
    JSON.stringify({ Statement: statements.map((one) => ({ Effect: 'Allow', ...one })) })
  const RoleName = 'asks'
  const AssumeRolePolicyDocument = document(trust)
  await account.call('iam', 'CreateRole', { RoleName, AssumeRolePolicyDocument })
  const id = (await operation()).Operation.Targets.NAMESPACE
  const own = { service: service.Arn, namespace: aws.arn('servicediscovery', `namespace/${id}`) }
  const Resource = resources(own)
  const PolicyDocument = document({ Action: 'servicediscovery:DiscoverInstances', Resource })
  await account.call('iam', 'PutRolePolicy', { RoleName, PolicyName: 'own', PolicyDocument })
  const roleArn = `arn:aws:iam::${aws.account}:role/${RoleName}`
  const asked = account.call(
    'servicediscovery',
    'DiscoverInstances',
    { NamespaceName: 'dev.internal', ServiceName: 'orders' },
    { kind: 'person', name: 'anna', roleArn },
  )
  expect(
    await asked.then(
      () => 'ok',
      (error: Error) => error.name,
    ),
  ).toBe(outcome)
})

test('services have attributes, and their revision tells of changes', async () => {
  const { map, service } = await directory()
  await map('UpdateServiceAttributes', { ServiceId: service.Id, Attributes: { version: '1.4.0' } })
  expect(await map('GetServiceAttributes', { ServiceId: service.Id })).toMatchObject({
    ServiceAttributes: { ServiceArn: service.Arn, Attributes: { version: '1.4.0' } },
  })
  const names = { NamespaceName: 'dev.internal', ServiceName: 'orders' }
  const revision = () => map<{ InstancesRevision: number }>('DiscoverInstancesRevision', names)
  const before = (await revision()).InstancesRevision
  await map('RegisterInstance', { ServiceId: service.Id, InstanceId: 'a', Attributes: {} })
  expect((await revision()).InstancesRevision).toBe(before + 1)
  await expect(map('DeleteService', { Id: service.Id })).rejects.toMatchObject({
    name: 'ResourceInUse',
  })
  await expect(map('GetService', { Id: 'srv-none' })).rejects.toMatchObject({
    name: 'ServiceNotFound',
  })
  await expect(
    map('DiscoverInstances', { NamespaceName: 'none', ServiceName: 'orders' }),
  ).rejects.toMatchObject({ name: 'NamespaceNotFound' })
})
