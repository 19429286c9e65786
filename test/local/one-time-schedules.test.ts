import type { GetScheduleOutput, ListSchedulesOutput } from '@aws-sdk/client-scheduler'
import { beforeEach, describe, expect, it } from 'vitest'
import { enforcement } from '../../local/aws/iam/enforcement.ts'
import { Iam } from '../../local/aws/iam/iam.ts'
import { deploy } from '../../local/cloudformation/deploy.ts'
import { Simulation } from '../../local/simulation/simulation.ts'
import { MINUTE, PERSON } from '../kits/account.ts'
import { assembly } from '../kits/templates.ts'
import { MACHINE, ROLE, Timetable } from '../kits/timetable.ts'

const DAY = 24 * 60 * MINUTE
const DELETE = { ActionAfterCompletion: 'DELETE' } as const
const gone = { name: 'ResourceNotFoundException' }

// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#one-time
describe('a schedule for one time', () => {
  let account: Timetable
  const get = (Name = 'sweep') =>
    account.call<GetScheduleOutput>('scheduler', 'GetSchedule', { Name })

  beforeEach(async () => {
    account = await Timetable.open()
  })

  it('calls some time within its minute, not always the same', async () => {
    for (let count = 0; count < 40; count++) {
      await account.schedule('at(2026-03-02T19:00:00)', { Name: `edge-${count}`, ...DELETE })
    }
    await account.run(DAY)
    const seconds = account.started.map(({ at }) => (at - Date.parse('2026-03-02T19:00Z')) / 1000)
    expect(seconds).toHaveLength(40)
    expect(Math.min(...seconds)).toBeGreaterThanOrEqual(0)
    // Delivery takes a moment more.
    expect(Math.max(...seconds)).toBeLessThanOrEqual(60.2)
    expect(Math.max(...seconds) - Math.min(...seconds)).toBeGreaterThan(30)
  })

  it('stays after its time unless it is to be deleted, and its name with it', async () => {
    await account.schedule('at(2026-03-02T19:00:00)')
    await account.run(DAY)
    expect(await get()).toMatchObject({ State: 'ENABLED' })
    await expect(account.schedule('at(2026-03-03T19:00:00)')).rejects.toMatchObject({
      name: 'ConflictException',
    })
    await account.change('at(2026-03-03T19:00:00)', DELETE)
    await account.run(DAY)
    expect(account.minutes).toEqual(['2026-03-02T19:00', '2026-03-03T19:00'])
    await expect(get()).rejects.toMatchObject(gone)
    await account.schedule('at(2026-03-05T19:00:00)')
  })

  it('is moved before its time comes, and calls once', async () => {
    await account.schedule('at(2026-03-02T19:00:00)', DELETE)
    await account.change('at(2026-03-02T21:00:00)', DELETE)
    await account.run(DAY)
    expect(account.minutes).toEqual(['2026-03-02T21:00'])
  })

  it('that is deleted or never was there is not found', async () => {
    await account.schedule('at(2026-03-02T19:00:00)')
    await account.call('scheduler', 'DeleteSchedule', { Name: 'sweep' })
    for (const operation of ['GetSchedule', 'DeleteSchedule']) {
      await expect(account.call('scheduler', operation, { Name: 'sweep' })).rejects.toMatchObject({
        ...gone,
        statusCode: 404,
      })
    }
    await expect(account.change('at(2026-03-02T19:00:00)')).rejects.toMatchObject(gone)
    await account.run(DAY)
    expect(account.started).toEqual([])
  })

  it('whose firing is lost calls nobody and stays; those that come again are not lost', async () => {
    account.faults.set({ unfired: 1 })
    await account.schedule('at(2026-03-02T19:00:00)', { Name: 'edge', ...DELETE })
    await account.schedule('rate(6 hours)', { Name: 'sweep' })
    await account.run(DAY)
    expect(account.scheduler.invocations.map(({ schedule }) => schedule)).not.toContain('edge')
    expect(account.started).toHaveLength(4)
    expect(account.faults.log).toMatchObject([
      { kind: 'unfired', eventId: expect.stringMatching(/:schedule\/default\/edge$/) },
    ])
    account.faults.set({ unfired: 0 })
    await account.call('scheduler', 'UpdateSchedule', {
      Name: 'edge',
      ScheduleExpression: 'at(2026-03-03T19:00:00)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: MACHINE, RoleArn: ROLE },
      ...DELETE,
    })
    await account.run(DAY)
    expect(account.scheduler.invocations.map(({ schedule }) => schedule)).toContain('edge')
    await expect(get('edge')).rejects.toMatchObject(gone)
  })
})

const trust = (Condition?: object) =>
  JSON.stringify({
    Statement: {
      Effect: 'Allow',
      Principal: { Service: 'scheduler.amazonaws.com' },
      Action: 'sts:AssumeRole',
      ...(Condition && { Condition }),
    },
  })

