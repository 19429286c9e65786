import { describe, expect, it } from 'vitest'
import type { Sleeper } from '../../../domain/table/sleeper.ts'
import { sleepView } from '../../../local/console/sleep.ts'

const kept = (more: object = {}): Sleeper => ({
  ...{ version: 1, revision: 1, rest: 'awake', since: '2026-03-02T06:00:00.000Z', why: '' },
  ...more,
})
const sleeper = (id: string, schedule: string, owner: string, more: object = {}) => ({
  ...{ id, schedule, owner, order: 1, name: id.split('/').at(-1) ?? '', kept: kept(more) },
})
const office = { running: [{ days: 'mon-fri', from: '07:00', to: '20:00' }] }
const late = { running: [{ days: 'mon-fri', from: '07:00', to: '22:00' }] }
const PRICED = { rate: { hour: 0.1, size: '' } }

/** One CPU and 2 GiB of Fargate on arm64 are $0.03949 an hour. */
const source = (more: object = {}) => ({
  ...{
    level: 'act' as const,
    timeZone: 'Europe/Berlin',
    schedules: { office, late },
    calendars: {},
  },
  sleepers: [
    sleeper('service/dev-backend/orders', 'office', 'ordering'),
    sleeper('service/dev-backend/legacy', 'late', 'storefront', PRICED),
    sleeper('database/dev-orders', 'when-needed', 'ordering', PRICED),
    sleeper('database/dev-new', 'office', 'ordering'),
    sleeper('service/dev-backend/mailer', 'always-on', 'storefront', PRICED),
  ],
  ...{ overrides: [], slept: [], stays: [] },
  tasks: { orders: { cpu: 1024, memory: 2048, spot: false, platform: 'arm64' as const, count: 2 } },
  ...more,
})
const at = (instant: string, more: object = {}) => sleepView(source(more), new Date(instant)).ahead

describe('what the coming night saves', () => {
  it('is told by team: by the schedules, at the size and the price of now', () => {
    const ahead = at('2026-03-02T12:00:00Z')
    expect(ahead).toMatchObject({
      title: 'The coming night',
      teams: [
        // The database sleeps while both services do: nine hours.
        { team: 'ordering', hours: '31 h', unpriced: ['dev-new'], usd: '$1.77' },
        { team: 'storefront', hours: '9 h', unpriced: [], usd: '$0.90' },
      ],
      usd: '$2.67',
    })
  })

  it('goes on being told while it lasts, and reaches over a weekend', () => {
    expect(at('2026-03-02T22:30:00Z')).toMatchObject({ title: 'This night', usd: '$2.67' })
    expect(
      at('2026-03-07T12:00:00Z')?.teams.find(({ team }) => team === 'storefront'),
    ).toMatchObject({
      hours: '57 h',
    })
  })

  it('is less where somebody keeps something awake, and leaves out what others have stopped', () => {
    const keep = {
      ...{ version: 1, id: 'x', kind: 'awake', source: 'person', service: 'legacy', by: 'ana' },
      ...{ why: '', from: '2026-03-02T11:00:00Z', until: '2026-03-03T05:00:00Z' },
    }
    const storefront = (more: object) =>
      at('2026-03-02T12:00:00Z', more)?.teams.find(({ team }) => team === 'storefront')
    expect(storefront({ overrides: [keep] })).toMatchObject({ hours: '1 h', usd: '$0.10' })
    const stopped = { ...PRICED, hand: { to: 'asleep', at: '', until: '2026-03-03T06:00:00Z' } }
    const own = [sleeper('service/dev-backend/legacy', 'late', 'storefront', stopped)]
    expect(storefront({ sleepers: own })).toBeUndefined()
  })

  it('is nothing where nothing sleeps soon, or Caretaker only tells', () => {
    expect(at('2026-03-02T12:00:00Z', { level: 'tell' })).toBeUndefined()
    expect(at('2026-03-02T12:00:00Z', { sleepers: [] })).toBeUndefined()
  })
})
