import { Faults } from '../../local/aws/faults.ts'
import { World } from '../../local/aws/world.ts'
import type { ExecutionSource, Play, Seen, Source } from '../../local/console/source.ts'
import type { PushRecord } from '../../local/views/kept.ts'
import type { ServiceReport } from '../../local/views/services.ts'
import type { TeamsReport } from '../../local/views/teams.ts'

type Entry = Seen['journal'][number]

const ARN = 'arn:aws:states:eu-central-1:123456789012'
export const START = new Date('2026-03-02T09:00:00Z')
export const GOOD = `sha256:${'a'.repeat(64)}`
export const BAD = `sha256:${'b'.repeat(64)}`

/** An instant so many seconds after the start. */
export const after = (seconds: number): string =>
  new Date(START.getTime() + seconds * 1000).toISOString()

/** ECR's event of a push, as EventBridge noted it. */
export function pushed(
  digest: string,
  seconds: number,
  more: { fault?: string; rules?: string[]; id?: string } = {},
): Entry {
  const { id = digest, rules = ['dev-image-pushed'], ...fault } = more
  const event = {
    version: '0' as const,
    id,
    'detail-type': 'ECR Image Action',
    source: 'aws.ecr',
    account: '123456789012',
    region: 'eu-central-1',
    time: `${after(seconds).slice(0, 19)}Z`,
    resources: [],
    detail: {
      'action-type': 'PUSH',
      result: 'SUCCESS',
      'repository-name': 'orders',
      'image-tag': 'main',
      'image-digest': digest,
    },
  }
  const at = START.getTime() + seconds * 1000
  return { event, at, bus: 'default', rules, deliveries: [], ...fault }
}

/** What ECS told about the service orders. */
export function told(
  detailType: string,
  seconds: number,
  detail: Record<string, unknown>,
  service = 'orders',
): Entry {
  const entry = pushed(GOOD, seconds, { rules: [], id: `${detailType} ${seconds}` })
  const resources = [`arn:aws:ecs:eu-central-1:123456789012:service/dev-backend/${service}`]
  const event = { ...entry.event, source: 'aws.ecs', 'detail-type': detailType, resources, detail }
  return { ...entry, event }
}

export function execution(
  name: string,
  seconds: number,
  more: Partial<ExecutionSource> = {},
): ExecutionSource {
  return {
    arn: `${ARN}:execution:dev-roll-out:${name}`,
    machine: {
      arn: `${ARN}:stateMachine:dev-roll-out`,
      name: 'dev-roll-out',
      text: '{"StartAt":"Plan","States":{"Plan":{"Type":"Succeed"}}}',
    },
    status: 'SUCCEEDED',
    startDate: new Date(after(seconds)),
    stopDate: undefined,
    inputText: '{"service":"dev-backend/orders","sweep":true}',
    output: undefined,
    error: undefined,
    cause: undefined,
    history: { events: [] },
    ...more,
  }
}

export function record(
  digest: string,
  seconds: number,
  more: Partial<PushRecord> & Pick<PushRecord, 'verdict' | 'reason'>,
): PushRecord {
  return {
    pk: 'service#dev-backend/orders',
    sk: `roll-out#${digest}`,
    owner: 'ordering',
    service: 'orders',
    cluster: 'dev-backend',
    repository: 'orders',
    tag: 'main',
    digest,
    at: `${after(seconds).slice(0, 19)}Z`,
    execution: `${ARN}:execution:dev-roll-out:one`,
    ...more,
  }
}

export const ORDERS: ServiceReport = {
  name: 'orders',
  cluster: 'dev-backend',
  owner: 'ordering',
  repositories: ['orders'],
  deploy: 'main',
  running: { digest: GOOD, tag: 'main', count: 1 },
  desired: 1,
  asAsked: true,
  healthy: true,
  awake: true,
}

/** A catalog without teams, of which nothing is kept. */
const NO_TEAMS: TeamsReport = {
  catalog: {
    ...{ environment: 'dev', owner: 'platform', timeZone: 'Europe/Berlin', teams: {} },
    ...{ operators: { members: [], roles: [] }, schedules: {}, calendars: {}, services: {} },
    ...{ stays: [], budgets: [] },
    features: { sleep: 'act', tags: 'tell', budgets: 'tell', health: 'off' },
  },
  ...{ environment: undefined, services: new Map(), circuits: new Map(), budgets: [], steps: [] },
  ...{ tags: undefined, cases: [], reports: [], told: () => undefined },
}

export const NOTHING: Seen = {
  journal: [],
  executions: [],
  services: [],
  records: [],
  messages: [],
  people: [],
  alarms: [],
  sleep: {
    level: 'act',
    timeZone: 'Europe/Berlin',
    schedules: {},
    calendars: {},
    sleepers: [],
    overrides: [],
    slept: [],
    stays: [],
    tasks: {},
  },
  teams: NO_TEAMS,
  ...{ receipts: [], reader: {}, labels: {} },
}

type Still = Source & { play: Play; world: World; pushes: unknown[]; done: unknown[] }

/** A source in which nothing moves by itself, and what was asked of it. */
export function stillSource(given: Partial<Seen> = {}): Still {
  const world = new World({ seed: 1, start: START })
  const seen: Seen = { ...NOTHING, ...given }
  const pushes: unknown[] = []
  const done: unknown[] = []
  return {
    world,
    environment: {
      name: 'dev',
      region: 'eu-central-1',
      account: '123456789012',
      timeZone: 'Europe/Berlin',
    },
    now: () => world.date,
    see: async () => seen,
    onChange: () => () => undefined,
    reader: () => seen.reader,
    logs: async (service) => ({
      task: '0a1b2c3d',
      lines: [{ at: after(1), message: `${service} listens` }],
      says: '',
    }),
    revisions: async () => REVISIONS,
    job: async () => null,
    jobLog: async (_, task) => ({ task, lines: [], says: 'It has logged nothing, or not yet.' }),
    act: async (asked) => {
      done.push(asked)
      if (asked.text.includes('nonsense')) throw new Error('There is no such command')
      return `Done: ${asked.text}`
    },
    play: playOf(world, pushes, done),
    pushes,
    done,
  }
}

/** Two revisions that differ in their image and in one setting. */
const REVISIONS: Awaited<ReturnType<Source['revisions']>> = [
  {
    ...{ name: 'dev-orders:2', number: 2, at: after(60), tag: 'main', isCurrent: true },
    settings: { 'orders image': `orders@${GOOD}`, 'orders environment LEVEL': 'info' },
  },
  {
    ...{ name: 'dev-orders:1', number: 1, at: after(0), tag: 'main', isCurrent: false },
    settings: { 'orders image': `orders@${BAD}`, 'orders environment LEVEL': 'debug' },
  },
]

function playOf(world: World, pushes: unknown[], done: unknown[]): Play {
  return {
    ...{ world, start: START, faults: new Faults(world.random) },
    press: async (asked) => {
      done.push(asked)
      return undefined
    },
    say: async (asked) => {
      done.push(asked)
      return asked.text.includes('nonsense') ? 'Slack refuses it' : undefined
    },
    overspend: async (team) => {
      done.push(team)
      return `Billing shows $212.50 of $250.00 for ${team}, 85 %`
    },
    make: async (by) => {
      done.push(by)
      return 'i-0123456789abcdef0'
    },
    raise: async (alarm) => {
      done.push(alarm)
    },
    push: async (asked) => {
      pushes.push(asked)
      return GOOD
    },
  }
}
