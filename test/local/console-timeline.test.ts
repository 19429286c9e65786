import type { HistoryEvent } from '@aws-sdk/client-sfn'
import { describe, expect, test } from 'vitest'
import type { CompiledCatalog } from '../../domain/compiled-catalog.ts'
import { listExecutions } from '../../local/console/executions.ts'
import { servicesView } from '../../local/console/lights.ts'
import type { Seen } from '../../local/console/source.ts'
import { timelineOf } from '../../local/console/timeline.ts'
import {
  after,
  BAD,
  execution,
  GOOD,
  NOTHING,
  ORDERS,
  pushed,
  record,
  told,
} from '../kits/console.ts'

/** The steps of the newest story, without their times. */
const newest = (seen: Partial<Seen>) =>
  timelineOf({ ...NOTHING, ...seen })[0]?.steps.map(({ kind, text }) => `${kind}: ${text}`)

const succeeded = (output: object) =>
  ({
    type: 'TaskSucceeded',
    taskSucceededEventDetails: { output: JSON.stringify(output) },
  }) as HistoryEvent

describe('the timeline', () => {
  test('a push that is deployed: event, decision, deployment, verdict', () => {
    const push = { repository: 'orders', tag: 'main', digest: GOOD, at: after(1) }
    const inputText = JSON.stringify({ service: 'dev-backend/orders', push })
    const Payload = { action: 'roll-out', reason: 'newer than what runs' }
    const history = { events: [succeeded({ Payload }), succeeded({ Payload: {} })] }
    expect(
      newest({
        journal: [
          pushed(GOOD, 1),
          told('ECS Deployment State Change', 5, { eventName: 'SERVICE_DEPLOYMENT_IN_PROGRESS' }),
          told('ECS Deployment State Change', 6, { eventName: 'SERVICE_DEPLOYMENT_FAILED' }, 'web'),
          told('ECS Deployment State Change', 40, { eventName: 'SERVICE_DEPLOYMENT_COMPLETED' }),
        ],
        executions: [execution('one', 2, { inputText, history })],
        records: [record(GOOD, 1, { verdict: 'deployed', reason: 'steady', endedAt: after(160) })],
      }),
    ).toEqual([
      'event: The event arrived and matched the rule dev-image-pushed',
      'decision: Decided to roll out to orders: newer than what runs',
      'deployment: ECS: deployment started',
      'deployment: ECS: deployment completed',
      'verdict: orders deployed: steady',
    ])
  })

  test('a push to a job is for its next runs; one that nothing takes says so', () => {
    const services = { report: { kind: 'job' } } as unknown as CompiledCatalog['services']
    const teams = { ...NOTHING.teams, catalog: { ...NOTHING.teams.catalog, services } }
    const { service: _, ...untaken } = record(GOOD, 1, {
      ...{ verdict: 'not-taken', reason: 'no service follows it', endedAt: after(2) },
    })
    const [job] = timelineOf({ ...NOTHING, teams, records: [{ ...untaken, repository: 'report' }] })
    expect(job?.verdicts).toEqual([{ service: 'report', word: 'for its job', tone: 'quiet' }])
    expect(job?.steps.at(-1)?.text).toMatch(/^report is a job: nothing is rolled out/)
    expect(newest({ teams, records: [untaken] })).toEqual([
      'verdict: Not taken: no service follows it',
    ])
  })

  test('a roll-out under way says why it was decided', () => {
    const records = [record(GOOD, 1, { verdict: 'rolling-out', reason: 'newer than what runs' })]
    expect(newest({ executions: [execution('one', 2)], records })).toEqual([
      'decision: The sweep found it',
      'decision: Decided to roll out to orders: newer than what runs',
    ])
  })

  test('a lost event, found by the sweep, rolled back with its exit code', () => {
    const stopped = {
      lastStatus: 'STOPPED',
      group: 'service:orders',
      stopCode: 'EssentialContainerExited',
      containers: [{ exitCode: 0 }, { exitCode: 137 }],
    }
    const back = { eventName: 'SERVICE_DEPLOYMENT_IN_PROGRESS', reason: 'circuit: rolling back to' }
    expect(
      newest({
        journal: [
          pushed(BAD, 1, { fault: 'lose', rules: [] }),
          told('ECS Task State Change', 330, stopped),
          told('ECS Deployment State Change', 331, back),
        ],
        executions: [execution('one', 300)],
        records: [record(BAD, 1, { verdict: 'rolled-back', reason: '137', endedAt: after(400) })],
      }),
    ).toEqual([
      'fault: The event was lost on its way',
      'decision: The sweep found it',
      'decision: Decided to roll out to orders',
      'deployment: ECS: a task stopped by itself, exit code 137',
      'deployment: ECS: rolls back to what ran before',
      'verdict: orders rolled back: 137',
    ])
  })

  test('a repeated event is one push, a push of the same image later is another', () => {
    const stories = timelineOf({
      ...NOTHING,
      journal: [
        pushed(GOOD, 1, { fault: 'duplicate+delay' }),
        pushed(GOOD, 1, { fault: 'duplicate+delay' }),
        pushed(GOOD, 90, { id: 'second', rules: [] }),
      ],
    })
    expect(stories.map(({ steps }) => steps.map(({ text }) => text))).toEqual([
      ['The event arrived; no rule matched it'],
      [
        'The event was late',
        'The event arrived and matched the rule dev-image-pushed',
        'The event was late',
        'The event arrived again and matched the rule dev-image-pushed',
      ],
    ])
  })

  test('an image pushed again: each push has its own verdict', () => {
    const stories = timelineOf({
      ...NOTHING,
      journal: [pushed(BAD, 1), pushed(BAD, 90, { id: 'second' })],
      records: [
        record(BAD, 1, { verdict: 'rolled-back', reason: '137', endedAt: after(60) }),
        record(BAD, 90, { verdict: 'quarantined', reason: 'it failed', endedAt: after(91) }),
      ],
    })
    expect(stories.map(({ verdicts }) => verdicts.map(({ word }) => word))).toEqual([
      ['quarantined'],
      ['rolled back'],
    ])
  })

  test('an event that names no image is not a push', () => {
    const entry = pushed(GOOD, 1)
    const event = { ...entry.event, detail: { 'action-type': 'PUSH', 'image-tag': 'main' } }
    expect(timelineOf({ ...NOTHING, journal: [{ ...entry, event }] })).toEqual([])
  })

  test('a push that no service follows has its verdict too', () => {
    const { service, ...unfollowed } = record(GOOD, 1, {
      verdict: 'not-taken',
      reason: 'no service follows it',
      endedAt: after(2),
    })
    const [story] = timelineOf({ ...NOTHING, records: [unfollowed] })
    expect(story?.verdicts).toEqual([{ service: 'no service', word: 'not taken', tone: 'quiet' }])
  })
})

