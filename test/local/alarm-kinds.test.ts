import type { PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch'
import { describe, expect, it, test } from 'vitest'
import { MINUTE } from '../kits/account.ts'
import { Alarms } from '../kits/alarms.ts'

const errorsOf = (service: string, more: object = {}) => ({
  Id: 'm1',
  MetricStat: {
    Metric: {
      Namespace: 'Shop',
      MetricName: 'Errors',
      Dimensions: [{ Name: 'Service', Value: service }],
    },
    Period: 60,
    Stat: 'Sum',
  },
  ...more,
})

/** What an alarm on one metric says of it, and an alarm on other queries does not. */
const NO_METRIC = {
  Namespace: undefined,
  MetricName: undefined,
  Dimensions: undefined,
  Statistic: undefined,
  Period: undefined,
} as unknown as Partial<PutMetricAlarmInput>

const NO_THRESHOLD = { Threshold: undefined } as unknown as Partial<PutMetricAlarmInput>

describe('an alarm on anomalies', () => {
  const anomaly = (account: Alarms, ComparisonOperator: string, more: object = {}) =>
    account.alarm('orders', {
      ...NO_METRIC,
      ...NO_THRESHOLD,
      TreatMissingData: 'ignore',
      ThresholdMetricId: 'ad1',
      ComparisonOperator: ComparisonOperator as never,
      Metrics: [
        errorsOf('orders', { ReturnData: true }),
        {
          Id: 'ad1',
          Expression: 'ANOMALY_DETECTION_BAND(m1, 2)',
          Label: 'Errors (expected)',
          ReturnData: true,
        },
      ],
      ...more,
    })

  /** An hour of 9 and 11 in turn: the band is from 8 to 12. */
  async function learnt(operator: string) {
    const account = await Alarms.open()
    await anomaly(account, operator)
    for (let minute = 0; minute < 60; minute++) await account.errors('orders', 9 + (minute % 2) * 2)
    return account
  }

  it('says the band of every point, and no threshold', async () => {
    const account = await learnt('LessThanLowerOrGreaterThanUpperThreshold')
    expect(account.states('orders')).toBe('OK')
    await account.errors('orders', 30)
    const told = account.changes('orders').at(-1)
    const state = told?.state
    expect(state?.value).toBe('ALARM')
    expect(state?.reason).toMatch(
      /^Thresholds Crossed: 1 out of the last 1 datapoints \[30\.0 \(02\/03\/26 10:00:00\)\] was less than the lower thresholds \[8\.0\] or greater than the upper thresholds \[12\.0\] \(minimum 1 datapoint for OK -> ALARM transition\)\.$/,
    )
    expect(JSON.parse(state?.reasonData ?? '')).toEqual({
      version: '1.0',
      queryDate: '2026-03-02T10:01:00.000+0000',
      startDate: '2026-03-02T10:00:00.000+0000',
      period: 60,
      recentDatapoints: [30],
      recentLowerThresholds: [8],
      recentUpperThresholds: [12],
    })
    expect(told?.configuration).toMatchObject({
      metrics: [
        { id: 'm1', metricStat: { metric: { name: 'Errors' } }, returnData: true },
        { id: 'ad1', expression: 'ANOMALY_DETECTION_BAND(m1, 2)', returnData: true },
      ],
    })
  })

  test.each([
    ['LessThanLowerThreshold', 30, 'OK', 1, 'ALARM', 'less than the lower thresholds [8.0]'],
    ['GreaterThanUpperThreshold', 1, 'OK', 30, 'ALARM', 'greater than the upper thresholds [12.0]'],
  ])('%s: %i is %s, %i is %s', async (operator, calm, green, odd, red, reason) => {
    const first = await learnt(operator)
    await first.errors('orders', calm)
    expect(first.changes('orders').at(-1)?.state.value).toBe(green)
    const second = await learnt(operator)
    await second.errors('orders', odd)
    expect(second.changes('orders').at(-1)?.state.value).toBe(red)
    expect(second.changes('orders').at(-1)?.state.reason).toContain(` was ${reason} (minimum`)
  })

  it.each([
    ['without a band', { ThresholdMetricId: undefined, Threshold: 5 }],
    ['with a threshold besides', { Threshold: 5 }],
    ['with a metric in its place', { ThresholdMetricId: 'm1' }],
  ])('is refused %s', async (_, more) => {
    const account = await Alarms.open()
    await expect(anomaly(account, 'GreaterThanUpperThreshold', more)).rejects.toThrow()
  })
})

describe('an alarm on many time series', () => {
  const QUERY =
    'SELECT SUM(Errors) FROM SCHEMA("Shop", Service) GROUP BY Service ORDER BY MAX() DESC'
  const insights = (account: Alarms, Expression = QUERY, more: object = {}) =>
    account.alarm('any', {
      ...NO_METRIC,
      Metrics: [{ Id: 'q1', Expression, Period: 60, ReturnData: true }],
      ...more,
    })

  it('tells of each contributor, and of itself when the first is red', async () => {
    const account = await Alarms.open()
    await insights(account)
    await account.errors('products', 1)
    await account.errors('orders', 9)
    const [calm, contributor, whole] = account.changes('any')
    expect(calm).toMatchObject({ state: { value: 'OK' } })
    expect(contributor).toMatchObject({
      detailType: 'CloudWatch Alarm Contributor State Change',
      alarmContributor: {
        id: expect.stringMatching(/^[0-9a-f]{16}$/),
        attributes: { Service: 'orders' },
      },
      state: {
        value: 'ALARM',
        reason:
          'Threshold Crossed: 1 datapoint was greater than or equal to the threshold (5.0). The most recent datapoint which crossed the threshold: [9.0 (02/03/26 09:01:00)].',
      },
      configuration: {
        metrics: [{ id: 'q1', expression: QUERY, period: 60, returnData: true }],
      },
    })
    expect(contributor).not.toHaveProperty('previousState')
    expect(contributor?.state).not.toHaveProperty('reasonData')
    expect(whole).toMatchObject({
      detailType: 'CloudWatch Alarm State Change',
      state: { value: 'ALARM', reason: '1 out of 2 time series evaluated to ALARM' },
    })
    expect(whole?.state).not.toHaveProperty('reasonData')
    const { AlarmContributors } = await account.ask('DescribeAlarmContributors', {
      AlarmName: 'any',
    })
    expect(AlarmContributors).toMatchObject([{ ContributorAttributes: { Service: 'orders' } }])
  })

  it('hears of data that come hours after the last, and no more when it is gone', async () => {
    const account = await Alarms.open()
    await insights(account)
    await account.run(180 * MINUTE)
    await account.errors('orders', 9)
    const last = () => account.changes('any').at(-1)?.state
    expect(last()).toMatchObject({ value: 'ALARM' })
    await account.ask('DeleteAlarms', { AlarmNames: ['any'] })
    const seen = account.changes('any').length
    await account.run(180 * MINUTE)
    await account.errors('orders', 9)
    expect(account.changes('any')).toHaveLength(seen)
  })

  it('does not change itself when a second one is red, or one of two is green', async () => {
    const account = await Alarms.open()
    await insights(account, QUERY, { TreatMissingData: 'ignore' })
    await account.errors('orders', 9)
    const seen = account.changes('any').length
    await account.ask('PutMetricData', {
      Namespace: 'Shop',
      MetricData: [
        { MetricName: 'Errors', Dimensions: [{ Name: 'Service', Value: 'products' }], Value: 9 },
      ],
    })
    await account.errors('orders', 1)
    expect(account.changes('any').slice(seen)).toMatchObject([
      { alarmContributor: { attributes: { Service: 'orders' } }, state: { value: 'OK' } },
      { alarmContributor: { attributes: { Service: 'products' } }, state: { value: 'ALARM' } },
    ])
  })

  test.each([
    ['SELECT SUM(Errors) FROM "Shop"', 'ALARM'],
    ['SELECT AVG(Errors) FROM "Shop"', 'OK'],
    ["SELECT SUM(Errors) FROM Shop WHERE Service = 'orders'", 'OK'],
    ["SELECT SUM(Errors) FROM Shop WHERE Service != 'orders'", 'OK'],
    ['SELECT SUM(Errors) FROM SCHEMA("Shop", Service, Team)', 'INSUFFICIENT_DATA'],
  ])('without groups it is one: %s', async (query, value) => {
    const account = await Alarms.open()
    await insights(account, query, { TreatMissingData: 'missing' })
    await account.errors('orders', 3)
    await account.ask('PutMetricData', {
      Namespace: 'Shop',
      MetricData: ['orders', 'products'].map((Value) => ({
        MetricName: 'Errors',
        Dimensions: [{ Name: 'Service', Value }],
        Value: 3,
      })),
    })
    await account.run(MINUTE)
    const { MetricAlarms } = await account.ask<Record<string, { StateValue: string }[]>>(
      'DescribeAlarms',
      {},
    )
    expect(MetricAlarms?.[0]?.StateValue).toBe(value)
  })

  it.each([
    'SELECT Errors',
    'SELECT MEDIAN(Errors) FROM Shop',
    "SELECT SUM(Errors) FROM Shop WHERE Service > 'a'",
  ])('is refused with %s', async (query) => {
    const account = await Alarms.open()
    await expect(insights(account, query)).rejects.toThrow('Error in expression')
  })
})

describe('an alarm on arithmetic', () => {
  it('says no statistic, and its expression', async () => {
    const account = await Alarms.open()
    const Metrics = [
      errorsOf('orders', { ReturnData: false }),
      { Id: 'e1', Expression: 'm1 * 2', Label: 'twice', ReturnData: true },
    ]
    await account.alarm('orders', { ...NO_METRIC, Metrics })
    await account.errors('orders', 3)
    const [told] = account.changes('orders')
    expect(told).toMatchObject({
      state: { value: 'ALARM' },
      configuration: {
        metrics: [
          { id: 'm1', returnData: false },
          { id: 'e1', expression: 'm1 * 2', label: 'twice', returnData: true },
        ],
      },
    })
    expect(JSON.parse(told?.state.reasonData ?? '')).not.toHaveProperty('statistic')
    expect(JSON.parse(told?.state.reasonData ?? '')).toMatchObject({
      startDate: '2026-03-02T09:00:00.000+0000',
      recentDatapoints: [6],
      threshold: 5,
    })
  })
})
