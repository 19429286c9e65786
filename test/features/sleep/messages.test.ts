import { describe, expect, test } from 'vitest'
import { offersOf, type Told } from '../../../domain/acts/offers.ts'
import { messageProblems } from '../../../domain/slack/check.ts'
import { nightKey, sleepFactKey } from '../../../domain/table/keys.ts'
import type { SleepFact } from '../../../domain/table/sleep-fact.ts'
import type { Choice, SleepRecord } from '../../../domain/table/sleep-record.ts'
import { render } from '../../../functions/tell-slack/renderers.ts'

/** Every state of a night, and every fact, as it reads. */

const EDGE = '2026-03-02T19:00:00.000Z'
const NONE = { because: [], sleeps: [], falling: [], asleep: [], waking: [], awake: [] }
const REST = { stays: [], off: [], failed: [], with: [], unpriced: [], choices: [] }

function night(
  verdict: SleepRecord['verdict'],
  detail: Partial<SleepRecord['detail']> = {},
  parts: Partial<SleepRecord> = {},
): SleepRecord {
  return {
    ...nightKey('storefront', EDGE),
    ...{ version: 2, kind: 'sleep', verdict, subject: 'storefront', owner: 'storefront' },
    ...{ at: '2026-03-02T18:30:00Z', reason: '', execution: '', revision: 1, ...parts },
    detail: {
      ...{ edge: EDGE, wake: '2026-03-03T06:00:00.000Z', schedules: ['office-hours'] },
      ...{ ...NONE, ...REST, ...detail },
    },
  }
}

function fact(
  verdict: SleepFact['verdict'],
  detail: Partial<SleepFact['detail']> = {},
  parts: Partial<SleepFact> = {},
): SleepFact {
  return {
    ...sleepFactKey('service/dev-backend/orders', verdict),
    ...{ version: 2, kind: 'sleep-fact', verdict, subject: 'orders', owner: 'ordering' },
    ...{ at: '2026-03-03T04:35:00Z', reason: '', execution: '', ...parts },
    detail: { choices: [], ...detail },
  }
}

const message = (record: Told) =>
  render(record, {
    timeZone: 'Europe/Berlin',
    buttons: offersOf(record).map((offer, index) => ({ id: `id-${index}`, offer })),
  })

const keep: Choice = {
  verb: 'keep',
  ...{ input: { team: 'storefront' }, key: 'a' },
  label: 'Keep 2 h (until 22:00) · about $0.42',
}

describe('a night', () => {
  test.each<[how: string, record: SleepRecord, text: string]>([
    [
      'announced',
      night('announced', { sleeps: ['web', 'orders'], choices: [keep], with: ['payments'] }),
      'web and orders sleep at 20:00 until Tue 3 Mar 07:00. Keep also keeps what it needs: payments. Prices are list prices.',
    ],
    [
      'announced before holidays',
      night('announced', {
        sleeps: ['web'],
        because: ['Christmas Day'],
        wake: '2026-03-09T06:00:00.000Z',
      }),
      'web sleeps at 20:00 until Mon 9 Mar 07:00. Next start: Mon 9 Mar 07:00, because of Christmas Day.',
    ],
    [
      'announced, and one stays awake',
      night('announced', {
        sleeps: ['web'],
        stays: [
          { name: 'orders', why: 'kept awake by bob@example.com until 2026-03-02T21:00:00.000Z' },
        ],
      }),
      'web sleeps at 20:00 until Tue 3 Mar 07:00. Stays awake: orders: kept awake by bob@example.com until 22:00.',
    ],
    [
      'only told',
      night('would', { sleeps: ['web'] }),
      'web would sleep at 20:00 until Tue 3 Mar 07:00. Nothing is done: features.sleep is tell in the catalog.',
    ],
    [
      'going to sleep',
      night('falling', { falling: ['web'], asleep: ['orders'] }),
      'web is put to sleep. Asleep: orders.',
    ],
    [
      'asleep',
      night('asleep', { asleep: ['web', 'orders'], asleepSince: '2026-03-02T19:04:00Z' }),
      'web and orders sleep since 20:04 until Tue 3 Mar 07:00.',
    ],
    [
      'asleep, late',
      night('asleep', { asleep: ['web'], asleepSince: '2026-03-02T21:04:00Z', late: 120 }),
      'web sleeps since 22:04 until Tue 3 Mar 07:00. Late: by 2 h; Caretaker did not run, or could not read what it needs.',
    ],
    [
      'kept',
      night('kept', { stays: [{ name: 'web', why: 'kept awake by ann until 22:00: the demo' }] }),
      'web stays awake: kept awake by ann until 22:00: the demo.',
    ],
    [
      'waking',
      night('waking', { waking: ['web'], awake: ['orders'] }),
      'web wakes. Awake: orders.',
    ],
    [
      'awake',
      night(
        'awake',
        { awake: ['web', 'orders'], awakeSince: '2026-03-03T06:06:00Z', slowest: 'web' },
        { endedAt: '2026-03-03T06:06:00Z' },
      ),
      'web and orders are awake since 07:06. Took: 6 min; web was the last.',
    ],
    [
      'awake but for one',
      night('not-awake', {
        awake: ['web'],
        failed: [{ name: 'orders', why: 'InsufficientInstanceCapacity' }],
      }),
      'orders did not wake. Awake: web. Not there yet: orders: InsufficientInstanceCapacity.',
    ],
  ])('%s', (_, record, text) => {
    expect(message(record).text).toBe(text)
  })

  test('has buttons only while they do something', () => {
    const choices = [keep]
    expect(offersOf(night('announced', { choices }))).toHaveLength(1)
    expect(offersOf(night('awake', { choices }, { endedAt: EDGE }))).toEqual([])
    const acted = { verb: 'keep', by: 'ann', at: EDGE, receipt: '1' } as const
    expect(offersOf(night('announced', { choices }, { acted }))).toEqual([])
  })
})

