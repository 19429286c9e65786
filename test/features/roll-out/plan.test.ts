import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { parsePolicy } from '../../../domain/deploy-policy.ts'
import type { Cause, Decision, Observed } from '../../../domain/roll-out/observed.ts'
import { plan } from '../../../domain/roll-out/plan.ts'
import { recordSortKey } from '../../../domain/table/keys.ts'
import type { Push, RollOutRecord } from '../../../domain/table/record.ts'
import type { ServiceState, Tried } from '../../../domain/table/service-state.ts'

const NOW = new Date('2026-03-02T09:02:00Z')
const WHEN = { now: NOW, at: '2026-03-02T09:02:00Z' }
const OLD = `sha256:${'0'.repeat(64)}`
const NEW = `sha256:${'1'.repeat(64)}`
const NEWER = `sha256:${'2'.repeat(64)}`
const PUSH: Push = { repository: 'orders', tag: 'main', digest: NEW, at: '2026-03-02T09:01:00Z' }
const pushed: Cause = { kind: 'push', push: PUSH }
const sweep: Cause = { kind: 'sweep' }

/** A healthy, awake service that runs OLD while its tag names NEW. */
const behind: Observed = {
  policy: parsePolicy('main'),
  controller: 'ECS',
  schedulingStrategy: 'REPLICA',
  desiredCount: 2,
  placeholder: false,
  used: true,
  running: { digest: OLD, tag: 'main' },
  platform: 'linux/arm64',
  candidate: { ...PUSH, platforms: ['linux/amd64', 'linux/arm64'] },
  abandoned: false,
  ours: true,
  failing: false,
  waiting: [],
}
const state = (rest: Partial<ServiceState>): ServiceState => ({
  version: 2,
  generation: 1,
  ...rest,
})
const rolling = (digest: string) => ({
  execution: 'arn:execution',
  digest,
  tag: 'main',
  record: 'roll-out#…',
  since: '2026-03-02T09:00:00Z',
})
const tried = (verdict: Tried['verdict'], at = '2026-03-02T08:00:00Z'): Tried => ({
  verdict,
  reason: 'exit code 137',
  tag: 'main',
  at,
})
const record = (digest: string, at: string): RollOutRecord => ({
  pk: 'service#dev-backend/orders',
  sk: recordSortKey({ tag: PUSH.tag, digest, at }),
  version: 2,
  kind: 'roll-out',
  subject: 'dev-backend/orders',
  owner: 'ordering',
  at,
  verdict: 'waiting',
  reason: 'another roll-out is under way',
  execution: 'arn:execution',
  detail: { repository: PUSH.repository, tag: PUSH.tag, digest },
})
/** It runs what did not hold, since going back from it failed. */
const left = (at: string): Partial<Observed> => ({
  running: { digest: NEW },
  state: state({
    latest: { ...PUSH, at: '2026-03-02T08:00:00Z', verdict: 'failed' },
    tried: { [NEW]: tried('rolled-back', at) },
  }),
})
const outcome = (decisions: Decision[]) =>
  decisions.map((one) => (one.action === 'record' ? one.verdict : one.action))

const back = (rest = {}): Cause => ({
  kind: 'by-hand',
  digest: NEW,
  by: 'Ann',
  reason: 'slow checkout',
  retry: false,
  ...rest,
})

