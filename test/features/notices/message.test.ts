import { describe, expect, it, test } from 'vitest'
import type { RollOutDetail, RollOutRecord } from '../../../domain/table/record.ts'
import type { Status } from '../../../domain/verdicts.ts'
import { isTold, render as rendered } from '../../../functions/tell-slack/renderers.ts'

const render = (record: RollOutRecord) => rendered(record, { timeZone: 'Europe/Berlin' })

const base: RollOutRecord = {
  pk: 'service#dev-backend/orders',
  sk: 'roll-out#…',
  version: 2,
  kind: 'roll-out',
  subject: 'dev-backend/orders',
  owner: 'payments',
  at: '2026-03-02T09:20:00Z',
  verdict: 'rolling-out',
  reason: 'newer than what runs',
  execution: 'arn:aws:states:eu-central-1:123456789012:execution:dev-roll-out:x',
  detail: {
    service: 'orders',
    cluster: 'dev-backend',
    serviceArn: 'arn:aws:ecs:eu-central-1:123456789012:service/dev-backend/orders',
    repository: 'orders',
    tag: 'main',
    digest: `sha256:${'ab12'.repeat(16)}`,
    previous: { digest: `sha256:${'0'.repeat(64)}`, tag: 'main' },
  },
}
/** The same with other details. */
const about = (detail: Partial<RollOutDetail>) => ({ detail: { ...base.detail, ...detail } })
const failure = {
  stoppedReason: 'Essential container in task exited',
  container: 'orders',
  exitCode: 137,
  logs: ['starting', 'Error: <out> of memory & `time`'],
}
const asked = { by: 'ann', reason: 'checkout is slow', retry: false }
const textOf = (record: RollOutRecord) => JSON.stringify(render(record).blocks)

describe('the message of a roll-out', () => {
  it('counts tasks and the circuit breaker while it deploys', () => {
    const progress = { running: 1, desired: 2, failures: 1, threshold: 2 }
    expect(textOf({ ...base, progress })).toContain(
      '1 of 2 tasks running, 1 of 2 failures, then ECS rolls back',
    )
  })

  it('says how long it has been deploying', () => {
    const progress = {
      running: 0,
      desired: 1,
      failures: 0,
      threshold: 3,
      at: '2026-03-02T09:21:20Z',
    }
    expect(textOf({ ...base, progress })).toContain('0 of 1 tasks running, 1 min 20 s so far')
  })

  it('shows the last log lines of the container, and never as markup', () => {
    const text = textOf({ ...base, verdict: 'rolled-back', failure })
    expect(text).toContain('&lt;out&gt; of memory &amp; ˋtimeˋ')
    expect(text).toContain('`main` (`000000000000`) runs again')
  })

  it('tells how long it took', () => {
    const text = textOf({ ...base, verdict: 'deployed', endedAt: '2026-03-02T09:23:20.500Z' })
    expect(text).toContain('took 3 min 21 s')
  })

  test.each<[string, Partial<RollOutRecord>, string]>([
    [
      'rolling out',
      { progress: { running: 0, desired: 1, failures: 1, threshold: 3 } },
      'orders is rolling out main (ab12ab12ab12). Replaces main (000000000000). Deploying: 0 of 1 tasks running, 1 of 3 failures, then ECS rolls back.',
    ],
    [
      'a first image',
      about({ previous: {} }),
      'orders is rolling out main (ab12ab12ab12). Replaces nothing: it is the first. Deploying.',
    ],
    [
      'deployed',
      { verdict: 'deployed', reason: 'all tasks healthy' },
      'orders runs main (ab12ab12ab12). Replaces main (000000000000). Deployed. Baked: all tasks healthy.',
    ],
    [
      'staged',
      { verdict: 'staged', reason: 'the service is asleep: the image runs when it wakes' },
      'orders is asleep; main (ab12ab12ab12) runs when it wakes.',
    ],
    [
      'rolled back',
      {
        verdict: 'rolled-back',
        reason: 'Task failed (orders, exit code 137)',
        failure,
        progress: { running: 0, desired: 0, failures: 3, threshold: 3 },
      },
      'orders was rolled back: main (ab12ab12ab12) did not hold. Replaces main (000000000000). 3 of 3 failures: ECS rolls back. Why: Task failed (orders, exit code 137). Now: main (000000000000) runs again. Caretaker does not try this image again: push another, or retry it. Last log lines: starting\nError: &lt;out&gt; of memory &amp; ˋtimeˋ',
    ],
    [
      'a first image that did not hold',
      { verdict: 'rolled-back', reason: 'exit code 1', ...about({ previous: {} }) },
      'orders was rolled back: main (ab12ab12ab12) did not hold. Replaces nothing: it is the first. Why: exit code 1. Now: nothing ran before, so the service is stopped. Push another image.',
    ],
    [
      'refused',
      { verdict: 'refused', reason: 'it runs on linux/arm64' },
      'orders cannot run main (ab12ab12ab12). Why: it runs on linux/arm64. Now: main (000000000000) runs.',
    ],
    [
      'frozen, with nothing there yet',
      { verdict: 'frozen', reason: 'budget froze roll-outs', ...about({ previous: {} }) },
      'orders is frozen; main (ab12ab12ab12) waits. Why: budget froze roll-outs. Now: it runs no image yet.',
    ],
    [
      'a person went back',
      { verdict: 'deployed', reason: 'all tasks healthy', ...about({ asked }) },
      'orders is back on main (ab12ab12ab12). Replaces main (000000000000). Deployed. Baked: all tasks healthy. Why: ann: checkout is slow. Now: it stays, and main (000000000000) does not come back, until the next push.',
    ],
    [
      'a person was refused',
      { verdict: 'refused', reason: 'this image has never run here', ...about({ asked }) },
      'orders does not change to main (ab12ab12ab12). Why: this image has never run here (asked for by ann: checkout is slow). Now: main (000000000000) runs.',
    ],
    [
      'failed, with the error unpacked',
      {
        verdict: 'failed',
        reason:
          'Runtime.ExitError: {"errorType":"Runtime.ExitError","errorMessage":"it \\"died\\""}',
      },
      'orders: Caretaker could not finish the roll-out of main (ab12ab12ab12). Why: it "died". Now: whatever ECS made of it. Caretaker tries again every hour for a day.',
    ],
  ])('its text alone says it all: %s', (_, change, expected) => {
    expect(render({ ...base, ...change }).text).toBe(expected)
  })

  test.each<[Status, boolean]>([
    ['deployed', true],
    ['rolled-back', true],
    ['unchanged', false],
    ['not-taken', false],
    ['waiting', false],
  ])('a push that ends as %s is told: %s', (verdict, told) => {
    expect(isTold({ ...base, verdict })).toBe(told)
  })

  it('a person is always answered', () => {
    expect(isTold({ ...base, verdict: 'unchanged', ...about({ asked }) })).toBe(true)
  })

  test.each(['&', '<', 'a', '`'])(
    'stays within what Slack takes, even for 5,000 times "%s"',
    (what) => {
      const nasty = what.repeat(5000)
      const logs = [nasty, nasty, 'the end', nasty]
      const message = render({
        ...base,
        verdict: 'rolled-back',
        reason: nasty,
        failure: { ...failure, logs },
      })
      expect(message.text.length).toBeLessThanOrEqual(4000)
      for (const block of message.blocks) {
        if (block.type === 'section') expect(block.text?.text.length).toBeLessThanOrEqual(3000)
      }
      expect(JSON.stringify(message.blocks)).toContain(what === 'a' ? 'the end' : 'Last log lines')
    },
  )
})
