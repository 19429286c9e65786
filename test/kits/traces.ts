import type { RollOutRecord } from '../../domain/table/record.ts'
import type { ServiceState } from '../../domain/table/service-state.ts'
import type {
  Call,
  Execution,
  Findable,
  Invocation,
  Items,
  Message,
  Service,
  Taken,
  Task,
  Trace,
} from '../../local/invariants/trace.ts'

/** Traces as a predicate sees them, made by hand: whatever is not said is as usual. */

export const SERVICE = 'dev-backend/orders'
export const [OLD, NEW] = ['sha256:aaaa', 'sha256:bbbb'] as const
export const TAGS = { 'caretaker:repository': 'orders', 'caretaker:deploy': 'main' }
export const EXECUTION = 'arn:aws:states:eu-central-1:1:execution:dev-roll-out:one'
/** Seconds of the story; the trace goes to 1000. */
export const at = (second: number): number => Date.parse('2026-03-02T09:00:00Z') + second * 1000
const text = (second: number): string => new Date(at(second)).toISOString()

const NOTHING: Items = {
  records: [],
  missing: [],
  digests: [],
  states: [],
  places: [],
  episodes: [],
  ...{ pipelines: [], failures: [], stillRed: [], alarms: [], waiting: [], overrides: [] },
  sizes: [],
}

export const trace = (
  parts: Partial<Omit<Trace, 'items'>> & { items?: Partial<Items> } = {},
): Trace => ({
  environment: 'dev',
  table: 'dev-caretaker',
  from: at(0),
  to: at(1000),
  settled: true,
  calls: [],
  events: [],
  deadLetters: [],
  executions: [],
  states: [],
  sleepers: [],
  messages: [],
  invocations: [],
  namings: [],
  tasks: [],
  services: [],
  others: [],
  findable: [],
  ...{ requests: [], slackCalls: [], outages: [] },
  teams: { ordering: { channel: '#orders' }, storefront: { channel: '#storefront' } },
  ...{ owner: 'ordering', timeZone: 'Europe/Berlin' },
  ...{ schedules: {}, calendars: {}, dependsOn: {}, sleep: 'act' as const },
  tags: { level: 'off' as const, watch: [] },
  ...parts,
  items: { ...NOTHING, ...parts.items },
})

export const service = (parts: Partial<Service> = {}): Service => ({
  service: SERVICE,
  arn: `arn:aws:ecs:eu-central-1:1:service/${SERVICE}`,
  tags: TAGS,
  desired: 1,
  taskDefinition: 'dev-orders:1',
  placeholder: false,
  running: [OLD],
  ...parts,
})

/** A machine's call about the service. */
export const call = (operation: string, parts: Partial<Call> = {}): Call => ({
  at: at(10),
  by: 'machine',
  name: 'dev-roll-out',
  run: EXECUTION,
  service: 'ecs',
  operation,
  resource: SERVICE,
  input: {},
  outcome: 'ok',
  ...{ partial: false, empty: false },
  about: service(),
  digests: [],
  ...parts,
})

/** A read of one look at a service's circuit. */
export const LOOK: Partial<Call> = { by: 'function', name: 'dev-move-circuit', run: 'look' }

/** The look ends with an instance that callers find, or find no more. */
export const findable = (InstanceId: string, isFound: boolean): Call =>
  call('UpdateInstanceCustomHealthStatus', {
    ...{ ...LOOK, service: 'servicediscovery', resource: 'srv-1' },
    input: { ServiceId: 'srv-1', InstanceId, Status: isFound ? 'HEALTHY' : 'UNHEALTHY' },
  })

/** From then on callers find these instances of a Cloud Map service. */
export const found = (second: number, instances: Record<string, boolean>): Findable => ({
  at: at(second),
  service: 'srv-1',
  instances: Object.entries(instances).map(([id, isFound]) => ({ id, found: isFound })),
})

/** `UpdateService` that starts a digest. */
export const update = (digest: string, parts: Partial<Call> = {}): Call =>
  call('UpdateService', {
    input: { taskDefinition: 'dev-orders:2' },
    digests: [digest],
    ...parts,
  })

