import { expect, test } from 'vitest'
import { Ecs } from '../../local/aws/ecs/ecs.ts'
import { Faults } from '../../local/aws/faults.ts'
import { MINUTE } from '../kits/account.ts'
import { Cluster } from '../kits/cluster.ts'

/** A cluster whose Fargate may run short. */
async function short() {
  const account = new Cluster()
  const faults = new Faults(account.world.random)
  const ecs = new Ecs(account.aws, faults)
  account.aws.register(ecs)
  await account.call('ecs', 'CreateCluster', { clusterName: 'dev' })
  await account.call('ecr', 'CreateRepository', { repositoryName: 'orders' })
  return { account, faults, ecs }
}

const NETWORK = { awsvpcConfiguration: { subnets: ['subnet-1'] } }

test('a service without capacity says so, starts nothing and counts nothing, and goes on when there is some', async () => {
  const { account, faults } = await short()
  await account.create(await account.revision({}), { networkConfiguration: NETWORK })
  await account.run(3 * MINUTE)
  account.events.length = 0
  faults.shortage({ instanceType: 'FARGATE', until: account.world.now + 15 * MINUTE })
  await account.update({ taskDefinition: await account.revision({}) })
  await account.run(14 * MINUTE)
  const { events = [], deployments = [] } = await account.service()
  expect(events[0]?.message).toBe(
    '(service orders) was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.',
  )
  expect(deployments[0]).toMatchObject({ failedTasks: 0, runningCount: 0, pendingCount: 0 })
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html
  expect(
    account.events.find(({ detail }) => detail.eventName === 'SERVICE_TASK_PLACEMENT_FAILURE'),
  ).toMatchObject({
    detailType: 'ECS Service Action',
    detail: {
      ...{ eventType: 'ERROR', reason: 'RESOURCE:FARGATE' },
      capacityProviderArns: [expect.stringMatching(/:capacity-provider\/FARGATE$/)],
    },
  })
  await account.run(6 * MINUTE)
  expect((await account.deployments())[0]?.status).toBe('SUCCESSFUL')
})

test('a task of its own is refused where there is no capacity', async () => {
  const { account, faults } = await short()
  const taskDefinition = await account.revision({})
  faults.shortage({ instanceType: 'FARGATE', until: account.world.now + MINUTE })
  const run = () =>
    account.call('ecs', 'RunTask', {
      ...{ cluster: 'dev', taskDefinition, launchType: 'FARGATE' },
      networkConfiguration: NETWORK,
    })
  await expect(run()).rejects.toMatchObject({
    name: 'ClientException',
    message: expect.stringContaining('Capacity is unavailable at this time'),
  })
  await account.run(2 * MINUTE)
  expect(await run()).toMatchObject({ tasks: [{ lastStatus: 'PROVISIONING' }] })
})

test('a Spot task that is taken back runs when the event warns of it, is told to end, and is replaced', async () => {
  const { account, ecs } = await short()
  await account.create(await account.revision({ shutdown: 20 }), {
    desiredCount: 1,
    launchType: undefined,
    capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
    networkConfiguration: NETWORK,
  })
  await account.run(3 * MINUTE)
  const [task] = await account.tasks()
  account.events.length = 0
  expect(ecs.interrupt('dev', 'none')).toBe(0)
  expect(ecs.interrupt('dev', 'orders')).toBe(1)
  // https://repost.aws/knowledge-center/fargate-spot-termination-notice
  expect(account.events[0]).toMatchObject({
    detailType: 'ECS Task State Change',
    detail: {
      ...{ taskArn: task?.taskArn, lastStatus: 'RUNNING', desiredStatus: 'STOPPED' },
      ...{ stopCode: 'SpotInterruption', stoppedReason: 'Your Spot Task was interrupted.' },
    },
  })
  await account.run(15_000)
  const own = (status: string) =>
    account.events.some(
      ({ detail }) => detail.taskArn === task?.taskArn && detail.lastStatus === status,
    )
  expect([own('STOPPING'), own('STOPPED')]).toEqual([true, false])
  await account.run(2 * MINUTE)
  expect(own('STOPPED')).toBe(true)
  const after = await account.tasks()
  expect(after.map(({ lastStatus }) => lastStatus)).toEqual(['RUNNING'])
  expect(after[0]?.taskArn).not.toBe(task?.taskArn)
  expect((await account.service()).deployments?.[0]?.failedTasks).toBe(0)
})
