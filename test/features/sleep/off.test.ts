import { describe, expect, it } from 'vitest'
import { Workplace } from '../../kits/deployments.ts'
import {
  ann,
  as,
  bastion,
  boundsOf,
  DATABASE,
  handCatalog,
  NOTHING,
  openNight,
  stateOf,
  statusOf,
  WHOLE,
} from '../../kits/hands.ts'
import { EVENING } from '../../kits/nights.ts'

describe('sleep is switched off while everything sleeps', () => {
  it('wakes in order what Caretaker has put to sleep, and then does nothing any more', async () => {
    const night = await openNight(handCatalog(), EVENING)
    const own = await bastion(night)
    const bounds = await boundsOf(night)
    const caller = await ann(night)
    const instance = { InstanceIds: [own] }
    await night.until('2026-03-02T21:00')
    await as(caller, night, 'ec2', 'StartInstances', instance)
    await night.until('2026-03-02T22:00')
    await as(caller, night, 'ec2', 'StopInstances', instance)
    await night.until('2026-03-02T23:00')
    expect(await night.sizes()).toEqual(NOTHING)
    expect(await statusOf(night)).toBe('stopped')
    expect(await boundsOf(night)).not.toEqual(bounds)

    const asleep = night.calls
    await Workplace.at(night.stage.simulation).deploy(handCatalog('off'))
    await night.until('2026-03-02T23:45')
    expect(await night.sizes()).toEqual(WHOLE)
    expect(await statusOf(night)).toBe('available')
    const moves = night.changes(asleep)
    expect(moves.toSorted()).toEqual([
      'RegisterScalableTarget ',
      `StartDBInstance ${DATABASE}`,
      'UpdateService payments',
      'UpdateService products',
    ])
    const [database, its] = [`StartDBInstance ${DATABASE}`, 'UpdateService payments']
    expect(moves.indexOf(database)).toBeLessThan(moves.indexOf(its))
    expect(await boundsOf(night)).toEqual(bounds)

    const awake = night.calls
    await night.until('2026-03-03T23:45')
    expect(night.changes(awake)).toEqual([])
    expect(await night.sizes()).toEqual(WHOLE)
    expect(await stateOf(night, own), 'what a person had stopped stays').toBe('stopped')
  })
})

describe('sleep only tells while everything sleeps', () => {
  it('leaves asleep what sleeps', async () => {
    const night = await openNight(handCatalog(), EVENING)
    await night.until('2026-03-02T23:00')
    const asleep = night.calls
    await Workplace.at(night.stage.simulation).deploy(handCatalog('tell'))
    await night.until('2026-03-03T08:00')
    expect(night.changes(asleep)).toEqual([])
    expect(await night.sizes()).toEqual(NOTHING)
    expect(await statusOf(night)).toBe('stopped')
  })
})
