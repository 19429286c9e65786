import { describe, expect, it, test } from 'vitest'
import type { Bounds, Rest, Seen, Size } from '../../../domain/sleep/resource.ts'
import { begun, settled, wakeSize } from '../../../domain/sleep/settle.ts'
import type { Sleeper } from '../../../domain/table/sleeper.ts'
import { phaseOf } from '../../../functions/shared/sleep/databases.ts'

const NIGHT = new Date('2026-03-02T19:00:00.000Z')
const MORNING = new Date('2026-03-03T06:00:00.000Z')
const SAID = { state: 'running', reason: 'day' } as const

const bounds = (min: number, max: number): Bounds => ({ min, max, suspended: false })
const HELD: Bounds = { min: 0, max: 3, suspended: true }
const seen = (phase: Seen['phase'], size: Size): Seen => ({
  ...{ id: 'service/dev/products', kind: 'service', name: 'products', owner: 'storefront' },
  ...{ schedule: 'office-hours', order: 1, phase, size },
})

/** What is kept once it has been brought there. */
function moved(kept: Sleeper, to: Rest, before: Size, after: Size, now: Date): Sleeper {
  const [from, there] = to === 'asleep' ? (['up', 'down'] as const) : (['down', 'up'] as const)
  const { moving, ...rest } = begun({ seen: seen(from, before), kept }, to, '', now)
  if (moving === undefined) throw new Error('nothing moves')
  return settled({ seen: seen(there, after), kept: { ...rest, moving } }, SAID, now)
}

const AWAKE: Sleeper = {
  ...{ version: 2, revision: 1, rest: 'awake', since: NIGHT.toISOString(), why: 'day' },
}

describe('night after night', () => {
  const two = { desired: 2, bounds: bounds(1, 3) }
  const asleep = moved(AWAKE, 'asleep', two, { desired: 0, bounds: HELD }, NIGHT)
  const awake = moved(asleep, 'awake', { desired: 0, bounds: HELD }, two, MORNING)

  it('the second captures what was set in the day: a capture ends with its wake', () => {
    expect(asleep.captured).toEqual(two)
    expect(awake).not.toHaveProperty('captured')
    const four = { desired: 4, bounds: bounds(4, 6) }
    const again = moved(awake, 'asleep', four, { desired: 0, bounds: { ...HELD, max: 6 } }, NIGHT)
    expect(again.captured).toEqual(four)
    const down = seen('down', { desired: 0, bounds: { ...HELD, max: 6 } })
    expect(wakeSize(down, again)).toEqual(four)
  })

  it('what is held down already is never captured in place of its own', () => {
    const half = { desired: 0, bounds: HELD }
    const again = begun({ seen: seen('up', half), kept: asleep }, 'asleep', '', NIGHT)
    expect(again.captured).toEqual(two)
  })

  it('bounds that were set while it went to sleep are kept, though they are taken down again', () => {
    const falling = begun({ seen: seen('up', two), kept: AWAKE }, 'asleep', '', NIGHT)
    const look = (kept: Sleeper, own: Bounds) =>
      settled({ seen: seen('falling', { desired: 0, bounds: own }), kept }, SAID, NIGHT)
    const set = look(falling, { min: 2, max: 6, suspended: true })
    expect(set.captured).toEqual({ desired: 2, bounds: bounds(2, 6) })
    expect(set.boundsBefore).toEqual(bounds(1, 3))
    const again = look(set, { min: 0, max: 6, suspended: true })
    expect(again.captured).toEqual(set.captured)
    const down = seen('down', { desired: 0, bounds: { min: 0, max: 6, suspended: true } })
    expect(wakeSize(down, again)).toEqual({ desired: 2, bounds: bounds(2, 6) })
    // AWS still shows what it was before our own call.
    expect(look(falling, bounds(1, 3)).captured).toEqual(two)
  })

  it('what was suspended for the night is not captured by a second sleep before it was whole', () => {
    const set = { min: 3, max: 6, suspended: true }
    const started = { ...asleep, rest: 'awake' as const }
    const again = begun(
      { seen: seen('up', { desired: 1, bounds: set }), kept: started },
      'asleep',
      '',
      NIGHT,
    )
    expect(again.captured).toEqual({ desired: 1, bounds: bounds(3, 6) })
    // Whole, it is somebody's own.
    const own = begun(
      { seen: seen('up', { desired: 1, bounds: set }), kept: awake },
      'asleep',
      '',
      NIGHT,
    )
    expect(own.captured?.bounds).toEqual(set)
  })

  it('bounds that were set meanwhile are kept, and the number lies within them', () => {
    const changed = seen('down', { desired: 0, bounds: { min: 2, max: 6, suspended: true } })
    const one = { ...asleep, captured: { desired: 1, bounds: bounds(1, 3) } }
    expect(wakeSize(changed, one)).toEqual({ desired: 2, bounds: bounds(2, 6) })
  })

  it('it is whole only once it may be scaled again, also with bounds that were set meanwhile', () => {
    const { moving, ...waking } = begun(
      { seen: seen('down', { desired: 0, bounds: HELD }), kept: asleep },
      'awake',
      '',
      MORNING,
    )
    if (moving === undefined) throw new Error('nothing moves')
    const look = (suspended: boolean, desired = 3) =>
      settled(
        {
          seen: seen('up', { desired, bounds: { min: 3, max: 6, suspended } }),
          kept: { ...waking, moving },
        },
        SAID,
        MORNING,
      )
    expect(look(true)).toMatchObject({ moving: { to: 'awake' }, captured: asleep.captured })
    expect(look(false, 2)).toMatchObject({ moving: { to: 'awake' }, captured: asleep.captured })
    expect(look(false).moving).toBeUndefined()
  })
})

describe('a database', () => {
  test.each([
    // It takes connections, whatever it does besides; no stop is taken meanwhile.
    ['backing-up', { phase: 'up', waits: 'backing-up' }],
    ['modifying', { phase: 'up', waits: 'modifying' }],
    ['maintenance', { phase: 'rising', waits: 'maintenance' }],
    ['starting', { phase: 'rising', waits: undefined }],
    ['available', { phase: 'up', waits: undefined }],
    ['stopped', { phase: 'down', waits: undefined }],
  ])('%s', (status, phase) => {
    expect(phaseOf(status)).toEqual(phase)
  })
})
