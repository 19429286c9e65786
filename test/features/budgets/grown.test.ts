import { describe, expect, it } from 'vitest'
import { comparedDays, type DayCosts, whatGrew } from '../../../domain/budgets/grown.ts'

const NOW = new Date('2026-03-20T10:00:00Z')
const DAY = 24 * 60 * 60_000

/** Days from the 5th on: seven of the week before, seven of the last whole week. */
const weeks = (before: Record<string, number>, later: Record<string, number>): DayCosts[] =>
  Array.from({ length: 14 }, (_, place) => ({
    day: new Date(Date.parse('2026-03-05') + place * DAY).toISOString().slice(0, 10),
    usd: place < 7 ? before : later,
  }))

describe('what has grown', () => {
  it('is of two whole weeks, without yesterday, of which billing may lack hours', () => {
    expect(comparedDays(NOW)).toEqual({ from: '2026-03-05', to: '2026-03-19' })
  })

  it('is what a day costs more, the most first; not what fell or is noise', () => {
    const before = { Compute: 1, Database: 2, Storage: 3, Logs: 0.1 }
    const later = { Compute: 1.5, Database: 4, Storage: 1, Logs: 0.12, Cache: 0.8 }
    expect(whatGrew(weeks(before, later), NOW)).toEqual([
      { name: 'Database', before: 2, now: 4 },
      { name: 'Cache', before: 0, now: expect.closeTo(0.8) },
      { name: 'Compute', before: 1, now: 1.5 },
    ])
  })

  it('is nothing without a week to compare with', () => {
    expect(whatGrew(weeks({}, { Compute: 5 }), NOW)).toEqual([])
    expect(whatGrew([], NOW)).toEqual([])
  })

  it('counts days that say nothing as free', () => {
    const one = weeks({ Compute: 7 }, {}).slice(0, 1)
    const two = weeks({}, { Compute: 14 }).slice(13)
    expect(whatGrew([...one, ...two], NOW)).toEqual([{ name: 'Compute', before: 1, now: 2 }])
  })
})
