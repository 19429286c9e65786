import type { CreateScheduleInput, GetScheduleOutput } from '@aws-sdk/client-scheduler'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { AwsError } from '../../local/aws/errors.ts'
import { nextCron } from '../../local/aws/schedule/cron.ts'
import { readCron } from '../../local/aws/schedule/cron-fields.ts'
import { instantOf, wallClock } from '../../local/aws/schedule/time-zone.ts'
import { MACHINE, QUEUE_ARN, QUEUE_URL, ROLE, Timetable } from '../kits/timetable.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu']

const cronOf = (text: string) => {
  const cron = readCron(text)
  if (cron === undefined) throw new Error(`not a cron expression: ${text}`)
  return cron
}

/** The next instants of an expression, as ISO text. */
function instants(text: string, after: string, count: number, zone = 'UTC'): string[] {
  const found: string[] = []
  let at: number | undefined = Date.parse(after)
  while (found.length < count) {
    at = nextCron(cronOf(text), at, zone)
    if (at === undefined) break
    found.push(new Date(at).toISOString().replace(':00.000Z', 'Z'))
  }
  return found
}

describe('a cron expression', () => {
  test.each([
    ['0 10 * * ? *', ['2026-03-02T10:00Z', '2026-03-03T10:00Z']],
    ['15 12 ? * MON-FRI *', ['2026-03-02T12:15Z', '2026-03-03T12:15Z']],
    ['0/20 9 ? * 7 *', ['2026-03-07T09:00Z', '2026-03-07T09:20Z', '2026-03-07T09:40Z']],
    ['0-15/5 8-8 ? * 2,3 *', ['2026-03-03T08:00Z', '2026-03-03T08:05Z', '2026-03-03T08:10Z']],
    ['0 0 1 JAN,jul ? *', ['2026-07-01T00:00Z', '2027-01-01T00:00Z']],
    ['0 0 L * ? *', ['2026-03-31T00:00Z', '2026-04-30T00:00Z']],
    ['15 10 ? * 6L 2026-2027', ['2026-03-27T10:15Z', '2026-04-24T10:15Z']],
    ['0 0 ? * TUE#2 *', ['2026-03-10T00:00Z', '2026-04-14T00:00Z']],
    ['0 0 ? * L *', ['2026-03-07T00:00Z', '2026-03-14T00:00Z']],
    // The 1st of August 2026 is a Saturday, the 15th of that month too; the 3rd of May a Sunday.
    ['0 0 1W 8 ? *', ['2026-08-03T00:00Z', '2027-08-02T00:00Z']],
    ['0 0 15W 8 ? 2026', ['2026-08-14T00:00Z']],
    ['0 0 3W 5 ? 2026', ['2026-05-04T00:00Z']],
    ['0 0 31W 5 ? 2026', ['2026-05-29T00:00Z']],
    ['0 0 29 2 ? *', ['2028-02-29T00:00Z', '2032-02-29T00:00Z']],
    ['0 12 * * ?', ['2026-03-02T12:00Z']],
    ['0 0 30 2 ? *', []],
    ['0 0 1 1 ? 2025', []],
  ])('%s', (text, expected) => {
    expect(instants(text, '2026-03-02T09:00:00Z', expected.length || 1)).toEqual(expected)
  })

  test.each([
    '0 10 * * * *',
    '0 10 ? * ? *',
    '60 10 * * ? *',
    '0 24 * * ? *',
    '0 10 0 * ? *',
    '0 10 ? * 8 *',
    '0 10 ? * 3#1,6#3 *',
    '0 10 ? * 3#6 *',
    '0 10 ? * FRI-MON *',
    '*/0 10 * * ? *',
    '0 10 32W * ? *',
    '0 10 * * ? 2200',
    '10 * * ?',
    '0 10 * * ? * *',
    '',
  ])('%j is refused', (text) => {
    expect(readCron(text)).toBeUndefined()
  })

  it('skips a local time that the clocks jump over, and takes a repeated one once', () => {
    // 29 March 2026: 02:00 becomes 03:00; 25 October: 03:00 becomes 02:00.
    expect(instants('30 2 * * ? *', '2026-03-28T00:00:00Z', 3, 'Europe/Berlin')).toEqual([
      '2026-03-28T01:30Z',
      '2026-03-30T00:30Z',
      '2026-03-31T00:30Z',
    ])
    expect(instants('30 2 * * ? *', '2026-10-24T12:00:00Z', 2, 'Europe/Berlin')).toEqual([
      '2026-10-25T00:30Z',
      '2026-10-26T01:30Z',
    ])
  })

  const moment = fc
    .date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true })
    .map((date) => date.getTime())
  const zone = fc.constantFrom(...ZONES)

  it('is always later, shows its own time on the wall, and misses none in between', () => {
    const cron = fc
      .record({ minute: fc.nat(59), hour: fc.nat(23), weekday: fc.integer({ min: 1, max: 7 }) })
      .map(({ minute, hour, weekday }) => ({ minute, hour, weekday }))
    fc.assert(
      fc.property(cron, moment, zone, ({ minute, hour, weekday }, after, where) => {
        const next = nextCron(cronOf(`${minute} ${hour} ? * ${weekday} *`), after, where) ?? 0
        const shown = new Date(wallClock(next, where))
        expect(next).toBeGreaterThan(after)
        expect([shown.getUTCMinutes(), shown.getUTCHours(), shown.getUTCDay() + 1]).toEqual([
          minute,
          hour,
          weekday,
        ])
        // A week, and another when the clocks jump over the time, and the hour they are put back.
        expect(next - after).toBeLessThanOrEqual(14 * DAY + HOUR)
      }),
    )
  })

  it('of every minute goes on with the clock, save in the hour that is repeated', () => {
    fc.assert(
      fc.property(moment, zone, (after, where) => {
        const next = nextCron(cronOf('* * * * ? *'), after, where) ?? 0
        expect(next - after).toBeGreaterThan(0)
        expect(next - after).toBeLessThanOrEqual(HOUR + MINUTE)
      }),
    )
  })

  it('reads a wall clock back to the first instant that shows it', () => {
    fc.assert(
      fc.property(moment, zone, (instant, where) => {
        const second = Math.floor(instant / 1000) * 1000
        const wall = wallClock(second, where)
        const first = instantOf(wall, where) ?? Number.NaN
        expect(wallClock(first, where)).toBe(wall)
        expect(first).toBeLessThanOrEqual(second)
      }),
    )
    expect(instantOf(Date.UTC(2026, 2, 29, 2, 30), 'Europe/Berlin')).toBeUndefined()
  })
})

