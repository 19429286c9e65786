import { beforeAll, describe, expect, it } from 'vitest'
import {
  ann,
  as,
  DATABASE,
  handCatalog,
  movesOf,
  NAMES,
  NOTHING,
  off,
  on,
  openNight,
  statusesUntil,
  statusOf,
  WHOLE,
} from '../../kits/hands.ts'
import { EVENING, type Night } from '../../kits/nights.ts'

let catalog: string
beforeAll(() => {
  catalog = handCatalog()
})

const open = (start = EVENING) => openNight(catalog, start)

describe('the control plane was off', () => {
  it('from 06:30 to 09:15: the edge that it missed is made up for at once', async () => {
    const night = await open()
    await night.until('2026-03-03T06:30')
    await off(night)
    await night.until('2026-03-03T09:15')
    expect(await night.sizes()).toEqual(NOTHING)
    await on(night)
    await night.until('2026-03-03T09:45')
    expect(await night.sizes()).toEqual(WHOLE)
  })

  it('from 07:30 to 09:15: what a person has scaled to zero meanwhile stays there', async () => {
    const night = await open()
    await night.until('2026-03-03T07:30')
    await off(night)
    await night.until('2026-03-03T08:40')
    for (const name of NAMES) {
      const { cluster } = await night.stage.service(name)
      await as(await ann(night), night, 'ecs', 'UpdateService', {
        ...{ cluster, service: name, desiredCount: 0 },
      })
    }
    await night.until('2026-03-03T09:15')
    const calls = night.calls
    await on(night)
    await night.until('2026-03-03T19:45')
    expect(await night.sizes()).toEqual(NOTHING)
    expect(night.changes(calls)).toEqual([])
    await night.until('2026-03-04T07:30')
    expect(await night.sizes()).toEqual(WHOLE)
  })
})

describe('seven days', () => {
  const holidays = new Date('2026-12-23T14:00:00Z')

  /** Stopped on Wednesday 23 December at 20:00, with seven days to go. */
  async function stopped(): Promise<Night> {
    const night = await open(holidays)
    await night.until('2026-12-23T20:30')
    expect(await statusOf(night)).toBe('stopped')
    // What happens in the days between is not looked at.
    await off(night)
    await night.until('2026-12-30T20:00')
    await on(night)
    return night
  }

  it('after which AWS starts a database: it is stopped once, as soon as that is taken', async () => {
    const night = await stopped()
    const calls = night.calls
    const seen = await statusesUntil(night, '2026-12-30T21:30')
    // It is available for less than half a minute: its event has somebody look.
    const waits = seen.filter((status) => status !== 'available')
    expect(waits).toEqual(['stopped', 'starting', 'maintenance', 'stopping', 'stopped'])
    expect(night.changes(calls)).toEqual([`StopDBInstance ${DATABASE}`])
    await off(night)
    await night.until('2027-01-04T06:50')
    await on(night)
    await night.until('2027-01-04T06:59')
    expect(await night.sizes()).toEqual(NOTHING)
    await night.until('2027-01-04T07:30')
    expect(await night.sizes()).toEqual(WHOLE)
    expect(movesOf('DBInstance', night, calls)).toEqual([
      `StopDBInstance ${DATABASE}`,
      `StartDBInstance ${DATABASE}`,
    ])
  })

  it('and a lost event costs a sweep', async () => {
    const night = await stopped()
    night.stage.simulation.faults.set({ lose: 1 })
    const calls = night.calls
    await night.until('2026-12-30T21:30')
    expect(await statusOf(night)).toBe('stopped')
    expect(night.changes(calls)).toEqual([`StopDBInstance ${DATABASE}`])
  })
})
