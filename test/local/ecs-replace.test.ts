import { expect, test } from 'vitest'
import { MINUTE } from '../kits/account.ts'
import { Cluster } from '../kits/cluster.ts'

// https://aws.amazon.com/about-aws/whats-new/2025/11/amazon-ecs-service-availability-rolling-deployments

/** Two tasks of a good revision, and a deployment under way of one that is not healthy for a while. */
async function underWay() {
  const account = await Cluster.open()
  const first = await account.revision({})
  await account.create(first, { deploymentConfiguration: {} })
  await account.run(3 * MINUTE)
  const second = await account.revision({ behaviour: 'never-starts' })
  await account.update({ taskDefinition: second })
  await account.run(MINUTE)
  const running = async (definition: string) =>
    (await account.tasks()).filter(
      ({ taskDefinitionArn, lastStatus }) =>
        taskDefinitionArn === definition && lastStatus === 'RUNNING',
    )
  return { account, first, second, running }
}

test('a task of the old revision that dies while a deployment is under way is replaced by its own', async () => {
  const { account, first, running } = await underWay()
  const [one] = await running(first)
  await account.call('ecs', 'StopTask', { cluster: 'dev', task: one?.taskArn })
  await account.run(MINUTE)
  const after = await running(first)
  expect(after).toHaveLength(2)
  expect(after.map(({ taskArn }) => taskArn)).not.toContain(one?.taskArn)
  const { deployments = [] } = await account.service()
  expect(deployments.map(({ status, desiredCount }) => [status, desiredCount])).toEqual([
    ['PRIMARY', 2],
    ['ACTIVE', 2],
  ])
})

test('the only task of the old revision too, and the good one that comes next takes its place', async () => {
  const { account, first, running } = await underWay()
  await account.update({ desiredCount: 1 })
  await account.run(MINUTE)
  const [one] = await running(first)
  await account.call('ecs', 'StopTask', { cluster: 'dev', task: one?.taskArn })
  await account.run(MINUTE)
  expect(await running(first)).toHaveLength(1)

  const third = await account.revision({})
  await account.update({ taskDefinition: third })
  await account.run(3 * MINUTE)
  expect(await running(third)).toHaveLength(1)
  expect(await account.tasks()).toHaveLength(1)
  expect((await account.deployments())[0]?.status).toBe('SUCCESSFUL')
})

test('one that starts in the place of another is not waited for when the new ones are healthy', async () => {
  const account = await Cluster.open()
  const first = await account.revision({ startup: 300 })
  await account.create(first)
  await account.run(10 * MINUTE)
  const second = await account.revision({ startup: 40 })
  await account.update({ taskDefinition: second })
  await account.run(20_000)
  const [one] = (await account.tasks()).filter(
    ({ taskDefinitionArn }) => taskDefinitionArn === first,
  )
  await account.call('ecs', 'StopTask', { cluster: 'dev', task: one?.taskArn })
  await account.run(3 * MINUTE)
  expect((await account.tasks()).map(({ taskDefinitionArn }) => taskDefinitionArn)).toEqual([
    second,
    second,
  ])
  expect((await account.deployments())[0]?.status).toBe('SUCCESSFUL')
})

test('more tasks that are wanted meanwhile are of both revisions', async () => {
  const { account, first, running } = await underWay()
  await account.update({ desiredCount: 3 })
  await account.run(MINUTE)
  expect(await running(first)).toHaveLength(3)
})

test('what never was well is not replaced', async () => {
  const account = await Cluster.open()
  const bad = await account.revision({ behaviour: 'crashes' })
  await account.create(bad, { deploymentConfiguration: {} })
  await account.run(MINUTE)
  const good = await account.revision({})
  await account.update({ taskDefinition: good })
  await account.run(20_000)
  const { deployments = [] } = await account.service()
  expect(deployments.find(({ status }) => status === 'ACTIVE')?.desiredCount ?? 0).toBe(0)
  await account.run(3 * MINUTE)
  expect((await account.tasks()).map(({ taskDefinitionArn }) => taskDefinitionArn)).toEqual([
    good,
    good,
  ])
})
