import { describe, expect, it, test } from 'vitest'
import { compileCatalog } from '../../catalog/compile.ts'
import { readCatalog } from '../../catalog/read.ts'
import { allRunAfter } from '../../cli/year/play.ts'
import { year } from '../../cli/year.ts'
import { nightCatalog } from '../kits/nights.ts'

describe('npm run year', () => {
  it('plays days, and prints each edge, the sizes and what sleep has saved', async () => {
    const catalog = nightCatalog()
    const lines: string[] = []
    const options = { from: '2026-03-03', days: 1, catalog }
    const answer = await year(options, (one) => void lines.push(one))
    expect(lines.slice(0, 3)).toEqual([
      '2026-03-03T19:00:00.000Z office-hours stopped: kept',
      '2026-03-04T06:00:00.000Z office-hours running: kept',
      '2 edges, 0 missed (Europe/Berlin).',
    ])
    expect(lines.slice(3, -1)).toEqual([
      'At 2026-03-04T08:00:00.000Z everything is as large as it was before:',
      expect.stringMatching(/^mailer 1, orders 1, products 2 \(2 to 3\), i-\w+ runs$/),
      'storefront: 11 h slept, about $0.22 not paid.',
      'ordering: 11 h slept, about $0.11 not paid.',
    ])
    expect(answer).toBe(0)
  })

  test.each([
    ['2026-03-04T08:00:00.000Z', '2026-03-04T08:00:00.000Z'],
    // A Saturday, and New Year's Day before a weekend.
    ['2026-03-07T08:00:00.000Z', '2026-03-09T06:00:00.000Z'],
    ['2027-01-01T08:00:00.000Z', '2027-01-04T06:00:00.000Z'],
  ])('looks at sizes once everything runs: at %s, that is %s', (at, expected) => {
    const catalog = compileCatalog(readCatalog(nightCatalog()))
    expect(allRunAfter(catalog, new Date(at)).toISOString()).toBe(expected)
  })
})
