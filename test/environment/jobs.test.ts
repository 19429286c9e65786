import type { DescribeTasksResponse, ListTasksResponse, Task } from '@aws-sdk/client-ecs'
import { expect, it } from 'vitest'
import { Stage } from '../kits/roll-outs.ts'

/** Tasks of a cluster that have ended within the last hour, by the family of their definition. */
async function ended(stage: Stage, cluster: string, family: string): Promise<Task[]> {
  const { taskArns = [] } = await stage.call<ListTasksResponse>('ecs', 'ListTasks', {
    cluster,
    family,
    desiredStatus: 'STOPPED',
  })
  if (taskArns.length === 0) return []
  const input = { cluster, tasks: taskArns, include: ['TAGS'] }
  return (await stage.call<DescribeTasksResponse>('ecs', 'DescribeTasks', input)).tasks ?? []
}

it('a job runs at its hour, with the newest image, and its task says whose it is', async () => {
  const stage = await Stage.open()
  const digest = stage.push(undefined, 'nightly-report', 'main')
  // Just after 18:30 in Berlin; ECS remembers ended tasks for an hour.
  await stage.minutes(8 * 60 + 45)
  const tasks = await ended(stage, 'dev-backend', 'dev-nightly-report')
  expect(tasks).toMatchObject([
    { stopCode: 'EssentialContainerExited', containers: [{ exitCode: 0, imageDigest: digest }] },
  ])
  expect(tasks[0]?.tags).toContainEqual({ key: 'caretaker:service', value: 'nightly-report' })
})

it('a service’s database is prepared when its stack has been deployed', async () => {
  const stage = await Stage.open()
  const { journal } = stage.simulation.eventbridge
  const told = journal.filter(({ rules }) => rules.includes('dev-payments-database'))
  expect(told).toMatchObject([{ deliveries: [{ outcome: 'delivered' }] }])
  const [task] = await ended(stage, 'dev-backend', 'dev-payments-database')
  expect(task?.containers).toMatchObject([{ exitCode: 0 }])
})
