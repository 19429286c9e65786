import type { Instance } from '@aws-sdk/client-ec2'
import { describe, expect, it, test } from 'vitest'
import { movesOf } from '../../../domain/sleep/calls.ts'
import type { Rest, Seen } from '../../../domain/sleep/resource.ts'
import { refused, settled } from '../../../domain/sleep/settle.ts'
import type { Known } from '../../../domain/sleep/steps.ts'
import { wantedOf } from '../../../domain/sleep/wanted.ts'
import type { Moving, Sleeper } from '../../../domain/table/sleeper.ts'
import { lostAtStop } from '../../../functions/shared/sleep/instance-store.ts'

/** 20:00 in Berlin; the next edge is 07:00. */
const NOW = new Date('2026-03-02T19:00:00.000Z')
const minutes = (count: number) => new Date(NOW.getTime() + count * 60_000)
const said = (days: number) => ({
  state: 'stopped' as const,
  reason: 'night',
  next: { at: minutes(days * 24 * 60).toISOString(), state: 'running' as const, reason: 'day' },
})

const idOf = (place: number) => `instance/i-${String(place).padStart(17, '0')}`
const seenAs = (place: number, more: Partial<Seen> = {}): Seen => ({
  ...{ id: idOf(place), kind: 'instance', name: `i-${place}`, owner: 'ordering' },
  ...{ schedule: 'office-hours', order: 1, phase: 'up' },
  ...more,
})
const keptAs = (moving?: Partial<Moving>): Sleeper => ({
  ...{ version: 1, revision: 1, rest: 'awake', since: '2026-03-02T06:00:00.000Z', why: '' },
  ...(moving && {
    moving: { to: 'asleep', since: NOW.toISOString(), why: 'night', tries: 1, ...moving },
  }),
})
const due = (seen: Seen, kept = keptAs(), isLong = false, to: Rest = 'asleep') => ({
  known: { seen, kept, want: { to, reason: 'night', isLong } } satisfies Known,
  to,
})

/** How AWS's refusal reaches the next look: Step Functions names every error of EC2's alike. */
const refusal = (of: readonly string[], words: string) => ({
  of,
  error: 'Ec2.Ec2Exception',
  cause: `${words} (Service: Ec2, Status Code: 400, Request ID: 1)`,
})

describe('one bad instance among a hundred', () => {
  it('is found by halving: thirteen calls, and the others are stopped', () => {
    const bad = idOf(37)
    const sleepers = new Map(Array.from({ length: 100 }, (_, place) => [idOf(place), keptAs({})]))
    let open = [...sleepers.keys()]
    let refusals: { of: string[] }[] = []
    let calls = 0
    while (open.length > 0 && sleepers.get(bad)?.moving?.error === undefined) {
      const moves = movesOf(
        open.map((id) => due(seenAs(Number(id.slice(-17))), sleepers.get(id))),
        refusals.map(({ of }) => of),
      )
      calls += moves.length
      refusals = moves.filter(({ of }) => of.includes(bad))
      const done = new Set(moves.filter((one) => !refusals.includes(one)).flatMap(({ of }) => of))
      open = open.filter((id) => !done.has(id))
      for (const { of } of refusals) {
        for (const id of of) {
          const kept = sleepers.get(id) ?? keptAs()
          sleepers.set(id, refused(kept, refusal(of, 'The instance may not be stopped.'), NOW))
        }
      }
    }
    expect(open).toEqual([bad])
    expect(calls).toBe(13)
    expect(sleepers.get(bad)?.moving).toMatchObject({ never: true })
  })
})