describe('a push is decided by what AWS says now', () => {
  const cases: [string, Partial<Observed>, string[], RegExp][] = [
    ['a newer image', {}, ['roll-out'], /newer than what runs/],
    ['what runs already', { running: { digest: NEW } }, ['unchanged'], /runs this image already/],
    [
      'a tag the policy does not take',
      { policy: parsePolicy('glob:v*') },
      ['not-taken'],
      /"glob:v\*".*"main"/,
    ],
    ['a service that takes none', { policy: parsePolicy('off') }, ['not-taken'], /"off"/],
    [
      'a signature',
      { candidate: { ...PUSH, platforms: [], companion: 'a signature' } },
      ['not-taken'],
      /a signature, not a container image/,
    ],
    [
      'an image for another processor',
      { candidate: { ...PUSH, platforms: ['linux/amd64'] } },
      ['refused'],
      /runs on linux\/arm64.*only linux\/amd64/,
    ],
    [
      'an image whose platforms are unknown',
      { candidate: { ...PUSH, platforms: [] } },
      ['roll-out'],
      /newer/,
    ],
    [
      'a blue/green service of CodeDeploy',
      { controller: 'CODE_DEPLOY' },
      ['refused'],
      /CODE_DEPLOY/,
    ],
    ['a service with an external controller', { controller: 'EXTERNAL' }, ['refused'], /EXTERNAL/],
    [
      'a service whose traffic ECS shifts',
      { shifting: { strategy: 'CANARY', minutes: 70 } },
      ['roll-out'],
      /newer/,
    ],
    [
      'a service whose deployments wait for longer than a roll-out does',
      { shifting: { strategy: 'LINEAR', minutes: 1980 } },
      ['refused'],
      /LINEAR deployments wait 1980 minutes.*1200 at most/,
    ],
    [
      'a deployment strategy that is new',
      { shifting: { strategy: 'RAINBOW', minutes: 0 } },
      ['refused'],
      /RAINBOW; Caretaker knows ROLLING, BLUE_GREEN, LINEAR, CANARY/,
    ],
    ['a daemon', { schedulingStrategy: 'DAEMON' }, ['refused'], /DAEMON/],
    ['no container that uses it', { used: false }, ['refused'], /no container.*"orders"/],
    ['a sleeping service', { desiredCount: 0 }, ['roll-out'], /asleep/],
    [
      'a sleeping service that has a task before each deployment',
      { desiredCount: 0, preDeploy: 'asked' },
      ['frozen'],
      /asleep.*begin when it has woken/,
    ],
    ['a service with such a task', { preDeploy: 'asked' }, ['roll-out'], /newer/],
    [
      'a service whose label nobody can read',
      { preDeploy: 'unreadable' },
      ['refused'],
      /caretaker\.pre-deploy.*no list of words/,
    ],
    ['a service that never ran', { desiredCount: 0, placeholder: true }, ['roll-out'], /newer/],
    [
      'an image that failed here before',
      { state: state({ tried: { [NEW]: tried('rolled-back') } }) },
      ['quarantined'],
      /rolled back at.*137.*retry/,
    ],
    [
      'an image a person rolled back from',
      { state: state({ tried: { [NEW]: tried('recalled') } }) },
      ['quarantined'],
      /retry/,
    ],
    [
      'a pinned service',
      { state: state({ pinned: { by: 'Ann', reason: 'demo' } }) },
      ['pinned'],
      /Ann pinned.*demo/,
    ],
    [
      'a frozen environment',
      {
        environment: {
          version: 2,
          frozen: { until: '2026-03-02T18:00:00Z', by: 'budget', reason: 'spent' },
        },
      },
      ['frozen'],
      /until 2026-03-02T18:00:00Z/,
    ],
    [
      'a freeze that has ended',
      {
        environment: {
          version: 2,
          frozen: { until: '2026-03-02T09:00:00Z', by: 'budget', reason: 'spent' },
        },
      },
      ['roll-out'],
      /newer/,
    ],
    [
      'another roll-out under way',
      { state: state({ rolling: rolling(NEWER) }) },
      ['wait'],
      /being rolled out/,
    ],
    [
      'its own roll-out under way',
      { state: state({ rolling: rolling(NEW) }) },
      ['unchanged'],
      /already/,
    ],
    [
      'a tag that is gone',
      { candidate: undefined as never },
      ['not-taken'],
      /no longer in the registry/,
    ],
    ['a push that has its record', { recorded: record(NEW, PUSH.at) }, [], /^$/],
  ]
  test.each(cases)('%s', (_, change, expected, reason) => {
    const decisions = plan({ ...behind, ...change }, pushed, WHEN)
    expect(outcome(decisions)).toEqual(expected)
    expect(decisions.at(-1)?.reason ?? '').toMatch(reason)
  })

  it('of a tag that has moved on is superseded, and what the tag names now is rolled out', () => {
    const candidate = { ...PUSH, digest: NEWER, at: '2026-03-02T09:01:30Z', platforms: [] }
    const decisions = plan({ ...behind, candidate }, pushed, WHEN)
    expect(outcome(decisions)).toEqual(['superseded', 'roll-out'])
    expect(decisions.map(({ push }) => push.digest)).toEqual([NEW, NEWER])
  })

  it('stages, and never wakes, a sleeping service', () => {
    const [decision] = plan({ ...behind, desiredCount: 0 }, pushed, WHEN)
    expect(decision).toMatchObject({ action: 'roll-out', staged: true })
  })
})

