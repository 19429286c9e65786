import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { nextStep, type Standing } from '../../../domain/tagging/ladder.ts'

const DAY = 86_400_000
const T0 = Date.parse('2026-03-02T08:00:00Z')
const day = (count: number) => new Date(T0 + count * DAY)
const iso = (count: number) => day(count).toISOString()
const notice = { pk: 'tag-notice', sk: 'x' }
const at = (count: number) => ({ at: iso(count), notice })

const standing = (more: Partial<Standing>): Standing => ({
  policy: { ladder: { upTo: 'stop', markAfter: 3, stopAfter: 7 } },
  level: 'act',
  kept: {},
  accepted: {},
  runs: true,
  reportsUntil: day(0),
  now: day(0),
  ...more,
})
const told = { tell: at(0) }
const marked = { ...told, mark: at(3), due: iso(7) }
const bothAccepted = { tell: day(0), mark: day(3) }

describe('the next step', () => {
  test.each<[string, Partial<Standing>, object]>([
    [
      'is none in the first 14 days',
      { now: day(-1) },
      { because: 'the first 14 days report only' },
    ],
    ['is none while it is off', { level: 'off' }, { because: 'tags are off' }],
    [
      'is none for what was made just now',
      { createdAt: new Date(T0 - 14 * 60_000) },
      { because: 'it was made just now' },
    ],
    ['is to tell', { createdAt: new Date(T0 - 15 * 60_000) }, { step: 'tell' }],
    ['is to tell where Caretaker only tells', { level: 'tell' }, { step: 'tell' }],
    [
      'waits until somebody was told',
      { kept: told, now: day(30) },
      { because: 'nobody was told yet' },
    ],
    [
      'ends with the message where Caretaker only tells',
      { kept: told, accepted: { tell: day(0) }, level: 'tell', now: day(30) },
      { because: 'the ladder ends with the message' },
    ],
    [
      'counts from the message that was accepted, not from the first try',
      { kept: told, accepted: { tell: day(2) }, now: day(4) },
      { because: 'its time runs' },
    ],
    [
      'is the mark, with the promised date',
      { kept: told, accepted: { tell: day(0) }, now: day(3) },
      { step: 'mark', due: day(7) },
    ],
    [
      'is the mark after weeks without sweeps, with a day at least',
      { kept: told, accepted: { tell: day(0) }, now: day(20) },
      { step: 'mark', due: day(21) },
    ],
    [
      'is no stop before the date',
      { kept: marked, accepted: bothAccepted, now: new Date(day(7).getTime() - 1) },
      { because: 'its time runs' },
    ],
    ['is the stop', { kept: marked, accepted: bothAccepted, now: day(7) }, { step: 'stop' }],
    [
      'is no stop within a day of the accepted message of the mark',
      { kept: marked, accepted: { tell: day(0), mark: day(6.5) }, now: day(7) },
      { because: 'its time runs' },
    ],
    [
      'is no stop while nobody was told of the mark',
      { kept: marked, accepted: { tell: day(0) }, now: day(30) },
      { because: 'nobody was told of the mark yet' },
    ],
    [
      'is no stop while its date cannot be read',
      { kept: { ...marked, due: 'soon' }, accepted: bothAccepted, now: day(30) },
      { because: 'its date cannot be read' },
    ],
    [
      'is no stop of what loses its disks',
      { kept: marked, accepted: bothAccepted, cannotStop: 'disks', now: day(30) },
      { because: 'disks' },
    ],
    [
      'is no stop of what does not run',
      { kept: marked, accepted: bothAccepted, runs: false, now: day(30) },
      { because: 'it does not run' },
    ],
    [
      'is no stop for seven days after somebody has started it',
      { kept: { ...marked, answeredUntil: iso(16) }, accepted: bothAccepted, now: day(15) },
      { because: 'somebody has started it' },
    ],
  ])('%s', (_, more, expected) => {
    const step = nextStep(standing(more))
    expect(step).toMatchObject('because' in expected ? { step: 'none', ...expected } : expected)
  })
})

it('whenever sweeps run and messages are taken: never a stop before the promised days, nor without a day’s word', () => {
  const days = fc.double({ min: 0, max: 60, noNaN: true })
  fc.assert(
    fc.property(fc.array(days, { maxLength: 12 }), days, days, (sweeps, slackTell, slackMark) => {
      const kept: Standing['kept'] = {}
      const accepted: Standing['accepted'] = {}
      for (const now of sweeps.toSorted((a, b) => a - b).map(day)) {
        if (kept.tell && now >= day(slackTell)) accepted.tell ??= later(kept.tell.at, slackTell)
        if (kept.mark && now >= day(slackMark)) accepted.mark ??= later(kept.mark.at, slackMark)
        const step = nextStep(standing({ kept, accepted, now }))
        if (step.step === 'tell') kept.tell = { at: now.toISOString(), notice }
        if (step.step === 'mark') {
          kept.mark = { at: now.toISOString(), notice }
          kept.due = step.due.toISOString()
        }
        if (step.step !== 'stop') continue
        expect(now.getTime()).toBeGreaterThanOrEqual((accepted.tell?.getTime() ?? NaN) + 7 * DAY)
        expect(now.getTime()).toBeGreaterThanOrEqual((accepted.mark?.getTime() ?? NaN) + DAY)
        return
      }
    }),
    { numRuns: 300 },
  )
})

const later = (at: string, other: number): Date => {
  const [one, two] = [new Date(at), day(other)]
  return one > two ? one : two
}
