import type { DeploymentCircuitBreaker } from '@aws-sdk/client-ecs'
import { expect, test } from 'vitest'
import { thresholdOf } from '../../local/aws/ecs/breaker.ts'
import { MINUTE } from '../kits/account.ts'
import { Cluster } from '../kits/cluster.ts'

async function serving(more: object = {}): Promise<{ account: Cluster; good: string }> {
  const account = await Cluster.open()
  const good = await account.revision({})
  await account.create(good, more)
  await account.run(8 * MINUTE)
  account.events.length = 0
  return { account, good }
}

const breaker = (more: Partial<DeploymentCircuitBreaker> = {}) => ({
  deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true, ...more } },
})

test('a crashing image trips the breaker at its count and the service goes back', async () => {
  const { account, good } = await serving()
  const bad = await account.revision({ behaviour: 'crashes', exitCode: 137, logs: ['boom'] })
  const { service } = await account.update({ taskDefinition: bad })
  const [deployment, before] = service.deployments ?? []
  await account.run(5 * MINUTE)

  expect(account.story()).toEqual([
    'IN_PROGRESS',
    'FAILED',
    'IN_PROGRESS',
    'COMPLETED',
    'STEADY_STATE',
  ])
  const changes = account.events.filter(({ detailType }) => /Deployment State/.test(detailType))
  expect(
    changes.map(({ detail }) => [detail.eventType, detail.deploymentId, detail.reason]),
  ).toEqual([
    ['INFO', deployment?.id, `ECS deployment ${deployment?.id} in progress.`],
    ['ERROR', deployment?.id, 'ECS deployment circuit breaker: tasks failed to start.'],
    [
      'INFO',
      before?.id,
      `ECS deployment circuit breaker: rolling back to deploymentId ${before?.id}.`,
    ],
    ['INFO', before?.id, `ECS deployment ${before?.id} completed.`],
  ])
  const [ended] = await account.deployments()
  expect(ended).toMatchObject({
    status: 'ROLLBACK_SUCCESSFUL',
    deploymentCircuitBreaker: { status: 'TRIGGERED', failureCount: 2, threshold: 2 },
    rollback: { reason: expect.stringContaining('circuit breaker') },
  })
  expect((await account.service()).taskDefinition).toBe(good)
  expect((await account.service()).runningCount).toBe(2)

  const stopped = (await account.tasks('STOPPED')).filter((task) => task.taskDefinitionArn === bad)
  expect(stopped).toHaveLength(2)
  expect(stopped[0]).toMatchObject({
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    containers: [{ exitCode: 137, lastStatus: 'STOPPED' }],
  })
  expect(account.logs.filter(({ message }) => message === 'boom')).toHaveLength(2)
  // The good tasks were never touched.
  expect(
    account.events.some(
      ({ detail }) => detail.taskDefinitionArn === good && detail.lastStatus === 'DEACTIVATING',
    ),
  ).toBe(false)
})

test('by default three failures are needed, and one healthy task forgets them', async () => {
  const { account } = await serving({ ...breaker(), desiredCount: 1 })
  await account.update({ taskDefinition: await account.revision({ behaviour: 'crashes' }) })
  await account.run(6 * MINUTE)
  const [ended] = await account.deployments()
  expect(ended?.deploymentCircuitBreaker).toEqual({
    status: 'TRIGGERED',
    failureCount: 3,
    threshold: 3,
  })
  expect(ended?.status).toBe('ROLLBACK_SUCCESSFUL')
})

test.each([
  [1, undefined, 3],
  [25, undefined, 13],
  [400, undefined, 200],
  [1, { type: 'COUNT', value: 1 }, 1],
  [10, { type: 'UNBOUNDED_PERCENT', value: 10 }, 1],
  [1000, { type: 'UNBOUNDED_PERCENT', value: 50 }, 500],
] as const)('%i tasks with %o fail at %i', (desired, thresholdConfiguration, threshold) => {
  const configuration = thresholdConfiguration === undefined ? {} : { thresholdConfiguration }
  expect(thresholdOf({ enable: true, rollback: true, ...configuration }, desired)).toBe(threshold)
})

test('an image that cannot be pulled never starts, and starts slow down', async () => {
  const { account, good } = await serving({ deploymentConfiguration: {} })
  const bad = await account.revision({ behaviour: 'never-starts' })
  await account.update({ taskDefinition: bad })
  await account.run(60 * MINUTE)
  expect(account.story()).toContain('TASK_START_IMPAIRED')
  expect(account.story()).not.toContain('FAILED')
  const starts = account.events.filter(
    ({ detail }) => detail.taskDefinitionArn === bad && detail.lastStatus === 'PROVISIONING',
  )
  expect(starts.length).toBeGreaterThan(6)
  expect(starts.length).toBeLessThan(30)
  const [task] = await account.tasks('STOPPED')
  expect(task?.stopCode).toBe('TaskFailedToStart')
  expect(task?.stoppedReason).toMatch(/^CannotPullContainerError: /)
  expect(task?.startedAt).toBeUndefined()
  const [deployment] = await account.deployments()
  expect(deployment?.status).toBe('IN_PROGRESS')
  expect((await account.tasks()).filter((one) => one.taskDefinitionArn === good)).toHaveLength(2)
})

test('an image for another processor ends with an exec format error', async () => {
  const { account } = await serving()
  await account.update({
    taskDefinition: await account.revision({ architectures: ['linux/amd64'] }),
  })
  await account.run(5 * MINUTE)
  expect((await account.deployments())[0]?.status).toBe('ROLLBACK_SUCCESSFUL')
  expect(account.logs.at(-1)?.message).toContain('exec format error')
  const [task] = await account.tasks('STOPPED')
  expect(task?.containers?.[0]?.exitCode).toBe(1)
})