describe('the lights', () => {
  const lights = (service: Partial<typeof ORDERS>, records: Seen['records'] = []) => {
    const [view] = servicesView({ ...NOTHING, services: [{ ...ORDERS, ...service }], records })
    return [view?.asAsked, view?.healthy, view?.awake].map((one) => `${one?.state} ${one?.says}`)
  }
  const rolling = record(BAD, 1, { verdict: 'rolling-out', reason: 'newer' })
  const deployed = record(GOOD, 0, { verdict: 'deployed', reason: 'steady' })
  const failed = record(BAD, 1, { verdict: 'rolled-back', reason: 'exit code 137' })
  const stopped = { running: null, desired: 0, awake: false }

  test.each([
    ['runs well', {}, [deployed], ['yes As asked', 'yes Healthy', 'yes Awake']],
    [
      'rolls out',
      { asAsked: false, healthy: false },
      [deployed, rolling],
      ['changing Rolling out', 'changing Starting', 'yes Awake'],
    ],
    [
      'was rolled back, and is well',
      { asAsked: false },
      [deployed, failed],
      ['no Rolled back', 'yes Healthy', 'yes Awake'],
    ],
    ['is ill', { healthy: false }, [deployed], ['yes As asked', 'no Unhealthy', 'yes Awake']],
    ['never ran', stopped, [], ['unknown No image', 'unknown No tasks', 'unknown At zero']],
    [
      'sleeps',
      { ...stopped, asAsked: false },
      [deployed],
      ['no Not as asked', 'unknown No tasks', 'resting Asleep'],
    ],
  ])('of a service that %s', (_, service, records, expected) => {
    expect(lights(service, records)).toEqual(expected)
  })
})

describe('the executions', () => {
  test('sweeps that found nothing are counted, others say why they ran and how it ended', () => {
    const push = { repository: 'orders', tag: 'main', digest: GOOD, at: after(15) }
    const byHand = { service: 'dev-backend/orders', digest: GOOD, by: 'ann', reason: 'slow' }
    const executions = [
      execution('idle', 0),
      execution('one', 10, { inputText: JSON.stringify(byHand) }),
      execution('pushed', 15, { inputText: JSON.stringify({ service: 'orders', push }) }),
      execution('failed', 20, { status: 'FAILED' }),
    ]
    const records = [record(GOOD, 1, { verdict: 'deployed', reason: 'steady' })]
    const { listed, idle } = listExecutions({ ...NOTHING, executions, records })
    expect(idle).toBe(1)
    expect(listed.map(({ title, result }) => [title, result])).toEqual([
      ['the sweep looked at orders', undefined],
      ['orders:main was pushed', undefined],
      ['ann asked for aaaaaaaaaaaa on orders', 'orders: deployed'],
    ])
  })
})
