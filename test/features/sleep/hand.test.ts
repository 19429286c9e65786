import { describe, expect, it, test } from 'vitest'
import { decide, nextInstant } from '../../../domain/sleep/decide.ts'
import { isNews, OWN_START } from '../../../domain/sleep/hand.ts'
import { NO_IMAGE, type Rest, type Seen } from '../../../domain/sleep/resource.ts'
import { begun, settled, wakeSize } from '../../../domain/sleep/settle.ts'
import { stepsOf } from '../../../domain/sleep/steps.ts'
import { wantedOf } from '../../../domain/sleep/wanted.ts'
import type { Sleeper, Told } from '../../../domain/table/sleeper.ts'

/** Night: 02:00 in Berlin; the next edge is 07:00. */
const NOW = new Date('2026-03-03T01:00:00.000Z')
const EDGE = '2026-03-03T06:00:00.000Z'
const NIGHT = {
  state: 'stopped',
  reason: 'night',
  next: { at: EDGE, state: 'running', reason: 'day' },
} as const
const minutes = (count: number) => new Date(NOW.getTime() + count * 60_000)
const at = (count: number) => minutes(count).toISOString()

const seen = (phase: Seen['phase'], more: Partial<Seen> = {}): Seen => ({
  id: 'service/dev/orders',
  kind: 'service',
  name: 'orders',
  owner: 'ordering',
  schedule: 'office-hours',
  order: 1,
  phase,
  ...more,
})
const HELD = { min: 0, max: 3, suspended: true }
const OPEN = { min: 2, max: 3, suspended: false }
const asleep = (more: Partial<Sleeper> = {}): Sleeper => ({
  version: 1,
  revision: 3,
  rest: 'asleep',
  since: at(-300),
  why: 'night',
  captured: { desired: 2, bounds: OPEN },
  ...more,
})
const told = (to: Told['to'], more: Partial<Told> = {}): Told => ({
  to,
  at: at(0),
  arrived: at(3),
  by: 'ci-deploy',
  tool: true,
  ...more,
})
const PERSON = { by: 'ann@example.com', tool: false }

