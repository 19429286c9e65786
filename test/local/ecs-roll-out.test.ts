import { expect, test } from 'vitest'
import { MINUTE, type Seen } from '../kits/account.ts'
import { Cluster } from '../kits/cluster.ts'

test('a healthy image replaces the old one without ever having too few healthy tasks', async () => {
  const account = await Cluster.open()
  await account.create(await account.revision({ startup: 5 }))
  await account.run(3 * MINUTE)
  expect(account.story()).toEqual(['IN_PROGRESS', 'COMPLETED', 'STEADY_STATE'])

  const second = await account.revision({ startup: 5 })
  const { service } = await account.update({ taskDefinition: second })
  expect(service.deployments?.map(({ status }) => status)).toEqual(['PRIMARY', 'ACTIVE'])
  expect((await account.deployments())[0]?.status).toBe('PENDING')
  account.events.length = 0
  await account.run(3 * MINUTE)

  expect(account.story()).toEqual(['IN_PROGRESS', 'COMPLETED', 'STEADY_STATE'])
  const [deployment] = await account.deployments()
  expect(deployment?.status).toBe('SUCCESSFUL')
  expect(deployment?.targetServiceRevision?.runningTaskCount).toBe(2)
  const now = await account.service()
  expect(now.deployments).toHaveLength(1)
  expect(now.deployments?.[0]?.rolloutState).toBe('COMPLETED')
  expect(now.runningCount).toBe(2)
  expect(now.taskDefinition).toBe(second)

  const moments = account.events.filter(({ detailType }) => detailType === 'ECS Task State Change')
  const running = moments.filter(
    ({ detail }) => detail.lastStatus === 'RUNNING' && detail.taskDefinitionArn === second,
  )
  const leaving = moments.filter(({ detail }) => detail.lastStatus === 'DEACTIVATING')
  expect(running).toHaveLength(2)
  expect(leaving).toHaveLength(2)
  expect(leaving[0]?.at).toBeGreaterThan(running[0]?.at ?? Number.POSITIVE_INFINITY)
  expect(leaving[0]?.detail.stoppedReason).toBe(
    `Scaling activity initiated by (deployment ${now.deployments?.[0]?.id})`,
  )
})

test('a task tells its life in events with rising versions', async () => {
  const account = await Cluster.open()
  await account.create(await account.revision({}), { desiredCount: 1 })
  await account.run(2 * MINUTE)
  const events = account.events.filter(({ detailType }) => detailType === 'ECS Task State Change')
  expect(events.map(({ detail }) => detail.lastStatus)).toEqual([
    'PROVISIONING',
    'PENDING',
    'ACTIVATING',
    'RUNNING',
  ])
  expect(events.map(({ detail }) => detail.version)).toEqual([1, 2, 3, 4])
  const [, , , { detail, resources, delivery }] = events as [Seen, Seen, Seen, Seen]
  expect(delivery).toBe('durable')
  expect(resources).toEqual([detail.taskArn])
  expect(detail).toMatchObject({ group: 'service:orders', launchType: 'FARGATE' })
  expect(detail.startedAt).toMatch(/^2026-03-02T09:0\d:\d\d\.\d{3}Z$/)
  const [task] = await account.tasks()
  expect(task?.startedAt).toEqual(new Date(String(detail.startedAt)))
  expect(detail).not.toHaveProperty('healthStatus')
  expect(task?.containers?.[0]?.imageDigest).toMatch(/^sha256:[0-9a-f]{64}$/)
  expect(account.logs.map(({ message }) => message)).toEqual(['listening on port 8080'])
  expect(account.logs[0]?.stream).toBe(`dev/orders/${task?.taskArn?.split('/').at(-1)}`)
})

test('a newer update stops the deployment that is under way', async () => {
  const account = await Cluster.open()
  await account.create(await account.revision({}))
  await account.run(3 * MINUTE)
  await account.update({ taskDefinition: await account.revision({}) })
  await account.run(20_000)
  const last = await account.revision({})
  await account.update({ taskDefinition: last })
  expect((await account.deployments()).map(({ status }) => status)).toEqual([
    'PENDING',
    'STOP_REQUESTED',
    'SUCCESSFUL',
  ])
  await account.run(10_000)
  expect((await account.deployments()).map(({ status }) => status)).toEqual([
    'IN_PROGRESS',
    'STOPPED',
    'SUCCESSFUL',
  ])
  await account.run(3 * MINUTE)
  expect((await account.deployments())[0]?.status).toBe('SUCCESSFUL')
  expect((await account.service()).taskDefinition).toBe(last)
  expect(
    account.events.some(({ detail }) => detail.eventName === 'SERVICE_DEPLOYMENT_FAILED'),
  ).toBe(false)
})