test('a container that fails its health check is stopped and counted', async () => {
  const account = await Cluster.open()
  const healthCheck = { command: ['CMD', 'true'], interval: 10, retries: 2, timeout: 5 }
  const define = async (image: Parameters<Cluster['revision']>[0]) => {
    const { digest, repositoryUri } = account.ecr.push({ repository: 'orders', tag: 'main', image })
    return account.define('unused', {
      containerDefinitions: [{ name: 'orders', image: `${repositoryUri}@${digest}`, healthCheck }],
    })
  }
  await account.create(await define({}))
  await account.run(3 * MINUTE)
  expect((await account.tasks())[0]?.healthStatus).toBe('HEALTHY')
  await account.update({ taskDefinition: await define({ behaviour: 'unhealthy' }) })
  await account.run(6 * MINUTE)
  const [ended] = await account.deployments()
  expect(ended?.status).toBe('ROLLBACK_SUCCESSFUL')
  expect(ended?.deploymentCircuitBreaker?.failureCount).toBe(2)
  const [task] = await account.tasks('STOPPED')
  expect(task?.stoppedReason).toBe('Task failed container health checks')
  expect(task?.containers?.[0]?.exitCode).toBe(137)
})

test('the first deployment of a service has nothing to go back to and stalls', async () => {
  const account = await Cluster.open()
  await account.create(await account.revision({ behaviour: 'crashes' }))
  await account.run(30 * MINUTE)
  expect(account.story()).toEqual(['IN_PROGRESS', 'FAILED'])
  const service = await account.service()
  expect(service.deployments?.[0]).toMatchObject({ status: 'PRIMARY', rolloutState: 'FAILED' })
  expect(service.runningCount).toBe(0)
  const [ended] = await account.deployments()
  expect(ended).toMatchObject({
    status: 'ROLLBACK_FAILED',
    statusReason: 'No rollback candidate was found to run the rollback.',
    deploymentCircuitBreaker: { failureCount: 2 },
  })
})

test('a person can stop a deployment, which rolls it back', async () => {
  const { account, good } = await serving({ deploymentConfiguration: {} })
  await account.update({ taskDefinition: await account.revision({ behaviour: 'never-starts' }) })
  await account.run(MINUTE)
  const [running] = await account.deployments()
  await account.call('ecs', 'StopServiceDeployment', {
    serviceDeploymentArn: running?.serviceDeploymentArn,
    stopType: 'ROLLBACK',
  })
  expect((await account.deployments())[0]?.status).toBe('ROLLBACK_REQUESTED')
  await account.run(3 * MINUTE)
  expect((await account.deployments())[0]?.status).toBe('ROLLBACK_SUCCESSFUL')
  expect((await account.service()).taskDefinition).toBe(good)
})

test('an alarm during the bake time rolls back; one that was red before is ignored', async () => {
  const alarms = { alarmNames: ['errors'], enable: true, rollback: true }
  const { account, good } = await serving({
    deploymentConfiguration: { alarms, bakeTimeInMinutes: 5 },
  })
  await account.update({ taskDefinition: await account.revision({}) })
  await account.run(3 * MINUTE)
  expect((await account.deployments())[0]?.alarms?.status).toBe('MONITORING')
  account.alarms.set('errors', 'ALARM')
  await account.run(3 * MINUTE)
  const [ended] = await account.deployments()
  expect(ended).toMatchObject({
    status: 'ROLLBACK_SUCCESSFUL',
    alarms: { status: 'TRIGGERED', triggeredAlarmNames: ['errors'] },
  })
  expect((await account.service()).taskDefinition).toBe(good)
  await account.update({ taskDefinition: await account.revision({}) })
  await account.run(10 * MINUTE)
  const [next] = await account.deployments()
  expect(next).toMatchObject({ status: 'SUCCESSFUL', alarms: { status: 'DISABLED' } })
})

test('an image that crashes long after it was healthy fails no deployment', async () => {
  const { account } = await serving()
  const late = await account.revision({ behaviour: 'crashes', after: 240 })
  await account.update({ taskDefinition: late })
  await account.run(3 * MINUTE)
  expect((await account.deployments())[0]?.status).toBe('SUCCESSFUL')
  await account.run(3 * MINUTE)
  const stopped = await account.tasks('STOPPED')
  expect(stopped.some(({ taskDefinitionArn }) => taskDefinitionArn === late)).toBe(true)
  expect((await account.service()).runningCount).toBeGreaterThan(0)
})

test('AWS refuses in its own words', async () => {
  const { account } = await serving()
  await expect(
    account.call('ecs', 'DescribeServices', { cluster: 'none', services: ['a'] }),
  ).rejects.toMatchObject({
    name: 'ClusterNotFoundException',
    message: 'Cluster not found.',
  })
  await expect(account.update({ service: 'none' })).rejects.toThrow('Service not found.')
  await expect(account.update({ taskDefinition: 'none:1' })).rejects.toThrow(
    'Unable to describe task definition.',
  )
  const eleven = Array.from({ length: 11 }, (_, index) => `s${index}`)
  await expect(
    account.call('ecs', 'DescribeServices', { cluster: 'dev', services: eleven }),
  ).rejects.toMatchObject({ name: 'InvalidParameterException' })
  expect(
    await account.call('ecs', 'DescribeServices', { cluster: 'dev', services: ['none'] }),
  ).toMatchObject({ services: [], failures: [{ reason: 'MISSING' }] })
  await account.create(await account.revision({}), {
    serviceName: 'blue',
    deploymentController: { type: 'CODE_DEPLOY' },
  })
  await expect(
    account.update({ service: 'blue', taskDefinition: await account.revision({}) }),
  ).rejects.toThrow(/Unable to update task definition on services with a CODE_DEPLOY/)
})