describe('a schedule', () => {
  it('of a rate calls its target at once and then every so often, with its role', async () => {
    const account = await Timetable.open()
    await account.schedule('rate(5 minutes)')
    await account.run(11 * MINUTE)
    expect(account.minutes).toEqual(['2026-03-02T09:00', '2026-03-02T09:05', '2026-03-02T09:10'])
    expect(account.started[0]).toMatchObject({
      input: '{"sweep":true}',
      caller: { kind: 'aws', name: 'scheduler', roleArn: ROLE },
    })
  })

  it('runs from its start to its end', async () => {
    const account = await Timetable.open()
    await account.schedule('rate(1 hour)', {
      StartDate: new Date('2026-03-02T10:30:00Z'),
      EndDate: new Date('2026-03-02T12:30:00Z'),
    })
    await account.run(DAY)
    expect(account.minutes).toEqual(['2026-03-02T10:30', '2026-03-02T11:30', '2026-03-02T12:30'])
  })

  it('of a cron goes by the wall clock of its zone, across daylight saving', async () => {
    const account = await Timetable.open()
    await account.schedule('cron(0 19 ? * SAT,SUN *)', {
      ScheduleExpressionTimezone: 'Europe/Berlin',
      StartDate: new Date('2026-03-28T00:00:00Z'),
    })
    await account.run(30 * DAY)
    expect(account.minutes).toEqual(['2026-03-28T18:00', '2026-03-29T17:00'])
  })

  it('for one time calls once, and is deleted when it is to be', async () => {
    const account = await Timetable.open()
    const more = { ScheduleExpressionTimezone: 'Europe/Berlin', ActionAfterCompletion: 'DELETE' }
    await account.schedule('at(2026-03-02T19:00:00)', more as Partial<CreateScheduleInput>)
    await account.run(DAY)
    expect(account.minutes).toEqual(['2026-03-02T18:00'])
    await expect(account.call('scheduler', 'GetSchedule', { Name: 'sweep' })).rejects.toMatchObject(
      {
        name: 'ResourceNotFoundException',
        message: 'Schedule sweep does not exist.',
      },
    )
  })

  it('that is on again after its one time has passed calls at once', async () => {
    const account = await Timetable.open()
    await account.schedule('at(2026-03-02T09:30:00)', { State: 'DISABLED' })
    await account.run(HOUR)
    expect(account.started).toEqual([])
    await account.change('at(2026-03-02T09:30:00)')
    await account.run(MINUTE)
    await account.change('at(2026-03-02T09:30:00)')
    await account.run(HOUR)
    expect(account.minutes).toEqual(['2026-03-02T10:00'])
  })

  it('does not make up for what it missed while it was off', async () => {
    const account = await Timetable.open()
    await account.schedule('rate(10 minutes)', { State: 'DISABLED' })
    await account.run(35 * MINUTE)
    await account.change('rate(10 minutes)')
    await account.run(10 * MINUTE)
    expect(account.minutes).toEqual(['2026-03-02T09:40'])
  })

  it('with a flexible window calls somewhere within it', async () => {
    const account = await Timetable.open()
    await account.schedule('cron(0 10 * * ? *)', {
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 120 },
    })
    await account.run(20 * DAY)
    const delays = account.started.map(({ at }) => (at % DAY) - 10 * HOUR)
    expect(delays).toHaveLength(20)
    expect(Math.max(...delays)).toBeGreaterThan(HOUR)
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...delays)).toBeLessThanOrEqual(2 * HOUR + MINUTE)
  })

  it('tells its target about itself', async () => {
    const account = await Timetable.open()
    const Input = JSON.stringify({
      arn: '<aws.scheduler.schedule-arn>',
      due: '<aws.scheduler.scheduled-time>',
      attempt: '<aws.scheduler.attempt-number>',
      id: '<aws.scheduler.execution-id>',
    })
    account.failures.push(new AwsError('ThrottlingException', 'Rate exceeded'))
    await account.schedule('cron(5 9 2 3 ? 2026)', {
      Target: { Arn: MACHINE, RoleArn: ROLE, Input },
    })
    await account.run(HOUR)
    const [first, second] = account.started.map(({ input }) => JSON.parse(input))
    expect(second).toEqual({ ...first, attempt: '2' })
    expect(first).toEqual({
      arn: 'arn:aws:scheduler:eu-central-1:123456789012:schedule/default/sweep',
      due: '2026-03-02T09:05:00Z',
      attempt: '1',
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
    })
  })

  it('puts aside what its target refuses, as the request it made', async () => {
    const account = await Timetable.open()
    account.failures.push(
      new AwsError('StateMachineDoesNotExist', 'State Machine Does Not Exist', { statusCode: 400 }),
    )
    await account.schedule('at(2026-03-02T09:30:00)', {
      Target: {
        Arn: MACHINE,
        RoleArn: ROLE,
        Input: '{}',
        DeadLetterConfig: { Arn: QUEUE_ARN },
      },
    })
    await account.run(HOUR)
    expect(await account.letters()).toEqual([
      {
        body: JSON.stringify({ StateMachineArn: MACHINE, Input: '{}' }),
        attributes: {
          ERROR_CODE: 'StateMachineDoesNotExist',
          ERROR_MESSAGE: 'State Machine Does Not Exist',
          EXECUTION_ID: expect.stringMatching(/^[0-9a-f]{16}$/),
          IS_PAYLOAD_TRUNCATED: 'false',
          RETRY_ATTEMPTS: '0',
          SCHEDULED_TIME: '2026-03-02T09:30:00Z',
          SCHEDULE_ARN: 'arn:aws:scheduler:eu-central-1:123456789012:schedule/default/sweep',
          TARGET_ARN: 'arn:aws:scheduler:::aws-sdk:sfn:startExecution',
        },
      },
    ])
    expect(account.scheduler.invocations).toMatchObject([
      { schedule: 'sweep', outcome: 'dead-lettered', attempts: 1 },
    ])
  })

  it('may call an operation of a service, named by a universal target', async () => {
    const account = await Timetable.open()
    await account.schedule('at(2026-03-02T09:30:00)', {
      Target: {
        Arn: 'arn:aws:scheduler:::aws-sdk:sqs:sendMessage',
        RoleArn: ROLE,
        Input: JSON.stringify({ QueueUrl: QUEUE_URL, MessageBody: 'hello' }),
      },
    })
    await account.run(HOUR)
    expect((await account.letters()).map(({ body }) => body)).toEqual(['hello'])
  })

  test.each<[string, string, Partial<CreateScheduleInput>, string]>([
    [
      'an unknown expression',
      'every(5 minutes)',
      {},
      'Invalid Schedule Expression every(5 minutes)',
    ],
    ['a rate of nothing', 'rate(0 minutes)', {}, 'Invalid Schedule Expression'],
    ['a day that is not', 'at(2026-02-30T00:00:00)', {}, 'Invalid Schedule Expression'],
    ['a time that has passed', 'at(2026-03-02T08:59:00)', {}, 'has passed'],
    ['an unknown zone', 'rate(1 hour)', { ScheduleExpressionTimezone: 'Mars/Base' }, 'Mars/Base'],
    [
      'a start long ago',
      'rate(1 hour)',
      { StartDate: new Date('2026-03-02T08:54:00Z') },
      'The StartDate you specify cannot be earlier than 5 minutes ago.',
    ],
    [
      'an end before its start',
      'rate(1 hour)',
      { StartDate: new Date('2026-03-03'), EndDate: new Date('2026-03-03') },
      'must come after the StartDate',
    ],
    [
      'a window without length',
      'rate(1 hour)',
      { FlexibleTimeWindow: { Mode: 'FLEXIBLE' } },
      'MaximumWindowInMinutes',
    ],
    [
      'a read as its target',
      'rate(1 hour)',
      { Target: { Arn: 'arn:aws:scheduler:::aws-sdk:sqs:getQueueUrl', RoleArn: ROLE } },
      'sqs:getQueueUrl',
    ],
    [
      'input that is not JSON',
      'rate(1 hour)',
      { Target: { Arn: MACHINE, RoleArn: ROLE, Input: 'hello' } },
      'not well-formed JSON',
    ],
    ['a group that is not there', 'rate(1 hour)', { GroupName: 'night' }, 'Schedule group night'],
  ])('is refused with %s', async (_, expression, more, message) => {
    const account = await Timetable.open()
    await expect(account.schedule(expression, more)).rejects.toThrow(message)
  })

  it('is created once for one client token, and never twice by name', async () => {
    const account = await Timetable.open()
    const first = await account.schedule('rate(1 hour)', { ClientToken: 'one' })
    expect(await account.schedule('rate(1 hour)', { ClientToken: 'one' })).toEqual(first)
    await expect(account.schedule('rate(1 hour)')).rejects.toMatchObject({
      name: 'ConflictException',
      statusCode: 409,
    })
    expect(
      await account.call<GetScheduleOutput>('scheduler', 'GetSchedule', { Name: 'sweep' }),
    ).toMatchObject({
      ScheduleExpression: 'rate(1 hour)',
      ScheduleExpressionTimezone: 'UTC',
      State: 'ENABLED',
      ActionAfterCompletion: 'NONE',
    })
  })
})

