import { describe, expect, test } from 'vitest'
import { before } from '../../../functions/plan-roll-out/prepare.ts'

const REPOSITORY = 'orders'
const GOOD = { repository: REPOSITORY, digest: 'sha256:good', tag: 'main' }
const BAD = { repository: REPOSITORY, digest: 'sha256:bad', tag: 'main' }
const RUNS = 'dev-orders:3'
const REPLACED = { taskDefinition: 'dev-orders:2', images: [GOOD] }

type Verdict = 'deployed' | 'staged' | 'superseded' | 'failed' | 'rolled-back' | 'recalled'

/** The service runs the revision 3 with the bad image, which the last roll-out has put there. */
function runningBad(verdict: Verdict, more: object = {}) {
  const tried = { verdict, reason: 'why', tag: 'main', at: '2026-03-02T09:00:00Z' }
  return {
    policy: { kind: 'off', text: 'off' } as const,
    controller: 'ECS',
    schedulingStrategy: 'REPLICA',
    desiredCount: 1,
    placeholder: false,
    used: true,
    abandoned: false,
    ours: true,
    failing: false,
    waiting: [],
    running: { digest: BAD.digest, tag: 'main' },
    candidate: { repository: REPOSITORY, tag: 'main', digest: 'sha256:new', at: '', platforms: [] },
    state: {
      version: 2 as const,
      generation: 3,
      tried: { [BAD.digest]: tried },
      revisions: [{ taskDefinition: RUNS, images: [BAD] }, REPLACED],
      ...more,
    },
  }
}

const RUNNING = { taskDefinition: RUNS, digest: BAD.digest, tag: 'main', first: false }
const HELD = { taskDefinition: 'dev-orders:2', digest: GOOD.digest, tag: 'main', first: false }

describe('undoing a roll-out goes back to', () => {
  test.each<[string, Verdict, object]>([
    ['what runs, if it held', 'deployed', RUNNING],
    ['what runs, if a person went back from it and to it again', 'recalled', RUNNING],
    ['what ran before an image that was ended for this one', 'superseded', HELD],
    ['what ran before an image that has not woken yet', 'staged', HELD],
    ['what ran before an image that could not be undone', 'failed', HELD],
    ['what ran before an image that failed', 'rolled-back', HELD],
  ])('%s', (_, verdict, expected) => {
    expect(before({ taskDefinition: RUNS }, runningBad(verdict))).toEqual(expected)
  })

  test('what runs, if somebody else has deployed it since', () => {
    const observed = runningBad('superseded')
    const runs = { ...RUNNING, taskDefinition: 'dev-orders:7' }
    expect(before({ taskDefinition: 'dev-orders:7' }, observed)).toEqual(runs)
  })

  test('what ran before, if it was deployed anew while it had not woken yet', () => {
    expect(before({ taskDefinition: 'dev-orders:7' }, runningBad('staged'))).toEqual(HELD)
  })

  test('the placeholder, if nothing before has ever held', () => {
    const first = { taskDefinition: 'dev-orders:1', images: [], first: true }
    const revisions = [{ taskDefinition: RUNS, images: [BAD] }, first]
    const back = before({ taskDefinition: RUNS }, runningBad('superseded', { revisions }))
    expect(back).toEqual({ taskDefinition: 'dev-orders:1', first: true })
  })
})
