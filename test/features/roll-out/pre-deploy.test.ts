import { beforeAll, describe, expect, it } from 'vitest'
import type { ImageDescription } from '../../../local/aws/ecr/image.ts'
import { catalogOf } from '../../kits/catalog.ts'
import { GOOD, Stage } from '../../kits/roll-outs.ts'

const ORDERS = `team: ordering
preDeploy: [./manage.py, migrate]
deployment: { deadline: 300 }
schedule: office-hours
`
const LOGS = ['relation "items" already exists']
const BAD_MIGRATION: ImageDescription = {
  behaviour: 'healthy',
  failing: { command: 'migrate', exitCode: 3, logs: LOGS },
}
const SERVICE = { cluster: 'dev-backend', service: 'orders' }
const BY = 'caretaker/dev-backend/orders'

let catalog: string
beforeAll(() => {
  catalog = catalogOf({ 'services/orders.yaml': ORDERS })
})

/** A service that runs its first image. */
async function running(): Promise<{ stage: Stage; first: string }> {
  const stage = await Stage.open({ catalog })
  const first = stage.push(GOOD)
  await stage.minutes(12)
  return { stage, first }
}

/** The tasks before deployments that run at this moment. */
async function before(stage: Stage): Promise<string[]> {
  const { taskArns } = await stage.call<{ taskArns: string[] }>('ecs', 'ListTasks', {
    cluster: 'dev-backend',
    startedBy: BY,
  })
  return taskArns
}

/** Goes on until a task before a deployment runs. @returns its ARN. */
async function untilBefore(stage: Stage): Promise<string> {
  for (let second = 0; second < 120; second += 5) {
    const [task] = await before(stage)
    if (task !== undefined) return task
    await stage.simulation.world.run(5000)
  }
  throw new Error('no task runs before the deployment')
}

const runs = async (stage: Stage) => (await stage.service()).running?.digest
const last = (stage: Stage) => stage.simulation.records.all.at(-1)

describe('a task before each deployment', () => {
  it('runs with the new image, and the deployment waits until it has ended well', async () => {
    const { stage, first } = await running()
    expect([stage.verdicts(), stage.calls('RunTask')]).toEqual([['deployed'], 1])
    const second = stage.push(GOOD)
    const task = await untilBefore(stage)
    const { tasks } = await stage.call<{
      tasks: { overrides: object; containers: { image: string }[]; tags: object[] }[]
    }>('ecs', 'DescribeTasks', { cluster: 'dev-backend', tasks: [task], include: ['TAGS'] })
    expect(tasks[0]?.containers[0]?.image).toContain(second)
    expect(tasks[0]?.overrides).toMatchObject({
      containerOverrides: [{ name: 'orders', command: ['./manage.py', 'migrate'] }],
    })
    expect(tasks[0]?.tags).toContainEqual({ key: 'caretaker:service', value: 'orders' })
    expect(await runs(stage)).toBe(first)
    await stage.minutes(12)
    expect([stage.verdicts(), await runs(stage)]).toEqual([['deployed', 'deployed'], second])
  })

  it('that fails leaves the service as it is, and is told with its last words', async () => {
    const { stage, first } = await running()
    const updates = stage.calls('UpdateService')
    stage.push(BAD_MIGRATION)
    await stage.minutes(40)
    expect([stage.verdicts(), await runs(stage)]).toEqual([['deployed', 'rolled-back'], first])
    expect(last(stage)).toMatchObject({
      reason:
        'the task before the deployment failed, the service was left as it is: Essential container in task exited (orders, exit code 3)',
      failure: { container: 'orders', exitCode: 3, logs: LOGS },
    })
    // Nothing was deployed, and it is not tried again.
    expect([stage.calls('UpdateService'), stage.calls('RunTask')]).toEqual([updates, 2])
  })

  it('that does not end in its time is stopped', async () => {
    const { stage, first } = await running()
    stage.push({ behaviour: 'healthy', startup: 3600 })
    await stage.minutes(20)
    expect([stage.verdicts(), await runs(stage)]).toEqual([['deployed', 'rolled-back'], first])
    expect(last(stage)?.reason).toBe(
      'the task before the deployment had not ended after 5 minutes and was stopped, the service was left as it is',
    )
    expect(await before(stage)).toEqual([])
  })

  it('runs alone: what a roll-out that was killed has started is waited for', async () => {
    const { stage } = await running()
    stage.push({ behaviour: 'healthy', startup: 200 })
    const left = await untilBefore(stage)
    const { stateMachineArn } = {
      stateMachineArn: stage.simulation.aws.arn('states', 'stateMachine:dev-roll-out'),
    }
    const { executions } = await stage.call<{ executions: { executionArn: string }[] }>(
      'sfn',
      'ListExecutions',
      { stateMachineArn, statusFilter: 'RUNNING' },
    )
    for (const { executionArn } of executions)
      await stage.call('sfn', 'StopExecution', { executionArn })
    const seen = new Set([left])
    for (let minute = 0; minute < 40; minute += 0.5) {
      const now = await before(stage)
      expect(now.length).toBeLessThan(2)
      for (const task of now) seen.add(task)
      await stage.simulation.world.run(30_000)
    }
    expect(seen.size).toBe(2)
    expect(stage.verdicts().at(-1)).toBe('deployed')
  })

  it('waits for a service that sleeps: what it needs sleeps too', async () => {
    const { stage, first } = await running()
    await stage.call('ecs', 'UpdateService', { ...SERVICE, desiredCount: 0 })
    await stage.minutes(5)
    const second = stage.push(GOOD)
    await stage.minutes(30)
    expect([stage.verdicts().at(-1), stage.calls('RunTask')]).toEqual(['frozen', 1])
    expect(last(stage)?.reason).toBe(
      'the service is asleep, and a task runs before each deployment: both begin when it has woken',
    )
    await stage.call('ecs', 'UpdateService', { ...SERVICE, desiredCount: 1 })
    await stage.minutes(3)
    expect(await runs(stage)).toBe(first)
    await stage.minutes(20)
    expect([stage.verdicts().at(-1), stage.calls('RunTask')]).toEqual(['deployed', 2])
    expect(await runs(stage)).toBe(second)
  })

  it('is not run again for an image that a person goes back to', async () => {
    const { stage, first } = await running()
    stage.push(GOOD)
    await stage.minutes(12)
    await stage.call('sfn', 'StartExecution', {
      stateMachineArn: stage.simulation.aws.arn('states', 'stateMachine:dev-roll-out'),
      input: JSON.stringify({ service: 'orders', digest: first, by: 'ana', reason: 'slow' }),
    })
    await stage.minutes(12)
    expect([await runs(stage), stage.calls('RunTask')]).toEqual([first, 2])
  })
})