describe('the sweep', () => {
  test.each<[string, Partial<Observed>, string[]]>([
    ['rolls out what a lost event left', {}, ['roll-out']],
    ['is silent when all is well', { running: { digest: NEW } }, []],
    ['is silent while a roll-out is under way', { state: state({ rolling: rolling(NEW) }) }, []],
    [
      'takes over from a roll-out whose execution is gone',
      { state: state({ rolling: rolling(NEW) }), abandoned: true },
      ['roll-out'],
    ],
    [
      'finishes a roll-out whose execution is gone, though its image runs already',
      { state: state({ rolling: rolling(NEW) }), abandoned: true, running: { digest: NEW } },
      ['roll-out'],
    ],
    [
      'frees a service whose execution is gone, if there is nothing to roll out',
      { state: state({ rolling: rolling(NEW) }), abandoned: true, candidate: undefined as never },
      ['release'],
    ],
    [
      'leaves a quarantined image alone',
      { state: state({ tried: { [NEW]: tried('rolled-back') } }) },
      [],
    ],
    [
      'leaves a fresh failure of Caretaker alone',
      { state: state({ tried: { [NEW]: tried('failed', '2026-03-02T08:30:00Z') } }) },
      [],
    ],
    [
      'tries again after an hour',
      { state: state({ tried: { [NEW]: tried('failed', '2026-03-02T08:01:00Z') } }) },
      ['roll-out'],
    ],
    [
      'no longer tries an image that has failed for a day',
      {
        state: state({ tried: { [NEW]: tried('failed', '2026-03-02T08:01:00Z') } }),
        candidate: { ...PUSH, at: '2026-03-01T09:00:00Z', platforms: [] },
      },
      [],
    ],
    [
      'leaves what a person asked for after the push',
      {
        state: state({
          latest: {
            ...PUSH,
            digest: OLD,
            at: '2026-03-02T09:01:30Z',
            verdict: 'deployed',
            by: 'Ann',
          },
        }),
      },
      [],
    ],
    [
      'takes a push of the second in which a person asked for another: it may have come after',
      {
        state: state({
          latest: { ...PUSH, digest: OLD, verdict: 'deployed', by: 'Ann' },
        }),
      },
      ['roll-out'],
    ],
    [
      'takes what was pushed before a person asked for an image that did not hold',
      {
        state: state({
          latest: {
            ...PUSH,
            digest: OLD,
            at: '2026-03-02T09:01:30Z',
            verdict: 'rolled-back',
            by: 'Ann',
          },
        }),
      },
      ['roll-out'],
    ],
    [
      "leaves a person's change until the next push",
      { state: state({ latest: { ...PUSH, verdict: 'deployed' } }) },
      [],
    ],
    [
      'watches what a person asked for while the service slept, once it is awake',
      {
        state: state({
          latest: {
            ...PUSH,
            digest: OLD,
            at: '2026-03-02T09:01:30Z',
            verdict: 'staged',
            by: 'Ann',
          },
        }),
      },
      ['prove'],
    ],
    [
      'watches what it could not go back from, an hour later',
      left('2026-03-02T08:01:00Z'),
      ['prove'],
    ],
    ['leaves what it could not go back from alone for an hour', left('2026-03-02T08:30:00Z'), []],
    [
      'leaves what somebody has deployed again although it did not hold',
      { ...left('2026-03-02T08:01:00Z'), ours: false },
      [],
    ],
    [
      'goes on when a freeze has ended',
      { state: state({ latest: { ...PUSH, verdict: 'frozen' } }) },
      ['roll-out'],
    ],
    [
      'tells a refusal once',
      { used: false, state: state({ latest: { ...PUSH, verdict: 'refused' } }) },
      [],
    ],
    ['tells a refusal that nobody has heard of', { used: false }, ['refused']],
    ['does nothing about an empty registry', { candidate: undefined as never }, []],
  ])('%s', (_, change, expected) => {
    expect(outcome(plan({ ...behind, ...change }, sweep, WHEN))).toEqual(expected)
  })
})

