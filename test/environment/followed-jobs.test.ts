import type { DescribeTasksResponse, ListTasksResponse } from '@aws-sdk/client-ecs'
import type { GetScheduleOutput as GetScheduleResponse } from '@aws-sdk/client-scheduler'
import type { ListExecutionsOutput } from '@aws-sdk/client-sfn'
import { beforeAll, describe, expect, it } from 'vitest'
import { requestOf, scheduleName } from '../../local/console/job/start.ts'
import { templatesOf } from '../../local/simulation/synth.ts'
import { catalogOf } from '../kits/catalog.ts'
import { GOOD, Stage } from '../kits/roll-outs.ts'
import { ofType, template } from '../kits/synth.ts'

const CRASHES = { behaviour: 'crashes', exitCode: 3 } as const
const JOB = 'team: ordering\nkind: job\nruns: cron(0 18 * * ? *)\nspot: false\n'

let assembly: string
beforeAll(async () => {
  const catalog = catalogOf({
    'services/import.yaml': `${JOB}retries: 2\n`,
    'services/export.yaml': `${JOB}timeout: 1800\n`,
    'services/report.yaml': JOB,
  })
  assembly = await templatesOf(catalog, { isValidated: true })
})

/** At 18:05 in Berlin, with an image of the job, which is run at 18:00. */
async function evening(job: string, image: Parameters<Stage['push']>[0]): Promise<Stage> {
  const stage = await Stage.open({ assembly, start: new Date('2026-03-02T16:50:00Z') })
  stage.push(image, job)
  await stage.minutes(15)
  return stage
}

async function executions(stage: Stage, job: string) {
  const stateMachineArn = `arn:aws:states:eu-central-1:${stage.simulation.aws.account}:stateMachine:dev-${job}-job`
  const input = { stateMachineArn }
  return (await stage.call<ListExecutionsOutput>('sfn', 'ListExecutions', input)).executions ?? []
}

const tasksOf = async (stage: Stage, job: string, desiredStatus: 'RUNNING' | 'STOPPED') => {
  const input = { cluster: 'dev-backend', family: `dev-${job}`, desiredStatus }
  return (await stage.call<ListTasksResponse>('ecs', 'ListTasks', input)).taskArns ?? []
}

const alarmOf = (stage: Stage, job: string) =>
  stage.simulation.cloudwatch.alarms.find(({ name }) => name === `dev-${job}-failed`)?.state.value

/** When the first attempt has ended, and the next has not begun. */
async function afterOne(job: string): Promise<Stage> {
  const stage = await Stage.open({ assembly, start: new Date('2026-03-02T16:59:00Z') })
  stage.push(CRASHES, job)
  for (let looked = 0; looked < 40; looked += 1) {
    await stage.minutes(0.1)
    if ((await tasksOf(stage, job, 'STOPPED')).length > 0) return stage
  }
  throw new Error(`no run of ${job} has ended`)
}

describe('retries of a job', () => {
  it('a failed run is tried again as often as the file says; only then it is told', async () => {
    const stage = await afterOne('import')
    expect(await tasksOf(stage, 'import', 'STOPPED')).toHaveLength(1)
    expect(await executions(stage, 'import')).toMatchObject([{ status: 'RUNNING' }])
    expect(alarmOf(stage, 'import')).not.toBe('ALARM')
    await stage.minutes(15)
    expect(await tasksOf(stage, 'import', 'STOPPED')).toHaveLength(3)
    expect(await executions(stage, 'import')).toMatchObject([{ status: 'FAILED' }])
    expect(alarmOf(stage, 'import')).toBe('ALARM')
  })

  it('one that succeeds at the second attempt is not told', async () => {
    const stage = await afterOne('import')
    stage.push(GOOD, 'import')
    await stage.minutes(15)
    expect(await tasksOf(stage, 'import', 'STOPPED')).toHaveLength(2)
    expect(await executions(stage, 'import')).toMatchObject([{ status: 'SUCCEEDED' }])
    expect(alarmOf(stage, 'import')).not.toBe('ALARM')
  })
})

describe('timeout of a job', () => {
  it('a run that takes longer is stopped, and told', async () => {
    const stage = await evening('export', { ...CRASHES, after: 7200 })
    expect(await tasksOf(stage, 'export', 'RUNNING')).toHaveLength(1)
    await stage.minutes(30)
    expect(await tasksOf(stage, 'export', 'RUNNING')).toEqual([])
    expect(await executions(stage, 'export')).toMatchObject([{ status: 'FAILED' }])
    expect(alarmOf(stage, 'export')).toBe('ALARM')
  })

  it('one that ends in time has succeeded at once', async () => {
    const stage = await evening('export', GOOD)
    expect(await executions(stage, 'export')).toMatchObject([{ status: 'SUCCEEDED' }])
  })
})

it('one is run by hand as its schedule would run it, once', async () => {
  const stage = await Stage.open({ assembly, start: new Date('2026-03-02T09:00:00Z') })
  stage.push(CRASHES, 'import')
  const { Target } = await stage.call<GetScheduleResponse>('scheduler', 'GetSchedule', {
    Name: scheduleName('dev', 'import'),
  })
  const instead = { container: 'import', command: ['import', '--from', '2026-01-01'] }
  await stage.call('ecs', 'RunTask', requestOf(Target, 'bob@example.com', instead))
  await stage.minutes(15)
  const tasks = await tasksOf(stage, 'import', 'STOPPED')
  expect(tasks).toHaveLength(1)
  const described = await stage.call<DescribeTasksResponse>('ecs', 'DescribeTasks', {
    ...{ cluster: 'dev-backend', tasks },
  })
  expect(described.tasks).toMatchObject([
    {
      startedBy: 'by-hand/bob',
      capacityProviderName: 'FARGATE',
      overrides: { containerOverrides: [{ name: 'import', command: instead.command }] },
    },
  ])
  expect(await executions(stage, 'import')).toEqual([])
})

it('a job without them is started by its schedule alone, and has no machine', async () => {
  const stack = await template('DevService-report', Promise.resolve(assembly))
  expect(ofType(stack, 'AWS::StepFunctions::StateMachine')).toEqual([])
  const [, schedule] = ofType(stack, 'AWS::Scheduler::Schedule')[0] ?? []
  expect(schedule?.Properties?.Target).toHaveProperty('EcsParameters')
})
