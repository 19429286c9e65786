import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import {
  type AlarmValues,
  type Before,
  CLOSED,
  comeBack,
  move,
} from '../../../domain/health/circuit.ts'
import { answers, fails, type Instance, type Seen } from '../../../domain/health/instances.ts'

const NOW = new Date('2026-03-02T09:10:00Z')
const ALARM = 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:dev-products-errors'
const RED: AlarmValues = new Map([[ALARM, 'ALARM']])
const QUIET: AlarmValues = new Map([[ALARM, 'OK']])

const instance = (id: string, more: Partial<Instance> = {}): Instance => ({
  id,
  found: true,
  task: { status: 'RUNNING', health: 'HEALTHY' },
  target: 'healthy',
  ...more,
})
const GOOD = instance('good')
const BAD = instance('bad', { target: 'unhealthy' })
const SICK = instance('sick', {
  target: 'healthy',
  task: { status: 'RUNNING', health: 'UNHEALTHY' },
})
const UNCHECKED: Instance = {
  id: 'unchecked',
  found: true,
  task: { status: 'RUNNING', health: 'UNKNOWN' },
}
const seen = (instances: Instance[], replacing = false): Seen => ({
  desired: instances.length,
  replacing,
  instances,
})
const open = (withdrawn: string[] = []): Before => ({
  state: 'open',
  since: '2026-03-02T09:05:00Z',
  withdrawn,
})
const halfOpen = (since: string, withdrawn: string[] = []): Before => ({
  state: 'half-open',
  since,
  withdrawn,
})

type Row = [string, Seen, Before, AlarmValues, string, string[], string[], string]
const ROWS: Row[] = [
  [
    'red, one of two fails',
    seen([GOOD, BAD]),
    CLOSED,
    RED,
    'open',
    ['bad'],
    [],
    'dev-products-errors is red; 1 instance taken out',
  ],
  [
    'red, ECS calls one unhealthy',
    seen([GOOD, SICK]),
    CLOSED,
    RED,
    'open',
    ['sick'],
    [],
    'dev-products-errors is red; 1 instance taken out',
  ],
  [
    'red, the only one fails',
    seen([BAD]),
    CLOSED,
    RED,
    'open',
    [],
    [],
    'dev-products-errors is red; last instance kept',
  ],
  [
    'red, both fail',
    seen([BAD, SICK]),
    CLOSED,
    RED,
    'open',
    ['sick'],
    [],
    'dev-products-errors is red; 1 instance taken out, last instance kept',
  ],
  [
    'red while a deployment replaces tasks',
    seen([GOOD, BAD], true),
    CLOSED,
    RED,
    'open',
    [],
    [],
    'dev-products-errors is red; a deployment replaces its tasks',
  ],
  [
    'red, and none fails its check',
    seen([GOOD, instance('other')]),
    CLOSED,
    RED,
    'open',
    [],
    [],
    'dev-products-errors is red; no instance that callers find fails, so none is taken out',
  ],
  [
    'red, and nobody checks',
    seen([UNCHECKED, { ...UNCHECKED, id: 'two' }]),
    CLOSED,
    RED,
    'open',
    [],
    [],
    'dev-products-errors is red; nobody checks its instances, so none is taken out',
  ],
  [
    'red, and Cloud Map hides one already',
    seen([instance('hidden', { found: false }), BAD]),
    CLOSED,
    RED,
    'open',
    [],
    [],
    'dev-products-errors is red; last instance kept',
  ],
  [
    'still red, what was out answers again',
    seen([GOOD, instance('bad', { found: false })]),
    open(['bad']),
    RED,
    'open',
    [],
    ['bad'],
    'dev-products-errors is red; no instance that callers find fails, so none is taken out',
  ],
  [
    'red again, and another fails',
    seen([
      GOOD,
      instance('bad', { found: false, target: 'unhealthy' }),
      instance('new', { target: 'unhealthy' }),
    ]),
    open(['bad']),
    RED,
    'open',
    ['new'],
    [],
    'dev-products-errors is red; 2 instances taken out',
  ],
  ['never red', seen([GOOD]), CLOSED, QUIET, 'closed', [], [], 'no alarm of it is red'],
  [
    'quiet because nobody asks, and it still fails',
    seen([GOOD, instance('bad', { found: false, target: 'unhealthy' })]),
    open(['bad']),
    QUIET,
    'half-open',
    [],
    [],
    'no alarm is red; 1 of 2 instances answer',
  ],
  [
    'half-open, no answer yet',
    seen([GOOD, instance('bad', { found: false, target: 'initial' })]),
    halfOpen('2026-03-02T09:09:30Z', ['bad']),
    QUIET,
    'half-open',
    [],
    [],
    'no alarm is red; 1 of 2 instances answer',
  ],
  [
    'half-open for a minute without an answer',
    seen([GOOD, instance('bad', { found: false, target: 'initial' })]),
    halfOpen('2026-03-02T09:09:00Z', ['bad']),
    QUIET,
    'open',
    [],
    [],
    'the probe of bad did not answer; 1 instance taken out',
  ],
  [
    'the probe answers',
    seen([GOOD, instance('bad', { found: false })]),
    halfOpen('2026-03-02T09:09:30Z', ['bad']),
    QUIET,
    'closed',
    [],
    ['bad'],
    'no alarm of it is red, and 2 of 2 instances answer',
  ],
  [
    'its alarm is gone',
    seen([GOOD]),
    open(),
    new Map([[ALARM, 'deleted']]),
    'closed',
    [],
    [],
    'its alarm was deleted, and 1 of 1 instances answer',
  ],
  [
    'what was out is gone, another has its place',
    seen([GOOD, instance('new')]),
    open(['bad']),
    QUIET,
    'closed',
    [],
    [],
    'no alarm of it is red, and 2 of 2 instances answer',
  ],
  [
    'what was out is stopping',
    seen([
      GOOD,
      instance('bad', {
        found: false,
        task: { status: 'STOPPING', health: 'HEALTHY' },
        target: 'draining',
      }),
    ]),
    halfOpen('2026-03-02T09:09:30Z', ['bad']),
    QUIET,
    'half-open',
    [],
    [],
    'no alarm is red; 1 of 2 instances answer',
  ],
  [
    'nobody checks, and no alarm is red',
    seen([UNCHECKED]),
    open(),
    QUIET,
    'closed',
    [],
    [],
    'no alarm of it is red, and nobody checks its instances',
  ],
]

