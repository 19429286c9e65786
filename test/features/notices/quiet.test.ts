import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { instantOf, localTime } from '../../../domain/local-time.ts'
import { quietUntil } from '../../../domain/quiet-hours.ts'
import { Recording } from '../../../local/invariants/recording.ts'
import { Acts } from '../../kits/acts.ts'
import { catalogWith } from '../../kits/catalog.ts'
import { expectInvariants } from '../../kits/invariants.ts'
import { alarm, changed, nowOf, put, said } from '../../kits/notices.ts'
import { Stage } from '../../kits/roll-outs.ts'

const ZONE = 'Europe/Berlin'

describe('quiet hours', () => {
  test.each<[what: string, from: string, to: string, now: string, until: string | undefined]>([
    ['in the evening', '22:00', '07:00', '2026-03-02T21:00:00Z', '2026-03-03T06:00:00.000Z'],
    ['a second before', '22:00', '07:00', '2026-03-02T20:59:59Z', undefined],
    ['after midnight', '22:00', '07:00', '2026-03-03T03:00:00Z', '2026-03-03T06:00:00.000Z'],
    ['their end is not theirs', '22:00', '07:00', '2026-03-03T06:00:00Z', undefined],
    ['at noon', '12:00', '13:00', '2026-03-02T11:30:00Z', '2026-03-02T12:00:00.000Z'],
    ['till midnight', '20:00', '24:00', '2026-03-02T22:30:00Z', '2026-03-02T23:00:00.000Z'],
    ['in the short night', '22:00', '07:00', '2026-03-29T00:30:00Z', '2026-03-29T05:00:00.000Z'],
    [
      'to a time that is left out',
      '22:00',
      '02:30',
      '2026-03-29T00:30:00Z',
      '2026-03-29T01:00:00.000Z',
    ],
    [
      'to a repeated time, the first',
      '22:00',
      '02:30',
      '2026-10-25T00:00:00Z',
      '2026-10-25T00:30:00.000Z',
    ],
    ['after the first of a repeated time', '22:00', '02:30', '2026-10-25T01:15:00Z', undefined],
  ])('%s', (_, from, to, now, until) => {
    expect(quietUntil({ from, to }, ZONE, new Date(now))?.toISOString()).toBe(until)
  })

  it('end at the time they say, in the future, within a day and an hour', () => {
    const time = fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
      .map(
        ([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`,
      )
    const zone = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'UTC')
    const instant = fc.date({
      min: new Date('2025-01-01'),
      max: new Date('2028-01-01'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(time, time, zone, instant, (from, to, timeZone, now) => {
        const until = quietUntil({ from, to }, timeZone, now)
        if (until === undefined) return
        expect(until > now).toBe(true)
        expect(until.getTime() - now.getTime()).toBeLessThanOrEqual(25 * 3_600_000)
        const { date, time: shown } = localTime(until, timeZone)
        const again = instantOf(date, to, timeZone)
        expect(shown.startsWith(to) || again.getTime() === until.getTime()).toBe(true)
      }),
    )
  })
})

describe('a channel with quiet hours from 22:00 to 07:00', () => {
  const catalog = catalogWith({
    'environment.yaml': readFileSync('catalog/environment.yaml', 'utf8').replace(
      '    channel: "#storefront"',
      '    channel: "#storefront"\n    quiet: { from: "22:00", to: "07:00" }',
    ),
  })
  /** 18:00 in Berlin: half an hour before the job. */
  const start = new Date('2026-03-02T17:00:00Z')
  /** Minutes from the start. */
  const till = (hours: number, minutes = 0) => (hours - 18) * 60 + minutes
  /** What stands in the channel; a job fails at night, since nobody has pushed its image. */
  const there = (stage: Stage) => said(stage).filter((line) => line.startsWith('#storefront '))
  const elsewhere = (stage: Stage) => said(stage).filter((line) => !line.startsWith('#storefront '))

  it('is told in the morning what happened at night: what is over in one message, what is red beside it', async () => {
    const stage = await Stage.open({ catalog, start })
    const { slack } = stage.simulation
    const recording = new Recording(stage.simulation)
    await stage.minutes(till(21, 50))
    const before = alarm('dev-web-before', { at: nowOf(stage) })
    await put(stage, before)
    await stage.minutes(70)
    // 23:00
    await put(stage, changed(before, { verdict: 'over', endedAt: nowOf(stage) }))
    const short = alarm('dev-web-short', { at: nowOf(stage) })
    await put(stage, short)
    await put(stage, alarm('dev-web-paging', { at: nowOf(stage), detail: { severity: 'page' } }))
    await stage.minutes(180)
    // 02:00
    await put(stage, changed(short, { verdict: 'over', endedAt: nowOf(stage) }))
    const long = alarm('dev-web-long', { at: nowOf(stage) })
    await put(stage, long)
    await stage.minutes(290)
    // 06:50
    expect(there(stage)).toEqual([
      expect.stringContaining('dev-web-before is over'),
      expect.stringContaining('dev-web-paging is red'),
    ])
    await stage.minutes(15)
    expect(there(stage).slice(2)).toEqual([
      expect.stringMatching(
        /Quiet hours 22:00-07:00 \(Europe\/Berlin\) are over.*1 thing is over by now, 1 more below.*dev-web-short is over/s,
      ),
      expect.stringContaining('dev-web-long is red'),
    ])
    const last = slack.messages.findLast(({ channel }) => channel === '#storefront')
    expect(last?.blocks.map(({ type }) => type)).toContain('actions')
    await stage.minutes(24 * 60)
    expect(there(stage)).toHaveLength(4)
    expectInvariants(recording, { settled: true })
  })

  it('hears of nothing twice when Slack is down at their end', async () => {
    const stage = await Stage.open({ catalog, start })
    const { slack } = stage.simulation
    const recording = new Recording(stage.simulation)
    await stage.minutes(till(23))
    const short = alarm('dev-web-short', { at: nowOf(stage) })
    await put(stage, short)
    await put(stage, alarm('dev-web-long', { at: nowOf(stage) }))
    await stage.minutes(5)
    await put(stage, changed(short, { verdict: 'over', endedAt: nowOf(stage) }))
    await stage.minutes(7.8 * 60)
    slack.down = true
    await stage.minutes(30)
    slack.down = false
    await stage.minutes(10)
    expect(there(stage)).toEqual([
      expect.stringMatching(/Quiet hours 22:00-07:00 .*are over.*dev-web-short is over/s),
      expect.stringContaining('dev-web-long is red'),
    ])
    // Slack being down is no error of the notifier, and nothing of it waits unseen.
    expect(elsewhere(stage)).toEqual([
      expect.stringContaining('dev-nightly-report-failed'),
      expect.stringContaining('is awake since 07:'),
    ])
    expectInvariants(recording, { settled: true })
  })

  it('are told in the morning what a note says that notifies, and status says that it is quiet', async () => {
    const stage = await Stage.open({ catalog, start })
    const { slack } = stage.simulation
    await stage.minutes(till(21, 50))
    const red = alarm('dev-web-red', { at: nowOf(stage) })
    const short = alarm('dev-web-short', { at: nowOf(stage) })
    await put(stage, red)
    await put(stage, short)
    await stage.minutes(70)
    // 23:00
    const acts = new Acts(stage)
    expect(await acts.types('ann', 'status')).toContain(
      'Quiet hours in #storefront for storefront until Tue 3 Mar 07:00 Europe/Berlin',
    )
    const at = nowOf(stage)
    const over = { id: 'mute-over', at, text: 'still red, mute of @a is over', notifies: true }
    const plain = { id: 'plain', at, text: 'somebody looked at it', notifies: false }
    await put(stage, changed(red, { notes: [over, plain] }))
    await put(stage, changed(short, { notes: [over] }))
    await stage.minutes(60)
    const replies = () =>
      slack.messages.flatMap(({ text, thread_ts, broadcast }) =>
        thread_ts === undefined ? [] : [`${text}${broadcast ? ' (aloud)' : ''}`],
      )
    expect(replies()).toEqual(['somebody looked at it'])
    await put(stage, changed(short, { notes: [over], verdict: 'over', endedAt: nowOf(stage) }))
    await stage.minutes(7 * 60 + 5)
    expect(replies().toSorted()).toEqual([
      'somebody looked at it',
      // It is over by now.
      'still red, mute of @a is over',
      'still red, mute of @a is over (aloud)',
    ])
    expect(await acts.types('ann', 'status')).not.toContain('Quiet hours')
  })
})
