import { describe, expect, it, test } from 'vitest'
import { MINUTE } from '../kits/account.ts'
import { Alarms } from '../kits/alarms.ts'

const RULE = 'ALARM(orders) OR ALARM(products)'

/** Two alarms, one that suppresses, and the composite alarm `page`. */
async function opened(wait = 120, extension = 180) {
  const account = await Alarms.open()
  for (const name of ['orders', 'products', 'maintenance']) {
    // What is set by hand stays, for there are no data.
    const TreatMissingData = 'ignore'
    await account.alarm(name, { AlarmActions: [], OKActions: [], TreatMissingData })
  }
  const suppressor = {
    ActionsSuppressor: 'maintenance',
    ActionsSuppressorWaitPeriod: wait,
    ActionsSuppressorExtensionPeriod: extension,
  }
  await account.composite('page', RULE, suppressor)
  return account
}

describe('the actions of a composite alarm', () => {
  it('wait for the suppressor, and follow when it does not come', async () => {
    const account = await opened()
    await account.set('orders', 'ALARM')
    expect(account.states('page')).toBe('OK, ALARM by WaitPeriod')
    const [, told] = account.changes('page')
    expect(told).toMatchObject({
      state: { actionsSuppressedReason: 'Actions suppressed by WaitPeriod' },
      configuration: {
        alarmRule: RULE,
        actionsSuppressor: 'maintenance',
        actionsSuppressorWaitPeriod: 120,
        actionsSuppressorExtensionPeriod: 180,
      },
    })
    expect(account.acts).toEqual(['OK: "page"'])
    await account.run(2 * MINUTE)
    expect(account.states('page')).toBe('OK, ALARM by WaitPeriod, ALARM')
    expect(account.acts).toEqual(['OK: "page"', 'ALARM: "page"'])
    const { CompositeAlarms } = await account.ask('DescribeAlarms', {
      AlarmTypes: ['CompositeAlarm'],
    })
    expect(CompositeAlarms).toMatchObject([{ ActionsSuppressor: 'maintenance' }])
  })

  it('are held back while the suppressor is red, and for the extension after it', async () => {
    const account = await opened(120, 180)
    await account.composite('window', 'FALSE')
    await account.set('window', 'ALARM')
    await account.composite('page', RULE, {
      ActionsSuppressor: account.aws.arn('cloudwatch', 'alarm:window'),
      ActionsSuppressorWaitPeriod: 120,
      ActionsSuppressorExtensionPeriod: 180,
    })
    const before = account.acts.length
    await account.errors('orders', 9)
    await account.errors('orders', 9)
    expect(account.states('page')).toBe('OK, ALARM by Alarm')
    await account.set('window', 'OK')
    expect(account.states('page')).toBe('OK, ALARM by Alarm, ALARM by ExtensionPeriod')
    for (let minute = 0; minute < 4; minute++) await account.errors('orders', 9)
    expect(account.states('page')).toMatch(/ALARM by ExtensionPeriod, ALARM$/)
    expect(account.acts.slice(before)).toEqual(['OK: "window"', 'ALARM: "page"'])
  })

  it('are never taken when it is green again before', async () => {
    const account = await opened()
    await account.set('orders', 'ALARM')
    await account.set('orders', 'OK')
    await account.run(10 * MINUTE)
    expect(account.states('page')).toBe('OK, ALARM by WaitPeriod, OK')
    expect(account.acts).toEqual(['OK: "page"'])
  })

  it('come at once without a wait period', async () => {
    const account = await opened(0, 0)
    await account.set('orders', 'ALARM')
    expect(account.states('page')).toBe('OK, ALARM')
    expect(account.acts).toEqual(['OK: "page"', 'ALARM: "page"'])
  })

  test.each([
    ['without its periods', { ActionsSuppressor: 'maintenance' }],
    [
      'that is not there',
      {
        ActionsSuppressor: 'gone',
        ActionsSuppressorWaitPeriod: 1,
        ActionsSuppressorExtensionPeriod: 1,
      },
    ],
  ])('take no suppressor %s', async (_, more) => {
    const account = await opened()
    await expect(account.composite('other', RULE, more)).rejects.toThrow()
  })
})

it('alarms are found by their place in a composite alarm', async () => {
  const account = await opened()
  const names = async (asked: object) => {
    const AlarmTypes = ['MetricAlarm', 'CompositeAlarm']
    const found = await account.ask<Record<string, { AlarmName: string }[]>>('DescribeAlarms', {
      AlarmTypes,
      ...asked,
    })
    const { MetricAlarms = [], CompositeAlarms = [] } = found
    return [...MetricAlarms, ...CompositeAlarms].map(({ AlarmName }) => AlarmName)
  }
  expect(await names({ ChildrenOfAlarmName: 'page' })).toEqual(['orders', 'products'])
  expect(await names({ ParentsOfAlarmName: 'orders' })).toEqual(['page'])
  expect(await names({ StateValue: 'OK' })).toEqual(['page'])
  expect(await names({ AlarmNamePrefix: 'p', AlarmTypes: ['MetricAlarm'] })).toEqual(['products'])
})