describe('a circuit', () => {
  test.each(ROWS)('%s', (_, now, before, alarms, state, withdraw, restore, reason) => {
    const decided = move(now, before, alarms, NOW)
    expect(decided).toMatchObject({ state, withdraw, restore, reason })
  })
})

const anyInstance = (id: string): fc.Arbitrary<Instance> =>
  fc.record(
    {
      id: fc.constant(id),
      found: fc.boolean(),
      task: fc.record({
        status: fc.constantFrom('PENDING', 'RUNNING', 'STOPPING', 'STOPPED'),
        health: fc.constantFrom('HEALTHY', 'UNHEALTHY', 'UNKNOWN'),
      }),
      target: fc.constantFrom('healthy', 'unhealthy', 'initial', 'draining', 'unused'),
    },
    { requiredKeys: ['id', 'found'] },
  )
const IDS = ['a', 'b', 'c', 'd']
const anySituation = fc.record({
  instances: fc
    .subarray(IDS)
    .chain((ids) => fc.tuple(...ids.map(anyInstance)) as fc.Arbitrary<Instance[]>),
  replacing: fc.boolean(),
  withdrawn: fc.subarray(IDS),
  state: fc.constantFrom('closed', 'open', 'half-open') as fc.Arbitrary<Before['state']>,
  minutes: fc.integer({ min: 0, max: 5 }),
  alarm: fc.constantFrom('ALARM', 'OK', 'INSUFFICIENT_DATA', 'deleted'),
})

describe('whatever is seen', () => {
  const decide = (one: ReturnType<typeof anySituation.generate>['value']) => {
    const { instances, replacing, withdrawn, state, minutes, alarm } = one
    const now = seen(instances, replacing)
    const since = new Date(NOW.getTime() - minutes * 60_000).toISOString()
    const before = { state, since, withdrawn: state === 'closed' ? [] : withdrawn }
    return { now, before, done: move(now, before, new Map([[ALARM, alarm]]) as AlarmValues, NOW) }
  }

  it('takes nothing out that does not fail, and never the last that can be found', () => {
    fc.assert(
      fc.property(anySituation, (one) => {
        const { now, before, done } = decide(one)
        const taken = now.instances.filter(({ id }) => done.withdraw.includes(id))
        expect(taken.every(fails)).toBe(true)
        const left = now.instances.filter(
          ({ id, found }) => found && !before.withdrawn.includes(id) && !done.withdraw.includes(id),
        )
        if (taken.length > 0) expect(left.length).toBeGreaterThan(0)
        if (now.replacing) expect(taken).toEqual([])
      }),
    )
  })

  it('gives back only what it has taken out, what ECS runs and does not call unhealthy', () => {
    fc.assert(
      fc.property(anySituation, (one) => {
        const { now, before, done } = decide(one)
        for (const id of [...done.restore, ...comeBack(now, before)]) {
          expect(before.withdrawn).toContain(id)
          const { task } = now.instances.find((each) => each.id === id) ?? {}
          expect(task?.status).toBe('RUNNING')
          expect(task?.health).not.toBe('UNHEALTHY')
        }
      }),
    )
  })

  it('is closed again only when everything that is checked answers', () => {
    fc.assert(
      fc.property(anySituation, (one) => {
        const { now, before, done } = decide(one)
        if (before.state === 'closed' || done.state !== 'closed') return
        const checked = now.instances.filter(
          ({ target, task }) => target !== undefined || (task && task.health !== 'UNKNOWN'),
        )
        expect(checked.every(answers)).toBe(true)
        expect(done.withdrawn).toEqual([])
      }),
    )
  })

  it('has a way out of every state: quiet and answering, it closes', () => {
    fc.assert(
      fc.property(anySituation, (one) => {
        const { before } = decide(one)
        const well = seen([GOOD, instance('a'), instance('b')])
        expect(move(well, before, QUIET, NOW).state).toBe('closed')
      }),
    )
  })
})
