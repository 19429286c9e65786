import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { type Decision, decide, type Seen } from '../../../domain/alarms/decide.ts'
import { type Episode, episodesOf } from '../../../domain/alarms/episodes.ts'
import type { AlarmChange } from '../../../domain/table/alarm-record.ts'

type Value = AlarmChange['value']

const START = Date.parse('2026-03-02T09:00:00Z')
/** The instant so many minutes after 09:00. */
const at = (minute: number): string => new Date(START + minute * 60_000).toISOString()
const change = (minute: number, value: Value): AlarmChange => ({ at: at(minute), value })

/** What an account keeps of one alarm, brought up to date by the decision alone. */
class Kept {
  changes: AlarmChange[] | undefined
  readonly records = new Map<string, Episode>()

  take(seen: Seen): Decision {
    const decision = decide(this.changes, seen)
    if (decision.action === 'nothing') return decision
    this.changes = decision.changes
    for (const { sk, episode, isNew } of decision.due) {
      expect(this.records.has(sk), `${sk} is ${isNew ? 'not' : ''} there`).toBe(!isNew)
      this.records.set(sk, episode)
    }
    for (const sk of decision.surplus) this.records.delete(sk)
    return decision
  }

  get told() {
    return [...this.records.values()]
      .map(({ records: _, ...episode }) => episode)
      .toSorted((a, b) => (a.from < b.from ? -1 : 1))
  }
}

/** A history as CloudWatch's events tell it: each says what was before. */
function eventsOf(history: readonly AlarmChange[]): Seen[] {
  return history.map((one, place) => {
    const before = history[place - 1]
    const isEnd = before !== undefined && before.value !== 'ALARM' && one.value !== 'DELETED'
    return { change: one, ...(isEnd && { before: { at: before.at, value: before.value } }) }
  })
}

describe('an episode', () => {
  const M = (text: string): AlarmChange[] =>
    text.split(' ').map((word) => {
      const [minute = '', letter = ''] = word.split(/(?=[A-Z])/)
      const values: Record<string, Value> = {
        A: 'ALARM',
        O: 'OK',
        I: 'INSUFFICIENT_DATA',
        D: 'DELETED',
      }
      return change(Number(minute), values[letter] ?? 'OK')
    })

  const TABLE: [says: string, history: string, episodes: [string, number, number, number][]][] = [
    ['begins when an alarm turns red', '0A', [['red', 0, 0, 1]]],
    ['is over at OK', '0A 5O', [['over', 0, 0, 1]]],
    ['is none where an alarm was never red', '0I 1O 2I 3O', []],
    ['knows nothing while there are no data', '0A 12I', [['no-data', 0, 0, 1]]],
    ['is over at OK after it had no data', '0A 12I 20O', [['over', 0, 0, 1]]],
    ['goes on after it had no data, as the same red', '0A 12I 20A', [['red', 0, 0, 1]]],
    ['is reopened within 30 minutes of its end', '0A 5O 35A', [['red', 0, 35, 2]]],
    [
      'is another one later than that',
      '0A 5O 36A',
      [
        ['over', 0, 0, 1],
        ['red', 36, 36, 1],
      ],
    ],
    ['does not end in no data after its end', '0A 5O 6I', [['over', 0, 0, 1]]],
    ['ends as deleted with its alarm', '0A 12D', [['deleted', 0, 0, 1]]],
    ['is over, where its alarm is deleted later', '0A 5O 12D', [['over', 0, 0, 1]]],
    [
      'of an alarm that is made again is another one',
      '0A 12D 13A',
      [
        ['deleted', 0, 0, 1],
        ['red', 13, 13, 1],
      ],
    ],
    ['counts each red', '0A 1O 2A 3O 4A 5O 6A 7O 8A', [['red', 0, 8, 5]]],
  ]
  test.each(TABLE)('%s: %s', (_, history, expected) => {
    expect(
      episodesOf(M(history)).map(({ status, from, redSince, reds }) => [
        status,
        from,
        redSince,
        reds,
      ]),
    ).toEqual(expected.map(([status, from, red, reds]) => [status, at(from), at(red), reds]))
  })

  it('whose end comes before its beginning is one that is over', () => {
    const account = new Kept()
    account.take({ change: change(1, 'OK') })
    expect(account.told).toEqual([])
    account.take({ change: change(0, 'ALARM') })
    expect(account.told).toMatchObject([{ status: 'over', from: at(0), since: at(1) }])
    expect(account.take({ change: change(0, 'ALARM') })).toMatchObject({ action: 'nothing' })
  })

  it('is held while a composite alarm is suppressed, and no longer when it is not', () => {
    const account = new Kept()
    const held = { because: 'suppressed', by: 'WaitPeriod' } as const
    account.take({ change: { ...change(0, 'ALARM'), held } })
    expect(account.told).toMatchObject([{ status: 'red', held }])
    account.take({ change: change(2, 'ALARM') })
    expect(account.told).toEqual([
      { status: 'red', from: at(0), redSince: at(0), since: at(0), reds: 1 },
    ])
  })

  it('that was told stays told, whatever holds it later', () => {
    const account = new Kept()
    account.take({ change: change(0, 'ALARM') })
    account.take({ change: change(1, 'OK') })
    account.take({ change: { ...change(2, 'ALARM'), held: { because: 'asleep' } } })
    expect(account.told[0]?.held).toBeUndefined()
  })

  it.each([
    ['a new alarm is well', { change: change(0, 'OK'), isFirst: true }],
    [
      'it has no data, after it was well',
      { change: change(1, 'INSUFFICIENT_DATA'), before: change(0, 'OK') },
    ],
    ['an alarm is deleted of which nothing is known', { change: change(0, 'DELETED') }],
  ] as [string, Seen][])('nothing is written when %s', (_, seen) => {
    expect(decide(undefined, seen)).toMatchObject({ action: 'nothing' })
  })
})