test('at a desired count of zero a deployment completes and starts nothing', async () => {
  const account = await Cluster.open()
  await account.create(await account.revision({}), { desiredCount: 0 })
  await account.run(10_000)
  await account.update({ taskDefinition: await account.revision({ behaviour: 'crashes' }) })
  await account.run(10_000)
  expect((await account.deployments())[0]?.status).toBe('SUCCESSFUL')
  expect(account.events.some(({ detailType }) => detailType === 'ECS Task State Change')).toBe(
    false,
  )

  await account.update({ desiredCount: 1, taskDefinition: await account.revision({}) })
  await account.run(2 * MINUTE)
  expect(await account.deployments()).toHaveLength(3)
  await account.update({ desiredCount: 3 })
  await account.run(2 * MINUTE)
  expect(await account.deployments()).toHaveLength(3)
  expect((await account.service()).runningCount).toBe(3)
  await account.update({ desiredCount: 0 })
  await account.run(2 * MINUTE)
  expect((await account.service()).runningCount).toBe(0)
  expect(await account.tasks('STOPPED')).toHaveLength(3)
  await account.run(60 * MINUTE)
  expect(await account.tasks('STOPPED')).toHaveLength(0)
})

test('with room for no more than the desired tasks, old ones make way first', async () => {
  const account = await Cluster.open()
  const deploymentConfiguration = { minimumHealthyPercent: 50, maximumPercent: 100 }
  await account.create(await account.revision({}), { deploymentConfiguration })
  await account.run(3 * MINUTE)
  await account.update({ taskDefinition: await account.revision({}) })
  let most = 0
  for (let second = 0; second < 240; second++) {
    await account.run(1_000)
    const { runningCount = 0, pendingCount = 0 } = await account.service()
    expect(runningCount).toBeGreaterThanOrEqual(1)
    most = Math.max(most, runningCount + pendingCount)
  }
  expect(most).toBe(2)
  expect((await account.deployments())[0]?.status).toBe('SUCCESSFUL')
})

test('the first task resolves the tag; a new push does not change what the deployment runs', async () => {
  const account = await Cluster.open()
  const first = account.ecr.push({ repository: 'orders', tag: 'main', image: {} })
  const image = `${first.repositoryUri}:main`
  await account.create(await account.define(image), { desiredCount: 1 })
  await account.run(2 * MINUTE)
  const second = account.ecr.push({ repository: 'orders', tag: 'main', image: {} })
  await account.update({ desiredCount: 2 })
  await account.run(2 * MINUTE)
  const digests = async () =>
    (await account.tasks()).map(({ containers }) => containers?.[0]?.imageDigest)
  expect(await digests()).toEqual([first.digest, first.digest])
  await account.update({ forceNewDeployment: true })
  await account.run(3 * MINUTE)
  expect(await digests()).toEqual([second.digest, second.digest])
  const { currentServiceRevisions } = await account.service()
  const { serviceRevisions } = await account.call<{ serviceRevisions: object[] }>(
    'ecs',
    'DescribeServiceRevisions',
    { serviceRevisionArns: [currentServiceRevisions?.[0]?.arn] },
  )
  expect(serviceRevisions[0]).toMatchObject({
    containerImages: [{ containerName: 'orders', image, imageDigest: second.digest }],
  })
})

test('the same seed tells the same story, and an idle day takes no time', async () => {
  const tell = async () => {
    const account = await Cluster.open(7)
    await account.create(await account.revision({}))
    await account.run(3 * MINUTE)
    await account.update({ taskDefinition: await account.revision({ behaviour: 'crashes' }) })
    await account.run(10 * MINUTE)
    return JSON.stringify(account.events)
  }
  expect(await tell()).toBe(await tell())
  const account = await Cluster.open()
  await account.create(await account.revision({}))
  await account.run(10 * MINUTE)
  let moments = 0
  account.world.onChange(() => moments++)
  await account.run(24 * 60 * MINUTE)
  expect(moments).toBeLessThan(5)
})