describe('an event and a look', () => {
  const up = seen('up', { size: { desired: 1, bounds: HELD } })

  it('in either order end in the same: a tool until its grace is over', () => {
    const call = told('awake')
    const before = settled({ seen: up, kept: asleep({ told: [call] }) }, NIGHT, minutes(3))
    const looked = settled({ seen: up, kept: asleep() }, NIGHT, minutes(1))
    expect(looked.hand).toEqual({ to: 'awake', at: at(1), until: EDGE })
    const after = settled({ seen: up, kept: { ...looked, told: [call] } }, NIGHT, minutes(3))
    const hand = { to: 'awake', at: at(0), by: 'ci-deploy', tool: true, until: at(63) }
    expect(before).toMatchObject({ rest: 'awake', hand, toolSized: true })
    // The time by which it was told already stays.
    expect(after).toMatchObject({ rest: 'awake', hand: { ...hand, at: at(1) }, toolSized: true })
    for (const one of [before, after]) expect(one).not.toHaveProperty('told')
  })

  it('make a person of it where a person did it too, until the next edge', () => {
    const both = [told('awake'), told('awake', { ...PERSON, at: at(-1) })]
    const by = { to: 'awake', at: at(-1), by: PERSON.by, until: EDGE }
    const kept = settled({ seen: up, kept: asleep({ told: both }) }, NIGHT, minutes(3))
    expect(kept.hand).toEqual(by)
    expect(kept).not.toHaveProperty('toolSized')
    const tool = settled({ seen: up, kept: asleep({ told: [told('awake')] }) }, NIGHT, minutes(3))
    const later = { ...tool, told: [told('awake', PERSON)] }
    const own = settled({ seen: up, kept: later }, NIGHT, minutes(5))
    expect(own.hand).toEqual({ ...by, at: at(0) })
  })

  it('do not give a tool what was done before its call', () => {
    const looked = settled({ seen: up, kept: asleep() }, NIGHT, minutes(1))
    const later = told('awake', { at: at(20), arrived: at(21) })
    expect(isNews(looked, later)).toBe(false)
    const kept = settled({ seen: up, kept: { ...looked, told: [later] } }, NIGHT, minutes(22))
    expect(kept.hand).toEqual(looked.hand)
  })

  it('leave what is not so any more, and forget it', () => {
    const down = seen('down', { size: { desired: 0, bounds: HELD } })
    const kept = asleep({ told: [told('awake')] })
    expect(settled({ seen: down, kept }, NIGHT, minutes(5))).toBe(kept)
    expect(settled({ seen: down, kept }, NIGHT, minutes(20))).toEqual(asleep())
  })

  it('end a move that somebody has turned around', () => {
    const moving = { to: 'asleep', since: at(-2), why: 'night', tries: 1 } as const
    const kept = { ...asleep({ moving, told: [told('awake', PERSON)] }), rest: 'awake' as const }
    const turned = settled({ seen: seen('rising'), kept }, NIGHT, minutes(3))
    expect(turned).not.toHaveProperty('moving')
    expect(turned.hand).toEqual({ to: 'awake', at: at(0), by: PERSON.by, until: EDGE })
    const older = told('awake', { ...PERSON, at: at(-5) })
    expect(isNews(kept, older)).toBe(false)
    expect(
      settled({ seen: seen('up'), kept: { ...kept, told: [older] } }, NIGHT, NOW),
    ).toMatchObject({ moving })
  })

  describe('nobody tells of: what was on its way is turned around', () => {
    const open = (desired: number) => ({ size: { desired, bounds: HELD } })
    const falling = { to: 'asleep', since: at(-2), why: 'night', tries: 1 } as const
    const rising = { ...falling, to: 'awake' } as const
    const HAND = { to: 'awake', at: at(3), until: EDGE }
    test.each<[string, Seen, Partial<Sleeper['moving'] & object>, object | undefined]>([
      ['to the same number, seen to drain before', seen('up', open(2)), { taken: true }, HAND],
      ['to another number at once', seen('rising', open(4)), {}, HAND],
      ['no: a call that had no effect yet', seen('up', open(2)), {}, undefined],
      ['no: AWS has refused', seen('up', open(4)), { error: 'no' }, undefined],
      ['no: it is scaled still', seen('up', { size: { desired: 4, bounds: OPEN } }), {}, undefined],
      [
        'stopped while it wakes',
        seen('down', open(0)),
        { ...rising, taken: true },
        { ...HAND, to: 'asleep' },
      ],
      ['no: not asked yet', seen('down', open(0)), rising, undefined],
    ])('%s', (_, one, more, hand) => {
      const kept = { ...asleep({ moving: { ...falling, ...more } }), rest: 'awake' as const }
      const after = settled({ seen: one, kept }, NIGHT, minutes(3))
      expect(after.hand).toEqual(hand)
      expect(after.moving === undefined).toBe(hand !== undefined)
    })

    const machine = (kind: Seen['kind'], phase: Seen['phase']) =>
      seen(phase, { id: `${kind}/payments`, kind })
    test.each<[string, Seen, Partial<Sleeper['moving'] & object>, Rest | undefined]>([
      ['a database, started', machine('database', 'rising'), { taken: true }, 'awake'],
      ['an instance, started', machine('instance', 'rising'), { taken: true }, 'awake'],
      ['a database, stopped', machine('database', 'falling'), { ...rising, taken: true }, 'asleep'],
      ['no: a stop that failed', machine('database', 'up'), { taken: true }, undefined],
      ['no: not seen to stop', machine('database', 'rising'), {}, undefined],
      // AWS stops by itself what it could not start.
      [
        'no: a start that failed',
        machine('instance', 'falling'),
        { ...rising, taken: true },
        undefined,
      ],
    ])('%s by somebody', (_, one, more, to) => {
      const rest = more.to === 'awake' ? 'asleep' : 'awake'
      const since = at(-8 * 24 * 60)
      const moving = { ...falling, ...more }
      const kept = { ...asleep({ moving, since, captured: undefined }), rest } as const
      const after = settled({ seen: one, kept }, NIGHT, minutes(3))
      expect(after.hand?.to).toBe(to)
      expect(after.moving === undefined).toBe(to !== undefined)
    })

    it('a look that sees it on its way keeps that, once', () => {
      const kept = { ...asleep({ moving: falling }), rest: 'awake' as const }
      const drains = seen('falling', open(0))
      const after = settled({ seen: drains, kept }, NIGHT, minutes(1))
      expect(after.moving).toEqual({ ...falling, taken: true })
      expect(settled({ seen: drains, kept: after }, NIGHT, minutes(2))).toBe(after)
    })
  })

  it('count the grace of a tool no further than the next edge', () => {
    const call = told('awake', { at: at(270), arrived: at(271) })
    const kept = settled({ seen: up, kept: asleep({ told: [call] }) }, NIGHT, minutes(271))
    expect(kept.hand?.until).toBe(EDGE)
  })
})