it('the sweep dates an image that has got its tag back to when it found that', () => {
  const latest = {
    ...PUSH,
    digest: NEWER,
    at: '2026-03-02T09:01:30Z',
    verdict: 'deployed' as const,
  }
  const [decision] = plan({ ...behind, state: state({ latest }) }, sweep, WHEN)
  expect(decision).toMatchObject({ action: 'roll-out', push: { digest: NEW, at: WHEN.at } })
})

describe('pushes that waited', () => {
  it('end as superseded but for the last, which is rolled out under its own record', () => {
    const waiting = [record(NEW, '2026-03-02T09:01:00Z'), record(NEWER, '2026-03-02T09:01:30Z')]
    const candidate = { ...PUSH, digest: NEWER, at: '2026-03-02T09:01:29Z', platforms: [] }
    const decisions = plan({ ...behind, waiting, candidate }, { kind: 'waiting' }, WHEN)
    expect(outcome(decisions)).toEqual(['superseded', 'roll-out'])
    expect(decisions.at(-1)?.push.at).toBe('2026-03-02T09:01:30Z')
  })

  it('end, each of them, when the tag names none of them or nothing any more', () => {
    const twice = [record(NEW, '2026-03-02T09:01:00Z'), record(NEW, '2026-03-02T09:01:30Z')]
    const again = plan({ ...behind, waiting: twice }, { kind: 'waiting' }, WHEN)
    expect(outcome(again)).toEqual(['superseded', 'roll-out'])
    const { candidate: _, ...empty } = { ...behind, waiting: twice }
    expect(outcome(plan(empty, sweep, WHEN))).toEqual(['not-taken', 'not-taken'])
  })

  it('end when a person asks for another image', () => {
    const waiting = [record(NEWER, '2026-03-02T09:01:30Z')]
    const tags = { state: state({ tried: { [NEW]: tried('deployed') } }), waiting }
    expect(outcome(plan({ ...behind, ...tags }, back(), WHEN))).toEqual(['superseded', 'roll-out'])
  })

  it('end when what a person asked for within the same second waited too', () => {
    const waited = { ...PUSH, at: '2026-03-02T09:01:30Z' }
    const waiting = [record(NEWER, waited.at), record(waited.digest, waited.at)]
    const tags = { state: state({ tried: { [NEW]: tried('deployed') } }), waiting }
    const decisions = plan({ ...behind, ...tags }, back({ waited }), WHEN)
    expect(outcome(decisions)).toEqual(['superseded', 'roll-out'])
    expect(decisions.map(({ push }) => push.digest)).toEqual([NEWER, NEW])
  })
})

