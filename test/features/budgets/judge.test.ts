import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { type Figure, figureOf, isSame } from '../../../domain/budgets/figure.ts'
import { judge, RUNGS } from '../../../domain/budgets/judge.ts'
import { readAlert } from '../../../domain/budgets/notice.ts'
import type { BudgetState } from '../../../domain/table/budget-state.ts'

type Look = { at: string; spent: number; limit?: number; forecast?: number }

/** What is new at each look, in a catalog that says $250 a month. */
function looks(...all: Look[]): { news: string[]; state: BudgetState | undefined } {
  let kept: BudgetState | undefined
  const news = all.map(({ at, spent, limit = 250, forecast }) => {
    const figure = { limit, spent, ...(forecast !== undefined && { forecast }) }
    const judged = judge({ name: 'b', figure, limit: 250, kept, now: new Date(`2026-${at}:00Z`) })
    kept = judged.state
    return judged.news
      .map((one) => (one.what === 'undone' ? `undone: ${one.because}` : one.what))
      .join(', ')
  })
  return { news, state: kept }
}

describe('what becomes of a budget', () => {
  const ROWS: [string, Look[], string[]][] = [
    ['below: nothing', [{ at: '03-10T00:00', spent: 100 }], ['']],
    ['80 % are spent', [{ at: '03-10T00:00', spent: 200 }], ['near']],
    ['80 % are forecast', [{ at: '03-10T00:00', spent: 90, forecast: 200 }], ['near']],
    ['a forecast before the sixth', [{ at: '03-05T00:00', spent: 9, forecast: 900 }], ['']],
    [
      'one step for each new figure, none for the same one',
      [
        { at: '03-10T00:00', spent: 260 },
        { at: '03-10T08:00', spent: 260 },
        { at: '03-10T16:00', spent: 261 },
        { at: '03-10T17:00', spent: 261 },
        { at: '03-11T00:00', spent: 262 },
      ],
      ['near', '', 'over', '', 'spent-more'],
    ],
    [
      'a forecast that falls undoes nothing; one that is gone is not zero',
      [
        { at: '03-10T00:00', spent: 90, forecast: 260 },
        { at: '03-11T00:00', spent: 95, forecast: 100 },
        { at: '03-12T00:00', spent: 96 },
        { at: '03-13T00:00', spent: 96, forecast: 260 },
      ],
      ['near', '', '', ''],
    ],
    [
      'zero for two days is unknown: said once, and once when figures come',
      [
        { at: '03-10T00:00', spent: 0 },
        { at: '03-11T23:00', spent: 0 },
        { at: '03-12T00:00', spent: 0 },
        { at: '03-13T00:00', spent: 0 },
        { at: '03-14T00:00', spent: 240 },
      ],
      ['', '', 'unknown', '', 'known, near'],
    ],
    [
      'zero after a step undoes nothing',
      [
        { at: '03-10T00:00', spent: 200 },
        { at: '03-11T00:00', spent: 0 },
        { at: '03-12T00:00', spent: 260 },
      ],
      ['near', '', 'over'],
    ],
    [
      'a new month undoes once; last month’s figures and their late alert do nothing',
      [
        { at: '03-30T00:00', spent: 255 },
        { at: '03-31T00:00', spent: 327 },
        { at: '04-01T00:00', spent: 327 },
        { at: '04-01T00:20', spent: 328 },
        { at: '04-01T03:00', spent: 328 },
        { at: '04-01T12:00', spent: 4 },
        { at: '04-20T00:00', spent: 210 },
      ],
      ['near', 'over', 'undone: month', '', '', '', 'near'],
    ],
    [
      'a limit that was raised undoes at once, and is told once',
      [
        { at: '03-10T00:00', spent: 200 },
        { at: '03-11T00:00', spent: 255 },
        { at: '03-12T00:00', spent: 255, limit: 400 },
        { at: '03-13T00:00', spent: 256, limit: 400 },
        { at: '03-14T00:00', spent: 330, limit: 400 },
      ],
      ['near', 'over', 'undone: raised, differs', '', 'near'],
    ],
    [
      'a limit that was raised counts until its month is over; then the catalog’s does',
      [
        { at: '03-11T00:00', spent: 200 },
        { at: '03-12T00:00', spent: 210, limit: 400 },
        { at: '03-31T00:00', spent: 330, limit: 400 },
        { at: '04-01T00:00', spent: 330, limit: 400 },
        { at: '04-20T00:00', spent: 210, limit: 400 },
        { at: '04-21T00:00', spent: 211, limit: 500 },
        { at: '04-22T00:00', spent: 212 },
      ],
      [
        'near',
        'undone: raised, differs',
        'near',
        'undone: month',
        'near',
        'undone: raised, differs',
        'near',
      ],
    ],
    [
      'raised, and still not enough',
      [
        { at: '03-10T00:00', spent: 200 },
        { at: '03-11T00:00', spent: 255 },
        { at: '03-12T00:00', spent: 255, limit: 260 },
      ],
      ['near', 'over', 'undone: raised, differs, near'],
    ],
    [
      'a figure that billing has put right downwards undoes nothing',
      [
        { at: '03-10T00:00', spent: 240 },
        { at: '03-11T00:00', spent: 250 },
        { at: '03-12T00:00', spent: 150, forecast: 210 },
      ],
      ['near', 'over', ''],
    ],
    [
      'a limit that was lowered counts',
      [
        { at: '03-10T00:00', spent: 100 },
        { at: '03-11T00:00', spent: 100, limit: 110 },
      ],
      ['', 'differs, near'],
    ],
  ]
  test.each(ROWS)('%s', (_, all, expected) => {
    expect(looks(...all).news).toEqual(expected)
  })

  it('somebody who edits the budget does not make its figure young; a figure that changes does', () => {
    const seen: Look[] = [
      { at: '03-10T00:00', spent: 100 },
      { at: '03-10T09:00', spent: 100, limit: 400 },
    ]
    expect(looks(...seen).state?.changedAt).toBe('2026-03-10T00:00:00.000Z')
    const later = { at: '03-10T17:00', spent: 101, limit: 400 }
    expect(looks(...seen, later).state?.changedAt).toBe('2026-03-10T17:00:00.000Z')
  })

  it('never goes up without a new figure, by one step at the most, and never from zero', () => {
    const figure = fc.record({
      spent: fc.constantFrom(0, 1, 150, 200, 250, 300),
      limit: fc.constantFrom(200, 250, 400),
      forecast: fc.option(fc.constantFrom(100, 210, 500), { nil: undefined }),
      hours: fc.integer({ min: 1, max: 400 }),
    })
    fc.assert(
      fc.property(fc.array(figure, { maxLength: 30 }), (all) => {
        let kept: BudgetState | undefined
        let last: Figure | undefined
        let now = Date.parse('2026-03-20T00:00:00Z')
        for (const { hours, ...one } of all) {
          now += hours * 3_600_000
          const { state, news } = judge({
            name: 'b',
            figure: one,
            limit: 250,
            kept,
            now: new Date(now),
          })
          const ups = news.filter(({ what }) => ['near', 'over', 'spent-more'].includes(what))
          expect(ups.length).toBeLessThanOrEqual(1)
          if (one.spent === 0) expect(ups).toEqual([])
          if (last !== undefined && isSame(one, last)) expect(ups).toEqual([])
          last = one
          const before = RUNGS.indexOf(kept?.rung ?? 'none')
          expect(RUNGS.indexOf(state.rung) - before).toBeLessThanOrEqual(1)
          // A fall is always told.
          if (RUNGS.indexOf(state.rung) < before) {
            expect(news.map(({ what }) => what)).toContain('undone')
          }
          const again = judge({
            name: 'b',
            figure: one,
            limit: 250,
            kept: state,
            now: new Date(now),
          })
          expect(again.news).toEqual([])
          kept = state
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('the figure of a budget', () => {
  const usd = (Amount: string, Unit = 'USD') => ({ Amount, Unit })
  test.each([
    [
      'all of it',
      {
        BudgetLimit: usd('250'),
        CalculatedSpend: { ActualSpend: usd('9.5'), ForecastedSpend: usd('260') },
      },
      { limit: 250, spent: 9.5, forecast: 260 },
    ],
    [
      'without a forecast',
      { BudgetLimit: usd('250'), CalculatedSpend: { ActualSpend: usd('0') } },
      { limit: 250, spent: 0 },
    ],
    ['without a limit', { CalculatedSpend: { ActualSpend: usd('9') } }, undefined],
    ['without anything spent', { BudgetLimit: usd('250') }, undefined],
    [
      'in another unit',
      { BudgetLimit: usd('250'), CalculatedSpend: { ActualSpend: usd('9', 'EUR') } },
      undefined,
    ],
    ['no number', { BudgetLimit: usd(''), CalculatedSpend: { ActualSpend: usd('9') } }, undefined],
  ])('%s', (_, budget, expected) => {
    expect(figureOf(budget)).toEqual(expected)
  })
})

describe('an alert', () => {
  test.each([
    [
      'as AWS sends it',
      'Budget Name: dev-ordering\nAlert Type: ACTUAL\nACTUAL Amount: $1,100.50',
      { name: 'dev-ordering', type: 'ACTUAL', amount: 1100.5 },
    ],
    [
      'of a forecast, in another case',
      'ALERT TYPE: forecasted\r\nforecasted amount: $12',
      { type: 'FORECASTED', amount: 12 },
    ],
    ['with a name that has a colon', 'budget name: a:b', { name: 'a:b' }],
    ['with an amount that is none', 'Alert Type: ACTUAL\nACTUAL Amount: lots', { type: 'ACTUAL' }],
    ['of another kind', '{"json": true}', {}],
    ['empty', '', {}],
  ])('%s', (_, text, expected) => {
    expect(readAlert(text)).toEqual(expected)
  })

  it('is read whatever it is', () => {
    fc.assert(fc.property(fc.string(), (text) => readAlert(text) !== undefined))
  })
})