describe('a database that AWS has started', () => {
  const rising = seen('rising', { id: 'database/payments', kind: 'database' })
  const aws = told('awake', { by: 'AWS', aws: true })

  it('is nobody’s doing, however short it was known to be stopped', () => {
    const kept = settled({ seen: rising, kept: asleep({ told: [aws] }) }, NIGHT, minutes(3))
    expect(kept).toMatchObject({ rest: 'awake', why: OWN_START })
    expect(kept).not.toHaveProperty('hand')
  })

  it('was a person’s where CloudTrail says so, also later', () => {
    const long = asleep({ since: at(-7 * 24 * 60) })
    const own = settled({ seen: rising, kept: long }, NIGHT, NOW)
    expect(own.why).toBe(OWN_START)
    const call = told('awake', { ...PERSON, at: at(-1) })
    expect(isNews(own, call)).toBe(true)
    const kept = settled({ seen: rising, kept: { ...own, told: [call] } }, NIGHT, minutes(2))
    expect(kept.hand).toMatchObject({ by: PERSON.by, until: EDGE })
  })
})

describe('a service that had no image yet', () => {
  const fresh = asleep({ captured: undefined, problem: NO_IMAGE })
  const up = seen('rising', { size: { desired: 1 }, rolledOut: true })

  it('is started by its first roll-out, and sleeps again by its schedule', () => {
    const kept = settled({ seen: up, kept: fresh }, NIGHT, NOW)
    expect(kept).toMatchObject({ rest: 'awake', why: 'its first image was rolled out' })
    expect(kept).not.toHaveProperty('hand')
  })

  it('was started by a person who says so, and by hand where nothing was rolled out', () => {
    const call = told('awake', { ...PERSON, at: at(-1) })
    const own = settled({ seen: up, kept: { ...fresh, told: [call] } }, NIGHT, NOW)
    expect(own.hand).toMatchObject({ by: PERSON.by })
    const without = settled({ seen: { ...up, rolledOut: false }, kept: fresh }, NIGHT, NOW)
    expect(without.hand).toMatchObject({ to: 'awake' })
  })
})

describe('the size that a tool has put there', () => {
  const up = seen('up', { size: { desired: 1, bounds: { ...HELD, min: 1 } } })
  const start = (call: Told) =>
    settled({ seen: up, kept: asleep({ told: [call] }) }, NIGHT, minutes(3))

  it('is not captured, its bounds are; a person’s is', () => {
    const after = settled({ seen: up, kept: start(told('awake')) }, NIGHT, minutes(64))
    expect(after).not.toHaveProperty('hand')
    const { captured } = begun({ seen: up, kept: after }, 'asleep', 'night', minutes(64))
    expect(captured).toEqual({ desired: 2, bounds: { min: 1, max: 3, suspended: false } })
    const own = start(told('awake', PERSON))
    expect(begun({ seen: up, kept: own }, 'asleep', 'night', minutes(64)).captured?.desired).toBe(1)
  })

  it('gives way to the captured one where the day comes first', () => {
    const morning = { state: 'running', reason: 'day' } as const
    const kept = settled({ seen: up, kept: start(told('awake')) }, morning, minutes(301))
    const want = { to: 'awake', reason: 'day' } as const
    const { due } = stepsOf([{ seen: up, kept, want }], new Map(), minutes(301))
    expect(due.map(({ to }) => to)).toEqual(['awake'])
    expect(wakeSize(up, kept)).toEqual({ desired: 2, bounds: { min: 1, max: 3, suspended: false } })
  })
})

describe('what is decided on it', () => {
  const says = () => NIGHT
  const override = {
    version: 1,
    id: 'o',
    kind: 'awake',
    source: 'person',
    from: at(-30),
    until: at(120),
    by: 'bob@example.com',
    why: '',
  } as const
  const hand = { to: 'asleep', at: at(-1), until: at(59), by: 'ci-deploy' } as const
  const wantWith = (tool: boolean) =>
    wantedOf({
      subjects: [{ seen: seen('down'), kept: asleep({ hand: tool ? { ...hand, tool } : hand }) }],
      overrides: [override],
      needs: new Map(),
      says,
      now: NOW,
    }).get('service/dev/orders')?.to

  it('a tool does not stop what a person keeps awake; a person does', () => {
    expect(wantWith(true)).toBe('awake')
    expect(wantWith(false)).toBe('as-it-is')
  })

  it('the clock knows when a tool’s grace is over', () => {
    const one = seen('up', { size: { desired: 1 } })
    const sleepers = new Map([[one.id, asleep({ told: [told('awake')] })]])
    const read = { seen: [one], sleepers, overrides: [] }
    const rules = { uses: {}, says }
    const decided = decide(read, rules, minutes(3))
    expect(nextInstant(decided, read, rules, minutes(3))).toEqual(minutes(63))
  })
})
