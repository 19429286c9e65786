import type { DiscoverInstancesResponse } from '@aws-sdk/client-servicediscovery'
import { expect, test } from 'vitest'
import { MINUTE } from '../kits/account.ts'
import { Cluster } from '../kits/cluster.ts'

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
