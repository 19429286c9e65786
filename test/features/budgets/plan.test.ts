import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { awakeHours } from '../../../domain/budgets/awake-hours.ts'
import { type Candidate, type Outcome, planOf } from '../../../domain/budgets/plan.ts'
import { monthEnd, rateOf, unseenShare } from '../../../domain/budgets/rate.ts'

const one = (name: string, importance: Candidate['importance'], usd: number): Candidate => ({
  ...{ id: `service/${name}`, name, importance, usd },
})

const ALL = [
  one('cheap', 'low', 2),
  one('dear', 'low', 5),
  one('normal', 'normal', 9),
  one('high', 'high', 40),
]
/** Everything sleeps that is put to sleep. */
const SLEEPS: Outcome = () => new Map()

describe('what sleeps for a budget', () => {
  const names = (all: readonly Candidate[]) => all.map(({ name }) => name)

  test.each([
    ['the dearest of low importance first', 4, ['dear'], ['dear']],
    ['all of low importance, if it takes them', 7, ['dear', 'cheap'], ['dear', 'cheap']],
    [
      'one importance at a time, though it takes more',
      12,
      ['dear', 'cheap'],
      ['dear', 'cheap', 'normal'],
    ],
    ['nothing, if all of it is too little', 57, [], ['dear', 'cheap', 'normal', 'high']],
  ])('%s', (_, over, step, all) => {
    const plan = planOf(ALL, over, SLEEPS)
    expect(names(plan.step)).toEqual(step)
    expect(names(plan.all)).toEqual(all)
    expect(plan.fits).toBe(step.length > 0)
  })

  it('passes over what somebody keeps awake, and says why; the next sleeps instead', () => {
    const kept: Outcome = (of) =>
      new Map(of.flatMap(({ id, name }) => (name === 'dear' ? [[id, 'kept by bob']] : [])))
    const plan = planOf(ALL, 4, kept)
    expect(names(plan.step)).toEqual(['cheap'])
    expect(names(plan.all)).toEqual(['cheap', 'normal'])
    expect(plan.passed).toEqual([{ name: 'dear', why: 'kept by bob' }])
  })

  it('a database sleeps once what needs it does', () => {
    const database = one('database', 'low', 9)
    const needs: Outcome = (of) =>
      names(of).includes('dear') ? new Map() : new Map([[database.id, 'dear needs it']])
    expect(names(planOf([database, ...ALL], 12, needs).step)).toEqual(['dear', 'database'])
  })

  it('is enough or nothing, of one importance, and without what would be enough by itself', () => {
    const candidate = fc.record({
      id: fc.uuid(),
      name: fc.string({ minLength: 1, maxLength: 3 }),
      importance: fc.constantFrom('low', 'normal', 'high') as fc.Arbitrary<'low'>,
      usd: fc.integer({ min: 1, max: 50 }),
    })
    fc.assert(
      fc.property(
        fc.array(candidate, { maxLength: 8 }),
        fc.integer({ min: 1, max: 200 }),
        (all, over) => {
          const plan = planOf(all, over, SLEEPS)
          const total = all.reduce((sum, { usd }) => sum + usd, 0)
          expect(plan.fits).toBe(total >= over)
          expect(plan.step.length > 0).toBe(plan.fits)
          expect(new Set(plan.step.map(({ importance }) => importance)).size).toBeLessThanOrEqual(1)
          const last = plan.all.at(-1)?.usd ?? 0
          if (plan.fits) expect(plan.saves - last).toBeLessThan(over)
        },
      ),
      { numRuns: 200 },
    )
  })
})

describe('where a month ends', () => {
  const at = (day: number, hour = 0) => new Date(Date.UTC(2026, 2, day, hour)).toISOString()

  it('by what a day of it has cost, until figures are most of a day apart', () => {
    expect(rateOf([])).toBeUndefined()
    expect(rateOf([{ at: at(11), spent: 100 }])?.perDay).toBe(10)
    const close = [
      { at: at(11), spent: 100 },
      { at: at(11, 8), spent: 104 },
    ]
    expect(rateOf(close)?.perDay).toBeCloseTo(104 / (10 + 1 / 3))
    expect(rateOf([...close, { at: at(12, 8), spent: 130 }])?.perDay).toBe(26)
    // What billing has put right downwards is no negative rate.
    expect(rateOf([...close, { at: at(12, 8), spent: 90 }])?.perDay).toBe(0)
    // In its first hours a month has no rate of thousands.
    expect(rateOf([{ at: at(1, 1), spent: 5 }])?.perDay).toBe(5)
  })

  it('what sleeps since then is taken off as far as billing cannot show it yet', () => {
    const rate = { perDay: 10, from: Date.parse(at(20)), to: Date.parse(at(21)) }
    expect(unseenShare(rate, at(21))).toBe(1)
    expect(unseenShare(rate, at(19, 12))).toBe(0.5)
    expect(unseenShare(rate, at(18))).toBe(0)
    const now = new Date(at(22))
    expect(monthEnd(100, rate, [], now)).toBe(200)
    expect(monthEnd(100, rate, [{ from: at(21), usd: 30 }], now)).toBe(170)
    expect(monthEnd(100, rate, [{ from: at(18), usd: 30 }], now)).toBe(200)
    expect(monthEnd(100, rate, [{ from: at(21), usd: 500 }], now)).toBe(100)
  })

  it('counts the hours in which a schedule leaves something awake', () => {
    const running = [{ days: 'mon-fri', from: '07:00', to: '20:00' }]
    const schedule = { name: 'office-hours', running }
    const input = { schedule, calendars: {}, timeZone: 'UTC', overrides: [] }
    // From Friday noon until Tuesday at eight.
    const [from, to] = [new Date('2026-03-06T12:00:00Z'), new Date('2026-03-10T08:00:00Z')]
    expect(awakeHours(input, from, to)).toBe(8 + 13 + 1)
    expect(awakeHours(undefined, from, to)).toBe(92)
    expect(awakeHours(input, to, from)).toBe(0)
  })
})
