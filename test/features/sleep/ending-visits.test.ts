import { describe, expect, it, test } from 'vitest'
import type { CompiledCatalog } from '../../../domain/compiled-catalog.ts'
import { endingVisits, prolongedUntil } from '../../../domain/sleep/ending-visits.ts'
import type { Scene } from '../../../domain/sleep/idle-due.ts'
import type { Named } from '../../../domain/sleep/overrides.ts'
import type { Sleeper } from '../../../domain/table/sleeper.ts'
import { VERSION } from '../../../domain/table/version.ts'
import { visitsJudge } from '../../../functions/plan-sleep/visits.ts'

const NOW = new Date('2026-03-02T22:20:05Z')
const CATALOG = {
  environment: 'dev',
  timeZone: 'UTC',
  schedules: {
    office: { running: [{ days: 'mon-sun', from: '07:00', to: '20:00' }] },
    late: { running: [{ days: 'mon-sun', from: '07:00', to: '23:30' }] },
  },
  calendars: {},
  services: { web: { team: 'storefront', cluster: 'dev-frontend', schedule: 'office' } },
} as unknown as CompiledCatalog

const VISIT: Named = {
  ...{ id: 'visitor#web', version: VERSION, kind: 'awake', source: 'visitor', service: 'web' },
  ...{ from: '2026-03-02T20:20:00Z', until: '2026-03-02T22:20:00Z', by: 'a visitor', why: '' },
}
const UP: Sleeper = {
  ...{ version: VERSION, revision: 1, rest: 'awake', since: '2026-03-02T20:30:00Z', why: '' },
}

const scene = (visit: object = {}, sleeper: object = {}, ...more: object[]) => ({
  overrides: [
    { ...VISIT, ...visit },
    ...more.map((one) => ({ ...VISIT, id: 'x', ...one })),
  ] as Named[],
  sleepers: new Map([['service/dev-frontend/web', { ...UP, ...sleeper } as Sleeper]]),
})
const moving = (to: string) => ({ moving: { to, since: '', why: '', tries: 1 } })
const about = (schedule: string) => ({
  about: { name: 'web', owner: 'storefront', schedule, order: 1 },
})

describe('whether somebody uses a service is asked', () => {
  test.each<[string, ReturnType<typeof scene>, number]>([
    ['when a visitor’s wake ends', scene(), 1],
    ['not before', scene({ until: '2026-03-02T22:21:00Z' }), 0],
    ['not long after', scene({ until: '2026-03-02T22:00:00Z' }), 0],
    ['not once somebody has ended it', scene({ ended: { at: '', by: 'ana' } }), 0],
    ['not of what a person keeps awake', scene({ source: 'person' }), 0],
    [
      'not while a person keeps it awake as well',
      scene({}, {}, { source: 'person', until: '2026-03-03T00:00:00Z' }),
      0,
    ],
    ['not while its schedule has it running', scene({}, about('late')), 0],
    ['not of what sleeps', scene({}, { rest: 'asleep' }), 0],
    ['not of what goes to sleep', scene({}, moving('asleep')), 0],
    ['of what is still waking', scene({}, { rest: 'asleep', ...moving('awake') }), 1],
    ['not of a service that the catalog has no more', scene({ service: 'gone' }), 0],
  ])('%s', (_, kept, asked) => {
    expect(endingVisits(kept, CATALOG, NOW)).toHaveLength(asked)
  })
})

describe('a visitor’s wake goes on', () => {
  const until = (minutes: string[], visit: object = {}, schedule = 'office') => {
    const [ending] = endingVisits(scene(visit), CATALOG, NOW)
    if (ending === undefined) throw new Error('nothing ends')
    const dates = minutes.map((one) => new Date(`2026-03-02T${one}:00Z`))
    return prolongedUntil({ ...ending, schedule }, dates, CATALOG, NOW)?.toISOString()
  }
  test.each<[string, string[], string | undefined]>([
    [
      'until two hours after the last minute with requests',
      ['21:00', '22:10', '20:40'],
      '2026-03-03T00:11:00.000Z',
    ],
    ['no longer from a minute that is not over', ['22:20'], '2026-03-03T00:20:05.000Z'],
    ['not without requests', [], undefined],
    ['not from requests that were the visitor’s own', ['20:19'], undefined],
  ])('%s', (_, minutes, expected) => {
    expect(until(minutes)).toBe(expected)
  })

  it('until its schedule puts it to sleep at the latest, and not beyond that', () => {
    expect(until(['22:10'], {}, 'late')).toBe('2026-03-02T23:30:00.000Z')
    // It was woken before the edge that ends it now.
    expect(until(['22:10'], { from: '2026-03-02T19:00:00Z' })).toBeUndefined()
  })
})

describe('the numbers of the load balancer', () => {
  const GROUP = 'arn:aws:elasticloadbalancing:eu-central-1:1:targetgroup/web/1'
  const TargetGroups = [
    { TargetGroupArn: GROUP, Protocol: 'HTTP', LoadBalancerArns: ['arn:loadbalancer/app/dev/2'] },
  ]
  const minute = { Timestamps: [new Date('2026-03-02T22:10:00Z')], Values: [3] }
  const page = (StatusCode: string, NextToken?: string) => ({
    MetricDataResults: [{ Id: 'm0', StatusCode, ...minute }],
    ...(NextToken !== undefined && { NextToken }),
  })

  /** What becomes of a wake that ends, by the answers of CloudWatch. */
  const judged = async (...answers: (object | Error)[]) => {
    const told: string[] = []
    const asked: object[] = []
    const client = (...all: (object | Error)[]) => ({
      send: async (command: { input: object }) => {
        asked.push(command.input)
        const answer = all.length > 1 ? all.shift() : all[0]
        if (answer instanceof Error) throw answer
        return answer
      },
    })
    const own = {
      ...{ table: { client: client({}), name: 't' }, balancing: client({ TargetGroups }) },
      ...{ cloudwatch: client(...answers), catalog: CATALOG },
      failed: (what: string) => told.push(what),
    } as unknown as Parameters<typeof visitsJudge>[0]
    const seen = [{ id: 'service/dev-frontend/web', targetGroups: [GROUP] }]
    const read = { ...scene(), seen }
    const after = await visitsJudge(own)({ read, now: NOW } as unknown as Scene)
    return { told, until: after?.overrides[0]?.until, asked }
  }
  const LONGER = '2026-03-03T00:11:00.000Z'
  const untold = ['whether anybody uses web']

  test.each<[string, (object | Error)[], string | undefined, string[]]>([
    ['prolong a wake', [page('Complete')], LONGER, []],
    ['are read to their last page', [page('PartialData', 'more'), page('Complete')], LONGER, []],
    ['in part prolong nothing, and are told', [page('PartialData')], undefined, untold],
    ['that cannot be read prolong nothing', [new Error('AccessDenied')], undefined, untold],
  ])('%s', async (_, answers, until, told) => {
    expect(await judged(...answers)).toMatchObject({ until, told })
  })

  it('are asked of the target groups that the look has read, by the minute', async () => {
    const { asked } = await judged(page('Complete'))
    const metric = { MetricName: 'RequestCount', Namespace: 'AWS/ApplicationELB' }
    expect(asked).toMatchObject([
      { TargetGroupArns: [GROUP] },
      { MetricDataQueries: [{ MetricStat: { Metric: metric, Period: 60, Stat: 'Sum' } }] },
      { ConditionExpression: 'attribute_not_exists(ended) AND #until = :before' },
    ])
  })
})