/** The execution has claimed the service for this digest. */
export const claimed = (
  digest: string,
  {
    execution = EXECUTION,
    generation = 1,
    by,
  }: { execution?: string; generation?: number; by?: string } = {},
): { at: number; service: string; state: ServiceState } => {
  const push = { repository: 'orders', tag: 'main', digest, at: text(0) }
  const rolling = { execution, digest, tag: 'main', record: 'roll-out#', since: text(5) }
  const latest = { ...push, verdict: 'rolling-out' as const, by }
  return { at: at(5), service: SERVICE, state: { version: 2, generation, rolling, latest } }
}

export const naming = (second: number, digest?: string, tag = 'main') => ({
  ...{ at: at(second), repository: 'orders', tag },
  ...(digest === undefined ? {} : { digest }),
})

export const task = (digest: string, parts: Partial<Task> = {}): Task => ({
  at: at(20),
  arn: 'task/1',
  service: SERVICE,
  status: 'RUNNING',
  digests: [digest],
  failed: false,
  createdAt: at(15),
  ...parts,
})

export const record = (parts: Partial<RollOutRecord> = {}): RollOutRecord => ({
  version: 2,
  kind: 'roll-out',
  pk: `service#${SERVICE}`,
  sk: 'roll-out#one',
  subject: SERVICE,
  owner: 'ordering',
  at: text(0),
  verdict: 'deployed',
  reason: '',
  execution: EXECUTION,
  endedAt: text(100),
  detail: { repository: 'orders', tag: 'main', digest: NEW, previous: undefined },
  ...parts,
})

export const quarantine = (
  digest: string,
  verdict: 'rolled-back' | 'recalled' = 'rolled-back',
) => ({
  ...{ pk: `service#${SERVICE}`, sk: `digest#${digest}`, version: 2 },
  ...{ verdict, reason: 'exit code 1', tag: 'main', at: text(50) },
})

export const message = (key: string, second = 200, parts: Partial<Message> = {}): Message => ({
  ...{ channel: '#orders', text: 'orders runs main', key },
  ...{ postedAt: at(second), changedAt: at(second), notifiedAt: [at(second)] },
  ...parts,
})

export const invocation = (parts: Partial<Invocation> = {}): Invocation => ({
  function: 'dev-plan-roll-out',
  requestId: 'request',
  at: at(5),
  outcome: 'success',
  errorType: '',
  payloadBytes: 100,
  answerBytes: 100,
  event: '',
  execution: EXECUTION,
  ...parts,
})

export const execution = (parts: Partial<Execution> = {}): Execution => ({
  arn: EXECUTION,
  machine: 'dev-roll-out',
  status: 'SUCCEEDED',
  input: {},
  inputBytes: 100,
  largestBytes: 100,
  states: [{ name: 'Plan', at: at(5) }],
  failedAttempts: 0,
  ...parts,
})

/** The event of a push, handed to a function. */
export const pushed = (outcome = 'delivered', parts: Partial<Taken> = {}): Taken => ({
  id: 'event-1',
  at: at(1),
  source: 'aws.ecr',
  resources: [],
  type: 'ECR Image Action',
  detail: {
    ...{ 'action-type': 'PUSH', 'repository-name': 'orders' },
    ...{ 'image-digest': NEW, 'image-tag': 'main' },
  },
  deliveries: [{ rule: 'dev-image-pushed', toFunction: true, outcome }],
  ...parts,
})

/** The event of an alarm that turned red, handed to a function. */
export const turnedRed = (subject: string, second: number, environment = 'dev'): Taken => ({
  id: 'event-2',
  at: at(second),
  source: 'aws.cloudwatch',
  resources: [subject],
  type: 'CloudWatch Alarm State Change',
  detail: {
    state: { value: 'ALARM', timestamp: text(second) },
    alarmTags: { 'caretaker:environment': environment },
  },
  deliveries: [{ rule: 'dev-alarm-changed', toFunction: true, outcome: 'delivered' }],
})