describe('a group', () => {
  it('takes its schedules with it', async () => {
    const account = await Timetable.open()
    await account.call('scheduler', 'CreateScheduleGroup', {
      Name: 'night',
      Tags: [{ Key: 'a', Value: 'b' }],
    })
    await account.schedule('rate(1 hour)', { GroupName: 'night', Name: 'one' })
    await account.schedule('rate(1 hour)', { Name: 'two' })
    const listed = async (input: object) => {
      const { Schedules } = await account.call<{ Schedules: { Name: string }[] }>(
        'scheduler',
        'ListSchedules',
        input,
      )
      return Schedules.map(({ Name }) => Name)
    }
    expect(await listed({})).toEqual(['two', 'one'])
    expect(await listed({ GroupName: 'night' })).toEqual(['one'])
    expect(await listed({ NamePrefix: 'tw', State: 'ENABLED' })).toEqual(['two'])
    expect([...account.scheduler.tagged()].map(({ tags }) => tags)).toEqual([{}, { a: 'b' }])
    await account.call('scheduler', 'DeleteScheduleGroup', { Name: 'night' })
    expect(await account.call('scheduler', 'GetScheduleGroup', { Name: 'night' })).toMatchObject({
      State: 'DELETING',
    })
    await account.run(2 * HOUR)
    await expect(account.call('scheduler', 'GetScheduleGroup', { Name: 'night' })).rejects.toThrow(
      'Schedule group night does not exist.',
    )
    expect(new Set(account.scheduler.invocations.map(({ schedule }) => schedule))).toEqual(
      new Set(['two']),
    )
    await expect(
      account.call('scheduler', 'DeleteScheduleGroup', { Name: 'default' }),
    ).rejects.toThrow('default')
  })
})
