import { describe, expect, it, test } from 'vitest'
import { enforcement } from '../../local/aws/iam/enforcement.ts'
import { Iam } from '../../local/aws/iam/iam.ts'
import { MINUTE } from '../kits/account.ts'
import { Alarms } from '../kits/alarms.ts'

const HOUR = 60 * MINUTE

/** The world begins on Monday, 2 March 2026, 09:00 UTC. */
const mute = (account: Alarms, Schedule: object, more: object = {}) =>
  account.ask('PutAlarmMuteRule', {
    Name: 'quiet',
    Rule: { Schedule },
    MuteTargets: { AlarmNames: ['orders'] },
    ...more,
  })

const statusOf = async (account: Alarms) =>
  (await account.ask('GetAlarmMuteRule', { AlarmMuteRuleName: 'quiet' })).Status

describe('a muted alarm', () => {
  it('tells the bus by what it is muted, and acts when that is over', async () => {
    const account = await Alarms.open()
    await account.alarm('orders')
    await mute(account, { Expression: 'at(2026-03-02T09:00)', Duration: 'PT10M' })
    await account.errors('orders', 9)
    expect(account.changes('orders')).toMatchObject([
      {
        state: { value: 'ALARM' },
        muteDetail: {
          mutedByArn: account.aws.arn('cloudwatch', 'alarm-mute-rule:quiet'),
          muteWindowStart: '2026-03-02T09:00:00.000+0000',
          muteWindowEnd: '2026-03-02T09:10:00.000+0000',
        },
      },
    ])
    expect(account.acts).toEqual([])
    for (let minute = 1; minute < 10; minute++) await account.errors('orders', 9)
    expect(account.acts).toEqual(['ALARM: "orders"'])
    expect(await statusOf(account)).toBe('EXPIRED')
  })

  it('that is green again by then has done nothing', async () => {
    const account = await Alarms.open()
    await account.alarm('orders', { OKActions: [] })
    await mute(account, { Expression: 'at(2026-03-02T09:00)', Duration: 'PT1H' })
    await account.errors('orders', 9)
    await account.run(2 * HOUR)
    expect(account.states('orders')).toBe('ALARM, OK')
    expect(account.acts).toEqual([])
  })

  it('is one of those the rule names', async () => {
    const account = await Alarms.open()
    await account.alarm('orders')
    await account.alarm('products')
    await mute(account, { Expression: 'at(2026-03-02T09:00)', Duration: 'PT1H' })
    await account.errors('products', 9)
    expect(account.changes('products')[0]).not.toHaveProperty('muteDetail')
    expect(account.acts).toContain('ALARM: "products"')
  })
})

describe('a mute rule', () => {
  test.each([
    ['now', { Expression: 'cron(0 9 * * *)', Duration: 'PT1H' }, 'ACTIVE'],
    ['since yesterday', { Expression: 'cron(0 18 * * SUN)', Duration: 'P1D' }, 'ACTIVE'],
    ['over for today', { Expression: 'cron(0 8 * * *)', Duration: 'PT59M' }, 'SCHEDULED'],
    ['not on Mondays', { Expression: 'cron(0 9 * * 2-6)', Duration: 'PT1H' }, 'SCHEDULED'],
    ['on Mondays', { Expression: 'cron(0 9 * * 1)', Duration: 'PT1H' }, 'ACTIVE'],
    ['on the second of a month', { Expression: 'cron(0 9 2 * *)', Duration: 'PT1M' }, 'ACTIVE'],
    [
      'by the clock of Berlin',
      { Expression: 'cron(0 10 * * *)', Duration: 'PT30M', Timezone: 'Europe/Berlin' },
      'ACTIVE',
    ],
    ['once, long ago', { Expression: 'at(2026-01-01T00:00)', Duration: 'PT1H' }, 'EXPIRED'],
  ])('%s', async (_, schedule, status) => {
    const account = await Alarms.open()
    await mute(account, schedule)
    expect(await statusOf(account)).toBe(status)
  })

  it('counts from its start date until it expires', async () => {
    const account = await Alarms.open()
    const daily = { Expression: 'cron(0 9 * * *)', Duration: 'PT4H' }
    await mute(account, daily, { StartDate: new Date('2026-03-03T00:00:00Z') })
    expect(await statusOf(account)).toBe('SCHEDULED')
    await mute(account, daily, { ExpireDate: new Date('2026-03-02T10:00:00Z') })
    expect(await statusOf(account)).toBe('ACTIVE')
    await account.run(HOUR)
    expect(await statusOf(account)).toBe('EXPIRED')
  })

  it('is listed and deleted', async () => {
    const account = await Alarms.open()
    await mute(account, { Expression: 'cron(0 2 * * *)', Duration: 'PT2H' })
    const found = await account.ask('ListAlarmMuteRules', { AlarmName: 'orders' })
    expect(found.AlarmMuteRuleSummaries).toMatchObject([{ MuteType: 'RECURRING' }])
    const other = await account.ask('ListAlarmMuteRules', { AlarmName: 'products' })
    expect(other.AlarmMuteRuleSummaries).toEqual([])
    await account.ask('DeleteAlarmMuteRule', { AlarmMuteRuleName: 'quiet' })
    await expect(statusOf(account)).rejects.toThrow('does not exist')
  })

  test.each([
    ['an expression', { Expression: 'rate(1 day)', Duration: 'PT1H' }],
    ['a duration', { Expression: 'cron(0 2 * * *)', Duration: '1h' }],
    ['a duration under a minute', { Expression: 'cron(0 2 * * *)', Duration: 'PT0M' }],
    ['a duration over 15 days', { Expression: 'cron(0 2 * * *)', Duration: 'P15DT1M' }],
    ['a zone', { Expression: 'cron(0 2 * * *)', Duration: 'PT1H', Timezone: 'Mars' }],
  ])('with %s that is none is refused', async (_, schedule) => {
    const account = await Alarms.open()
    await expect(mute(account, schedule)).rejects.toThrow()
  })
})