describe('a fact', () => {
  const until = '2026-03-03T19:00:00.000Z'
  test.each<[SleepFact, string]>([
    [fact('started-by-hand', { until }), 'orders was started by hand; it runs until 20:00.'],
    [
      fact('stopped-by-hand', { by: 'ann@example.com', until: '2026-03-04T06:00:00Z' }),
      'orders was stopped by ann@example.com; it is off until Wed 4 Mar 07:00.',
    ],
    [
      fact('keep-ends', { to: 'T0CARETAKER/U0ANN', until }),
      '<@U0ANN>: orders sleeps at 20:00: what you asked for ends then.',
    ],
    [
      fact('refuses', {}, { reason: 'a daemon service runs on every instance' }),
      'orders cannot be put to sleep. Why: a daemon service runs on every instance.',
    ],
    [
      fact('not-hibernated', {}, { reason: 'Instance is not ready to hibernate yet' }),
      'orders was stopped, not hibernated: what was in its memory is gone. Why: Instance is not ready to hibernate yet.',
    ],
    [
      fact('not-moved', {}, { reason: 'AWS was asked 5 times since 2026-03-03T04:00:00.000Z' }),
      'orders is not where it should be, and its time is over. Why: AWS was asked 5 times since 05:00.',
    ],
    [
      fact('held', {}, { reason: 'a task works, since 2026-03-02T19:00:00.000Z' }),
      'orders does not sleep yet. Why: a task works, since Mon 2 Mar 20:00.',
    ],
    [
      fact('resized', {}, { reason: 'It had 5 tasks before and has 3 tasks now' }),
      'orders does not wake as large as it went to sleep. Why: It had 5 tasks before and has 3 tasks now.',
    ],
    [
      fact('no-backup', {}, { reason: 'its time for backups is one at which it sleeps' }),
      'orders sleeps when AWS would look after it. Why: its time for backups is one at which it sleeps.',
    ],
    [
      fact('idle-soon', { until }, { reason: 'no request since 2026-03-03T02:10:00.000Z' }),
      'orders sleeps at 20:00: nobody uses it. Why: no request since 03:10.',
    ],
    [
      fact('idle-would', { until }, { reason: 'no connection since 2026-03-03T02:10:00.000Z' }),
      'orders would sleep at 20:00: nobody uses it. Why: no connection since 03:10. Nothing is done: features.sleep is tell in the catalog.',
    ],
    [
      fact('idle-asleep', { until: '2026-03-04T06:00:00Z' }, { reason: 'no message' }),
      'orders sleeps since 05:35, at the longest until Wed 4 Mar 07:00: nobody uses it. Why: no message.',
    ],
    [fact('idle-over', { until }, { reason: 'ana' }), 'orders is woken. Why: ana.'],
    [fact('idle-over', {}, { reason: 'it is used' }), 'orders stays awake. Why: it is used.'],
  ])('%#', (record, text) => {
    expect(message(record).text).toBe(text)
  })
})

describe('whatever comes from outside', () => {
  test.each([
    '<!channel> <@U0ANN> <https://evil.example|click>',
    '&'.repeat(20_000),
    '`*_~<>'.repeat(4_000),
    'Ünïcödé 日本語 🚒 '.repeat(2_000),
    'line\nline\r\n\u0000\u001b[31m'.repeat(1_000),
  ])('is within Slack’s limits and mentions nobody', (text) => {
    const names = Array.from({ length: 60 }, () => text)
    const named = names.map((name) => ({ name, why: text }))
    const all = { sleeps: names, falling: names, asleep: names, waking: names, awake: names }
    const lists = { stays: named, off: named, failed: named, with: names, unpriced: names }
    for (const verdict of ['announced', 'kept', 'asleep', 'not-awake', 'awake'] as const) {
      const because = names.slice(0, 5)
      const record = night(verdict, { ...all, ...lists, because, schedules: names })
      expect(messageProblems(message(record), 'update')).toEqual([])
      expect(JSON.stringify(message(record))).not.toMatch(/<!|<@U0ANN>|<https:\/\/evil/)
    }
    const told = message(fact('stopped-by-hand', { by: text }, { subject: text, reason: text }))
    expect(messageProblems(told, 'update')).toEqual([])
    expect(JSON.stringify(told)).not.toMatch(/<!|<@U0ANN>|<https:\/\/evil/)
  })
})