describe('a person', () => {
  const good = { state: state({ tried: { [NEW]: tried('deployed') } }) }
  const running = { digest: NEW }

  test.each<[string, Partial<Observed>, Cause, string[], RegExp]>([
    ['rolls back to an image that was good', good, back(), ['roll-out'], /Ann: slow checkout/],
    [
      'rolls back in a freeze',
      {
        ...good,
        environment: {
          version: 2,
          frozen: { until: '2027-01-01T00:00:00Z', by: 'b', reason: 'r' },
        },
      },
      back(),
      ['roll-out'],
      /Ann/,
    ],
    [
      'cannot roll back to an image that never ran',
      {},
      back(),
      ['refused'],
      /never run here.*retry/,
    ],
    [
      'cannot roll back to one that failed',
      { state: state({ tried: { [NEW]: tried('rolled-back') } }) },
      back(),
      ['refused'],
      /ended as rolled-back here.*retry/,
    ],
    [
      'may retry one that failed',
      { state: state({ tried: { [NEW]: tried('rolled-back') } }) },
      back({ retry: true }),
      ['roll-out'],
      /Ann/,
    ],
    [
      'cannot run what the registry has lost',
      { candidate: undefined as never },
      back(),
      ['refused'],
      /not in the registry/,
    ],
    [
      'is told that the image is being rolled out, which goes on',
      { state: state({ rolling: { ...rolling(NEW), taskDefinition: 'dev-orders:3' } }), running },
      back({ retry: true }),
      ['unchanged'],
      /being rolled out already/,
    ],
    [
      'ends a roll-out over which somebody else has deployed, though it is of the same image',
      { state: state({ rolling: { ...rolling(NEW), taskDefinition: 'dev-orders:3' } }) },
      back({ retry: true }),
      ['wait'],
      /ends first/,
    ],
    [
      'ends a roll-out under way and then goes back',
      { ...good, state: state({ ...good.state, rolling: rolling(NEWER) }) },
      back(),
      ['wait'],
      /Ann asked for it; the roll-out of .* ends first/,
    ],
  ])('%s', (_, change, cause, expected, reason) => {
    const decisions = plan({ ...behind, ...change }, cause, WHEN)
    expect(outcome(decisions)).toEqual(expected)
    expect(decisions[0]?.reason).toMatch(reason)
  })

  it('who rolls back marks the image rolled back from, so that it does not come again', () => {
    const [decision] = plan({ ...behind, ...good }, back(), WHEN)
    expect(decision).toMatchObject({ recalled: OLD })
    const recalled = { state: state({ tried: { [NEW]: tried('recalled') } }) }
    expect(plan({ ...behind, ...recalled }, sweep, WHEN)).toEqual([])
  })
})

/** Any world the planner may see. */
const anyObserved = fc.record({
  desiredCount: fc.nat(3),
  placeholder: fc.boolean(),
  used: fc.boolean(),
  abandoned: fc.boolean(),
  controller: fc.constantFrom('ECS', 'CODE_DEPLOY', 'EXTERNAL'),
  running: fc.constantFrom({ digest: OLD }, { digest: NEW }, { digest: NEWER }),
  candidate: fc
    .constantFrom(NEW, NEWER)
    .map((digest) => ({ ...PUSH, digest, platforms: ['linux/arm64'] })),
  state: fc.record({
    version: fc.constant(2),
    generation: fc.nat(5),
    rolling: fc.option(fc.constantFrom(NEW, NEWER).map(rolling), { nil: undefined }),
    tried: fc.dictionary(
      fc.constantFrom(NEW, NEWER),
      fc
        .constantFrom('deployed', 'rolled-back', 'failed')
        .map((verdict) => tried(verdict as Tried['verdict'])),
    ),
  }),
})
const anyCause = fc.constantFrom<Cause>(pushed, sweep, { kind: 'waiting' })

describe('in every world', () => {
  const decide = (world: object, cause: Cause) =>
    plan({ ...behind, ...world } as Observed, cause, WHEN)

  it('at most one roll-out is planned, of the digest the registry names now', () => {
    fc.assert(
      fc.property(anyObserved, anyCause, (world, cause) => {
        const rollOuts = decide(world, cause).filter(({ action }) => action === 'roll-out')
        expect(rollOuts.length).toBeLessThanOrEqual(1)
        for (const { push } of rollOuts) expect(push.digest).toBe(world.candidate.digest)
      }),
    )
  })

  it('nothing is rolled out over a living roll-out, and nothing that runs already', () => {
    fc.assert(
      fc.property(anyObserved, anyCause, (world, cause) => {
        const acts = decide(world, cause).some(({ action }) => action === 'roll-out')
        if (world.state.rolling !== undefined && !world.abandoned) expect(acts).toBe(false)
        const unfinished = world.abandoned && world.state.rolling?.digest === world.candidate.digest
        if (world.running.digest === world.candidate.digest && !unfinished) expect(acts).toBe(false)
      }),
    )
  })

  it('a push without a record always gets a verdict, waits, or is rolled out', () => {
    fc.assert(
      fc.property(anyObserved, (world) => {
        const about = decide(world, pushed).filter(({ push }) => push.digest === NEW)
        expect(about.length).toBeGreaterThanOrEqual(1)
      }),
    )
  })

  it('every decision has a reason', () => {
    fc.assert(
      fc.property(anyObserved, anyCause, (world, cause) => {
        for (const { reason } of decide(world, cause)) expect(reason.length).toBeGreaterThan(10)
      }),
    )
  })
})
