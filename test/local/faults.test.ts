import { describe, expect, test } from 'vitest'
import { type FaultRates, Faults } from '../../local/aws/faults.ts'
import { Random } from '../../local/aws/random.ts'

/** Chance that always draws this. */
class Drawn extends Random {
  readonly #draw: number

  constructor(draw: number) {
    super(1)
    this.#draw = draw
  }

  override next(): number {
    return this.#draw
  }
}

const LEAST = 0
const MOST = 1 - 1e-9
const MINUTE = 60_000

const carried = (rates: Partial<FaultRates>, draw: number) =>
  new Faults(new Drawn(draw), rates).carry('one', 'best-effort', 0)

describe('what goes wrong', () => {
  test('nothing does unless it is asked for, whatever is drawn', () => {
    expect(carried({}, LEAST)).toEqual({ copies: [0], faults: [] })
    const faults = new Faults(new Drawn(LEAST))
    expect(faults.staleness()).toEqual({ described: 0, listed: 0 })
    expect(faults.unseenFor()).toBe(0)
    expect(faults.leavesUnfired('a', 0)).toBe(false)
    expect(faults.log).toEqual([])
  })

  test.each<[Partial<FaultRates>, number, number[]]>([
    [{ delay: 1 }, LEAST, [1_000]],
    [{ delay: 1 }, MOST, [15 * MINUTE]],
    [{ reorder: 1 }, LEAST, [5_000]],
    [{ reorder: 1 }, MOST, [MINUTE]],
    [{ delay: 1, reorder: 1 }, LEAST, [6_000]],
    // One copy hours later, or three within a minute.
    [{ duplicate: 1 }, LEAST, [0, MINUTE]],
    [{ duplicate: 1 }, MOST, [0, MINUTE, MINUTE, MINUTE]],
    [{ duplicate: 1, delay: 1 }, LEAST, [1_000, 1_000 + MINUTE]],
    [{ lose: 1 }, LEAST, []],
  ])('with %j, drawing %d, an event arrives after %j ms', (rates, draw, copies) => {
    const arrivals = carried(rates, draw)
    expect(arrivals.copies.map((one) => Math.round(one / 100) * 100)).toEqual(copies)
    expect(arrivals.faults).toEqual(Object.keys(rates).toSorted(inOrder))
  })

  test('an event that AWS keeps is not lost, and what is done to one is noted', () => {
    const faults = new Faults(new Drawn(0.5), { lose: 1, delay: 0.6, reorder: 0.5 })
    expect(faults.carry('kept', 'durable', 7).faults).toEqual(['delay'])
    expect(faults.carry('lost', 'best-effort', 8)).toEqual({ copies: [], faults: ['lose'] })
    expect(faults.leavesUnfired('never', 9)).toBe(false)
    faults.set({ unfired: 1 })
    expect(faults.leavesUnfired('always', 10)).toBe(true)
    expect(faults.log).toEqual([
      { at: 7, eventId: 'kept', kind: 'delay' },
      { at: 8, eventId: 'lost', kind: 'lose' },
      { at: 8, eventId: 'lost', kind: 'delay' },
      { at: 10, eventId: 'always', kind: 'unfired' },
    ])
  })

  test('a late copy comes within six hours', () => {
    const late = new Faults(new Late(), { duplicate: 1 }).carry('one', 'durable', 0)
    expect(late.copies).toEqual([0, 360 * MINUTE])
  })

  test('a change of ECS is unseen for up to 8 s, in lists for up to 30 s; an instance for 20 s', () => {
    const faults = new Faults(new Drawn(0.5), { stale: 1, unseen: 1 })
    expect(faults.staleness()).toEqual({ described: 4_000, listed: 15_000 })
    expect(faults.unseenFor()).toBe(10_000)
    expect(faults.some(4)).toBe(2)
  })

  test('a service is down from the first moment to before the last', () => {
    const faults = new Faults(new Drawn(0))
    faults.down({ service: 'ecs', from: 10, until: 20 })
    expect([9, 10, 19, 20].map((now) => faults.isDown('ecs', now))).toEqual([
      false,
      true,
      true,
      false,
    ])
    expect(faults.isDown('ec2', 15)).toBe(false)
  })

  test('a zone is short of a type until then, or every zone is', () => {
    const faults = new Faults(new Drawn(0))
    faults.shortage({ instanceType: 'a', zone: '1', until: 20 })
    faults.shortage({ instanceType: 'b', until: 20 })
    expect([19, 20].map((now) => faults.lacks('a', '1', now))).toEqual([true, false])
    expect(faults.lacks('a', '2', 19)).toBe(false)
    expect(faults.lacks('b', '2', 19)).toBe(true)
    expect([19, 20].map((now) => faults.isShort('a', now))).toEqual([true, false])
    expect(faults.isShort('c', 19)).toBe(false)
  })
})

const KINDS = ['lose', 'duplicate', 'delay', 'reorder']
const inOrder = (one: string, other: string) => KINDS.indexOf(one) - KINDS.indexOf(other)

/** Draws a late copy as late as can be. */
class Late extends Random {
  constructor() {
    super(1)
  }

  override next(label: string): number {
    return label === 'faults/duplicate/length' ? 1 : 0
  }
}