describe('the tags of an alarm', () => {
  const Tags = [
    { Key: 'owner', Value: 'blue' },
    { Key: 'service', Value: 'orders' },
  ]
  test.each([
    [undefined, undefined],
    [{ Enabled: false }, undefined],
    [{ Enabled: true }, { owner: 'blue', service: 'orders' }],
    [{ Enabled: true, IncludedTagKeys: ['owner'] }, { owner: 'blue' }],
    [{ Enabled: true, ExcludedTagKeys: ['owner'] }, { service: 'orders' }],
  ])('are sent as %j asks', async (AlarmTagsPropagation, alarmTags) => {
    const account = await Alarms.open()
    const more = AlarmTagsPropagation && { ActionConfiguration: { AlarmTagsPropagation } }
    await account.alarm('orders', { Tags, ...more })
    await account.errors('orders', 9)
    const [told] = account.changes('orders')
    if (alarmTags === undefined) expect(told).not.toHaveProperty('alarmTags')
    else expect(told).toMatchObject({ alarmTags, alarmTagsStatus: 'SUCCESS' })
    expect(told?.alarmTags).toEqual(alarmTags)
  })

  it('are read with the right of whoever puts the alarm', async () => {
    const account = await Alarms.open()
    const iam = new Iam(account.aws)
    account.aws.register(iam)
    account.aws.guards.push(enforcement(account.aws))
    const allow = (Action: string[]) => ({ Effect: 'Allow', Action, Resource: '*' })
    const document = (statement: object) => JSON.stringify({ Statement: [statement] })
    const RoleName = 'puts'
    const trust = { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }
    const AssumeRolePolicyDocument = document(trust)
    await account.call('iam', 'CreateRole', { RoleName, AssumeRolePolicyDocument })
    const put = async (...more: string[]) => {
      const PolicyDocument = document(allow(['cloudwatch:PutMetricAlarm', ...more]))
      const policy = { RoleName, PolicyName: 'own', PolicyDocument }
      await account.call('iam', 'PutRolePolicy', policy)
      const [found] = account.cloudwatch.alarms
      const input = found?.kind === 'metric' ? found.input : {}
      const ActionConfiguration = { AlarmTagsPropagation: { Enabled: true } }
      const roleArn = `arn:aws:iam::${account.aws.account}:role/${RoleName}`
      const caller = { kind: 'person', name: 'anna', roleArn } as const
      const asked = { ...input, ActionConfiguration }
      return account.call('cloudwatch', 'PutMetricAlarm', asked, caller)
    }
    await account.alarm('orders')
    await expect(put()).rejects.toThrow('not authorized to perform: cloudwatch:ListTagsForResource')
    await put('cloudwatch:ListTagsForResource')
  })

  it('are not both included and excluded', async () => {
    const account = await Alarms.open()
    const AlarmTagsPropagation = { Enabled: true, IncludedTagKeys: ['a'], ExcludedTagKeys: ['b'] }
    const ActionConfiguration = { AlarmTagsPropagation }
    await expect(account.alarm('orders', { ActionConfiguration })).rejects.toThrow('both')
  })
})