/** Changes in turn, some minutes apart; each differs from the one before. */
const history = (most: number) =>
  fc
    .array(
      fc.record({
        gap: fc.integer({ min: 1, max: 50 }),
        pick: fc.nat(1),
        isHeld: fc.boolean(),
      }),
      { minLength: 1, maxLength: most },
    )
    .map((steps) => {
      const others: Record<string, Value[]> = {
        ALARM: ['OK', 'INSUFFICIENT_DATA'],
        OK: ['ALARM', 'INSUFFICIENT_DATA'],
        INSUFFICIENT_DATA: ['ALARM', 'OK'],
      }
      let value: Value = 'OK'
      let minute = 0
      return steps.map(({ gap, pick, isHeld }): AlarmChange => {
        value = others[value]?.[pick] ?? 'OK'
        minute += gap
        const held = isHeld && value === 'ALARM' ? { held: { because: 'asleep' as const } } : {}
        return { ...change(minute, value), ...held }
      })
    })

describe('whatever the order', () => {
  it('in which a history’s events arrive, and however often, the records end the same', () => {
    const disordered = history(12).chain((changes) => {
      const events = eventsOf(changes)
      const again = fc.array(fc.constantFrom(...events), { maxLength: 6 })
      return fc
        .tuple(
          again.chain((more) =>
            fc.shuffledSubarray([...events, ...more], { minLength: events.length + more.length }),
          ),
        )
        .map(([shuffled]) => ({ events, shuffled }))
    })
    fc.assert(
      fc.property(disordered, ({ events, shuffled }) => {
        const [ordered, other] = [new Kept(), new Kept()]
        for (const event of events) ordered.take(event)
        for (const event of shuffled) other.take(event)
        expect(other.told).toEqual(ordered.told)
      }),
      { numRuns: 3000 },
    )
  })

  it('a history of any length keeps at most 40 changes, and each of its episodes is right', () => {
    fc.assert(
      fc.property(history(200), (changes) => {
        const account = new Kept()
        for (const event of eventsOf(changes)) account.take(event)
        expect(account.told).toEqual(
          episodesOf(changes).map(({ records: _, ...expected }) => expected),
        )
        expect(account.changes?.length ?? 0).toBeLessThanOrEqual(40)
      }),
      { numRuns: 300 },
    )
  })

  it('one that was red and over again and again has no more records when a later one is so too', () => {
    const flapping = (from: number): AlarmChange[] =>
      Array.from({ length: 30 }, (_, count) => from + count * 10).flatMap((minute) => [
        change(minute, 'ALARM'),
        change(minute + 5, 'OK'),
      ])
    const changes = [...flapping(0), ...flapping(600)]
    const account = new Kept()
    for (const event of eventsOf(changes)) account.take(event)
    expect(account.told.map(({ from, reds }) => [from, reds])).toEqual([
      [at(0), 30],
      [at(600), 30],
    ])
  })
})
