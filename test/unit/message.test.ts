import { describe, expect, it, test } from 'vitest'
import type { RollOutRecord, Standing } from '../../functions/record.ts'
import { isTold, render } from '../../functions/tell-slack/message.ts'

const base: RollOutRecord = {
  pk: 'service#dev-backend/orders',
  sk: 'roll-out#…',
  service: 'orders',
  cluster: 'dev-backend',
  serviceArn: 'arn:aws:ecs:eu-central-1:123456789012:service/dev-backend/orders',
  owner: 'payments',
  repository: 'orders',
  tag: 'main',
  digest: `sha256:${'ab12'.repeat(16)}`,
  at: '2026-03-02T09:20:00Z',
  verdict: 'rolling-out',
  reason: 'newer than what runs',
  execution: 'arn:aws:states:eu-central-1:123456789012:execution:dev-roll-out:x',
  previous: { digest: `sha256:${'0'.repeat(64)}`, tag: 'main' },
}
const failure = {
  stoppedReason: 'Essential container in task exited',
  container: 'orders',
  exitCode: 137,
  logs: ['starting', 'Error: <out> of memory & `time`'],
}
const textOf = (record: RollOutRecord) => JSON.stringify(render(record).blocks)

describe('the message of a roll-out', () => {
  it('counts tasks and the circuit breaker while it deploys', () => {
    const progress = { running: 1, desired: 2, failures: 1, threshold: 2 }
    expect(textOf({ ...base, progress })).toContain(
      '1 of 2 tasks running, 1 of 2 failures before ECS rolls back',
    )
  })

  it('says in its plain text alone what happened and why', () => {
    const record = { ...base, verdict: 'rolled-back' as const, reason: 'exit code 137', failure }
    expect(render(record).text).toBe(
      'orders was rolled back: main (ab12ab12ab12) did not hold: exit code 137',
    )
  })

  it('shows the last words of the container, and never as markup', () => {
    const text = textOf({ ...base, verdict: 'rolled-back', failure })
    expect(text).toContain('&lt;out&gt; of memory &amp; ˋtimeˋ')
    expect(text).toContain('`main` runs again')
  })

  it('tells how long it took', () => {
    const text = textOf({ ...base, verdict: 'deployed', endedAt: '2026-03-02T09:23:20.500Z' })
    expect(text).toContain('took 3 min 21 s')
  })

  test.each<[Standing, boolean]>([
    ['deployed', true],
    ['rolled-back', true],
    ['unchanged', false],
    ['not-taken', false],
    ['waiting', false],
  ])('a push that ends as %s is told: %s', (standing, told) => {
    expect(isTold(standing)).toBe(told)
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
      expect(JSON.stringify(message.blocks)).toContain(what === 'a' ? 'the end' : 'Last words')
    },
  )
})
