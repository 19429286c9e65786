import { describe, expect, it } from 'vitest'
import { sleepView } from '../../../local/console/sleep.ts'

const slept = (resource: string, hour?: number) => ({
  version: 1,
  resource,
  name: resource,
  owner: 'ordering',
  from: '2026-03-03T19:00:00.000Z',
  until: '2026-03-04T06:00:00.000Z',
  rate: { size: '', ...(hour !== undefined && { hour }) },
  expires: 0,
})

describe('the console', () => {
  it('shows by week and team what slept, and what was paid all the same', () => {
    const source = {
      level: 'act' as const,
      timeZone: 'Europe/Berlin',
      schedules: {},
      calendars: {},
      sleepers: [],
      overrides: [],
      slept: [slept('orders', 0.1), slept('legacy')],
      stays: [{ what: 'NAT gateway', hour: 0.045 }],
      tasks: {},
    }
    const { saved } = sleepView(source, new Date('2026-03-09T06:00:00Z'))
    expect(saved).toMatchObject([
      {
        title: 'Last week',
        hours: '22 h',
        usd: '$1.10',
        teams: [{ team: 'ordering', hours: '22 h', usd: '$1.10', unpriced: ['legacy'] }],
        stays: [
          { what: 'NAT gateway', usd: '$7.56' },
          { what: 'Caretaker itself', usd: '$0.37' },
        ],
        staysTogether: '$7.93',
      },
      { title: 'This week so far', teams: [] },
    ])
  })
})