// https://docs.aws.amazon.com/scheduler/latest/UserGuide/security_iam_id-based-policies.html
describe('whoever makes a schedule', () => {
  let account: Timetable

  beforeEach(async () => {
    account = await Timetable.open()
    account.aws.register(new Iam(account.aws))
  })

  const role = (RoleName: string, AssumeRolePolicyDocument: string) =>
    account.call('iam', 'CreateRole', { RoleName, AssumeRolePolicyDocument })

  it('names a role that Scheduler can take on for the group', async () => {
    const message =
      'The execution role you provide must allow AWS EventBridge Scheduler to assume the role.'
    const refused = { name: 'ValidationException', message }
    const schedule = () => account.schedule('at(2026-03-02T19:00:00)')
    await expect(schedule()).rejects.toMatchObject(refused)
    const other = { ArnLike: { 'aws:SourceArn': 'arn:aws:scheduler:*:*:schedule-group/other' } }
    await role('sweep', trust(other))
    await expect(schedule()).rejects.toMatchObject(refused)
    await account.call('iam', 'UpdateAssumeRolePolicy', {
      RoleName: 'sweep',
      PolicyDocument: trust(),
    })
    await schedule()
  })

  it('may do so for the schedules of a group, and hand on the role to Scheduler alone', async () => {
    await role('sweep', trust())
    await role('planner', trust().replace('scheduler', 'lambda'))
    await account.call('scheduler', 'CreateScheduleGroup', { Name: 'edges' })
    const allow = (Action: string | string[], Resource: string, more: object = {}) => ({
      Effect: 'Allow',
      Action,
      Resource,
      ...more,
    })
    const put = (...Statement: object[]) =>
      account.call('iam', 'PutRolePolicy', {
        RoleName: 'planner',
        PolicyName: 'own',
        PolicyDocument: JSON.stringify({ Statement }),
      })
    account.aws.guards.push(enforcement(account.aws))
    const caller = {
      kind: 'function' as const,
      name: 'planner',
      roleArn: 'arn:aws:iam::123456789012:role/planner',
    }
    const ask = async (operation: string, more: object = {}) => {
      const input = { Name: 'edge', GroupName: 'edges', ...more }
      const answer = account.aws.call('scheduler', operation, input, caller).then(
        () => 'ok',
        ({ message }: Error) => message,
      )
      await account.run(1_000)
      return answer
    }
    const create = (GroupName = 'edges') =>
      ask('CreateSchedule', {
        GroupName,
        ScheduleExpression: 'at(2026-03-02T19:00:00)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: { Arn: MACHINE, RoleArn: ROLE },
      })
    const own = allow(
      ['scheduler:CreateSchedule', 'scheduler:DeleteSchedule'],
      'arn:aws:scheduler:eu-central-1:123456789012:schedule/edges/*',
    )
    const pass = (to: string) =>
      allow('iam:PassRole', ROLE, { Condition: { StringEquals: { 'iam:PassedToService': to } } })
    await put(own)
    expect(await create()).toContain('is not authorized to perform: iam:PassRole')
    await put(own, pass('lambda.amazonaws.com'))
    expect(await create()).toContain('is not authorized to perform: iam:PassRole')
    await put(own, pass('scheduler.amazonaws.com'))
    expect(await create()).toBe('ok')
    expect(await create('default')).toContain(
      'scheduler:CreateSchedule on resource: arn:aws:scheduler:eu-central-1:123456789012:schedule/default/edge',
    )
    expect(await ask('GetSchedule')).toContain('scheduler:GetSchedule')
    expect(await ask('DeleteSchedule')).toBe('ok')
  })
})

describe('a stack', () => {
  it('brings a group, whose schedules go with it', async () => {
    const { aws, world } = await Simulation.open({
      seed: 1,
      start: new Date('2026-03-02T09:00:00Z'),
      empty: true,
    })
    const call = <Output = object>(service: string, operation: string, input: object) =>
      aws.call<Output>(service, operation, input, PERSON)
    const Group = {
      Type: 'AWS::Scheduler::ScheduleGroup',
      Properties: { Name: 'edges', Tags: [{ Key: 'caretaker:environment', Value: 'dev' }] },
    }
    await deploy(aws, assembly({ Stack: { Resources: { Group } } }))
    const filter = { ResourceTypeFilters: ['scheduler:schedule-group'] }
    expect(await call('resource-groups-tagging-api', 'GetResources', filter)).toMatchObject({
      ResourceTagMappingList: [{ ResourceARN: expect.stringMatching(/:schedule-group\/edges$/) }],
    })
    await call('iam', 'CreateRole', { RoleName: 'sweep', AssumeRolePolicyDocument: trust() })
    await call('scheduler', 'CreateSchedule', {
      Name: 'edge',
      GroupName: 'edges',
      ScheduleExpression: 'at(2026-03-02T19:00:00)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: MACHINE, RoleArn: ROLE },
    })
    await call('scheduler', 'DeleteScheduleGroup', { Name: 'edges' })
    const { Schedules } = await call<ListSchedulesOutput>('scheduler', 'ListSchedules', {})
    expect(Schedules).toEqual([])
    await world.run(MINUTE)
    await expect(call('scheduler', 'GetScheduleGroup', { Name: 'edges' })).rejects.toMatchObject(
      gone,
    )
  })
})