describe('what is in memory', () => {
  const hibernates = { hibernates: true }
  const wayOf = (one: ReturnType<typeof due>) => movesOf([one])[0]?.calls[0]?.arguments

  test.each<[string, object, ReturnType<typeof due>]>([
    ['is kept where that was enabled', { Hibernate: true }, due(seenAs(1, hibernates))],
    ['is not where it was not', {}, due(seenAs(1))],
    ['is not after AWS has refused it', {}, due(seenAs(1, hibernates), keptAs({ plain: true }))],
    ['is not for more than 60 days', {}, due(seenAs(1, hibernates), keptAs(), true)],
  ])('%s', (_, more, one) => {
    expect(wayOf(one)).toEqual({ InstanceIds: [idOf(1).slice('instance/'.length)], ...more })
  })

  it('is asked for in a call of its own: one that cannot fails all of a call', () => {
    const moves = movesOf([due(seenAs(1, hibernates)), due(seenAs(2)), due(seenAs(3, hibernates))])
    expect(moves.map(({ of }) => of)).toEqual([[idOf(2)], [idOf(1), idOf(3)]])
  })

  test.each([
    [11 / 24, false],
    [59, false],
    [61, true],
  ])('and a sleep of %s days: too long? %s', (days, isLong) => {
    const seen = seenAs(1, hibernates)
    const wants = wantedOf({
      subjects: [{ seen, kept: keptAs() }],
      ...{ overrides: [], needs: new Map(), says: () => said(days), now: NOW },
    })
    expect(wants.get(seen.id)?.isLong ?? false).toBe(isLong)
  })

  const NOT_READY = 'Instance is not ready to hibernate yet, retry in a few minutes: i-1'
  const NOT_ENABLED =
    "The instance can't be hibernated because it was not configured at launch for hibernation: i-1"
  test.each([
    ['not ready: asked again', NOT_READY, 2, undefined, undefined],
    ['not ready for five minutes: stopped', NOT_READY, 5, true, undefined],
    ['not enabled: stopped', NOT_ENABLED, 0, true, undefined],
    ['another refusal: left as it is', 'The instance may not be stopped.', 0, undefined, true],
  ])('%s', (_, words, after, plain, never) => {
    const { moving } = refused(keptAs({}), refusal([idOf(1)], words), minutes(after))
    expect([moving?.plain, moving?.never]).toEqual([plain, never])
  })
})

describe('a start that comes to nothing', () => {
  const STOPPED = 'Client.InternalError: Client error on launch'
  const waking = (more: Partial<Moving> = {}): Sleeper => ({
    ...keptAs({ to: 'awake', ...more }),
    rest: 'asleep',
  })
  test.each([
    ['is said with its reason', 'down', waking(), STOPPED],
    ['is none before it was asked for', 'down', waking({ tries: 0 }), undefined],
    ['is none while it goes on', 'rising', waking(), undefined],
  ] as const)('%s', (_, phase, kept, error) => {
    const seen = seenAs(1, { phase, said: STOPPED })
    expect(settled({ seen, kept }, said(1), NOW).moving?.error).toBe(error)
  })
})

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-store-lifetime.html */
test.each<[string, string | undefined, Instance]>([
  ['a type without an instance store', undefined, {}],
  ['a type with one', 'm5d.large has one', { InstanceType: 'm5d.large' }],
  ['whose owner says that it may be lost', undefined, storing('may-be-lost')],
  ['whose owner says something else', 'and not "yes"', storing('yes')],
  [
    'that does not run: it may be started',
    undefined,
    { ...storing('yes'), State: { Name: 'stopped' } },
  ],
  ['whose root is one', 'its root volume', { RootDeviceType: 'instance-store' }],
])('what %s loses', (_, words, more) => {
  const instance: Instance = { InstanceType: 'm5.large', State: { Name: 'running' }, ...more }
  const said = lostAtStop(instance, new Set(['m5d.large']))
  if (words === undefined) expect(said).toBeUndefined()
  else expect(said).toContain(words)
})

function storing(value: string): Instance {
  return {
    InstanceType: 'm5d.large',
    Tags: [{ Key: 'caretaker:instance-store', Value: value }],
  }
}
