import { expect, it, test } from 'vitest'
import type { AlarmRecord } from '../../domain/table/alarm-record.ts'
import { EPISODE } from '../../domain/table/keys.ts'
import type { MissingImage } from '../../domain/table/missing-image.ts'
import type { StillRed } from '../../domain/table/still-red.ts'
import { actsTheSameWithoutSlack } from '../../local/invariants/acts-the-same-without-slack.ts'
import { COMPARISONS, differentIn, INVARIANTS, violatedIn } from '../../local/invariants/all.ts'
import type { Call, Message, Request, Trace } from '../../local/invariants/trace.ts'
import { BUDGET_ROWS } from '../kits/budget-rows.ts'
import { alarm, failure, pipeline } from '../kits/notices.ts'
import { SLEEP_ROWS } from '../kits/sleep-rows.ts'
import {
  at,
  call,
  claimed,
  EXECUTION,
  execution,
  findable,
  found,
  invocation,
  LOOK,
  message,
  NEW,
  naming,
  OLD,
  pushed,
  quarantine,
  record,
  SERVICE,
  service,
  TAGS,
  task,
  trace,
  turnedRed,
  update,
} from '../kits/traces.ts'

/** What a trace is about, and the number of the predicate that it violates; none: all hold. */
type Row = [what: string, violates: number | undefined, trace: Trace]

const KEY = `service#${SERVICE} roll-out#one`
const foreign = { ...TAGS, 'caretaker:environment': 'other' }
const asleep = service({ desired: 0, running: [] })
const woken = { by: 'person', run: '', input: { desiredCount: 1 }, about: asleep } as const
const REGISTER = 'RegisterTaskDefinition'

const started = (first: string, second: string, by?: string): Partial<Trace> => ({
  states: [
    claimed(first),
    claimed(second, { execution: 'two', generation: 2, ...(by === undefined ? {} : { by }) }),
  ],
  calls: [update(first), update(second, { run: 'two', at: at(500) })],
})

/** `npx caretaker environment deploy` freezes roll-outs for two hours, and ends that. */
const freezing = (second: number, input: object): Call =>
  call('UpdateItem', {
    ...{ service: 'dynamodb', by: 'person', run: '', at: at(second), about: undefined as never },
    input: { TableName: 'dev-caretaker', ...input },
  })
const froze = (second: number): Call => {
  const until = { S: new Date(at(second + 7200)).toISOString() }
  const ExpressionAttributeValues = { ':frozen': { M: { until } } }
  return freezing(second, { UpdateExpression: 'SET frozen = :frozen', ExpressionAttributeValues })
}
const thawed = (second: number) => freezing(second, { UpdateExpression: 'REMOVE frozen' })

const RED = 'dev-web-errors'
const iso = (second: number): string => new Date(at(second)).toISOString()
const keyOf = ({ pk, sk }: { pk: string; sk: string }): string => `${pk} ${sk}`
/** An alarm turns red, and is told five seconds later, where the trace does not say otherwise. */
const red = (
  second: number,
  episodes: AlarmRecord[] = [],
  { environment, ...parts }: Parameters<typeof trace>[0] = {},
): Trace =>
  trace({
    events: [turnedRed(alarm(RED).subject, second, environment)],
    invocations: [invocation({ event: 'event-2' })],
    messages: episodes.map((one) => message(keyOf(one), second + 5)),
    ...parts,
    items: { episodes, ...parts.items },
  })
const EPISODE_OF_30 = alarm(RED, { at: iso(30), detail: { redSince: iso(30) } })
const told = (second: number, parts: Partial<Message> = {}) => [
  message(keyOf(EPISODE_OF_30), second, parts),
]

/** Slack took nothing until 300; two things were over by then, each a line of the summary. */
const SUMMARY = `held##orders summary#slack#${iso(100)}`
const overAt = (second: number, name = RED) =>
  alarm(name, { owner: 'ordering', verdict: 'over', endedAt: iso(second) })
const folded = ({ pk, sk }: { pk: string; sk: string }) => ({
  ...{ pk, sk: `message#${sk}`, version: 2, channel: '#orders', claimedAt: iso(300) },
  ...{ free: true, folded: `slack#${iso(100)}` },
})
const summed = (
  episodes: AlarmRecord[],
  messages: Message[] = [message(SUMMARY, 300, { text: `${episodes.length} things are over` })],
): Trace => trace({ messages, items: { episodes, places: episodes.map(folded) } })

const mutedAt = (second: number) => ({ by: 'ann', at: iso(second), until: iso(3600) })
/** From 10:00 to 11:00 in Berlin: all of the trace. */
const QUIET = { storefront: { channel: '#storefront', quiet: { from: '10:00', to: '11:00' } } }
const waiting = (because: 'slack' | 'quiet', { pk, sk }: { pk: string; sk: string }) => ({
  ...{ version: 2, record: { pk, sk }, because, since: iso(5) },
})
const STILL_RED: StillRed = {
  ...{ version: 2, kind: 'still-red', pk: 'channel##orders', sk: 'still-red#2026-03-02' },
  ...{ subject: '#orders', owner: 'ordering', at: iso(5), reason: '', execution: '' },
  detail: { date: '2026-03-02', alarms: [{ name: RED, since: iso(0) }], more: 0 },
}
const MISSING: MissingImage = {
  ...{ version: 2, kind: 'missing-image', pk: `service#${SERVICE}`, sk: 'missing-image#1#bbbb' },
  ...{ subject: SERVICE, owner: 'ordering', at: iso(5), reason: '', execution: '' },
  detail: {
    ...{ service: 'orders', cluster: 'dev-backend', serviceArn: '' },
    ...{ repository: 'orders', digest: NEW },
  },
}

/** The entrance takes a request of Slack's, hands it on, and it is done. */
const receiving = (parts: Partial<Request> = {}): Request => ({
  ...{ run: 'in', entrance: 'receive-slack', genuine: true, signature: 'v0=1' },
  ...parts,
})
const answering = (run: string, parts: Partial<Request> = {}): Request => ({
  ...{ run, entrance: 'answer-slack', genuine: true, id: run },
  ...parts,
})
const calling = (genuine: boolean): Request => ({ run: 'call', entrance: 'answer-caller', genuine })
const ofOurs = { by: 'function', about: undefined as never } as const
const handed = (run: string, id: string): Call =>
  call('Invoke', {
    ...{ ...ofOurs, run, service: 'lambda', name: 'dev-receive-slack' },
    input: {
      FunctionName: 'dev-answer-slack',
      Payload: new TextEncoder().encode(JSON.stringify({ id })),
    },
  })
const startedBy = (run: string, name = 'answer-slack'): Call =>
  call('StartExecution', {
    ...{ ...ofOurs, run, service: 'sfn', name: `dev-${name}` },
    input: { stateMachineArn: 'arn:aws:states:eu-central-1:1:stateMachine:dev-roll-out' },
  })
const used = (run: string, intent = 'intent-1'): Call =>
  call('UpdateItem', {
    ...{ ...ofOurs, run, service: 'dynamodb', name: 'dev-answer-slack' },
    input: { TableName: 'dev-caretaker', Key: { pk: { S: `intent#${intent}` } } },
  })
const inSlack = (received: Partial<Request> = {}, answered: Partial<Request> = {}) => ({
  requests: [receiving(received), answering('a', answered)],
  calls: [handed('in', 'a'), startedBy('a')],
})
/** Two presses on one button came in, each with a signature of its own. */
const pressed = (calls: Call[]) => ({
  requests: [
    ...[receiving(), receiving({ run: 'in-2', signature: 'v0=2' })],
    ...['a', 'b'].map((run) => answering(run, { intent: 'intent-1' })),
  ],
  calls: [handed('in', 'a'), handed('in-2', 'b'), ...calls],
})

/** NEW runs from 20 on and fails; nothing runs in the moment in which the trace ends. */
const failing = ({ bake, second }: { bake?: string; second: number }): Trace => {
  const about = service({ tags: { ...TAGS, ...(bake && { 'caretaker:bake': bake }) } })
  return trace({
    services: [service({ running: [] })],
    states: [claimed(NEW)],
    namings: [naming(1, NEW)],
    calls: [update(NEW, { about })],
    tasks: [task(NEW), task(NEW, { at: at(second), status: 'STOPPED', failed: true })],
  })
}

/** A person asked for OLD, which did not hold. */
const askedAt = (second: number) =>
  record({
    at: iso(second),
    verdict: 'rolled-back',
    detail: { ...record().detail, digest: OLD, asked: { by: 'ana', reason: 'why', retry: true } },
  })

/** A write to Caretaker's own table. */
const writes = (second: number, sk: string): Call =>
  call('PutItem', {
    ...{ ...ofOurs, at: at(second), service: 'dynamodb', name: 'dev-sweep' },
    input: { TableName: 'dev-caretaker', Item: { pk: { S: 'channel##orders' }, sk: { S: sk } } },
  })
const TASKS = `tasks#${service().arn}`

const ROWS: Row[] = [
  ...SLEEP_ROWS,
  ...BUDGET_ROWS,
  ['nothing happens', undefined, trace()],

  // 1
  [
    'a service runs another image than its tag names',
    1,
    trace({ services: [service()], namings: [naming(1, NEW)] }),
  ],
  [
    'it runs it',
    undefined,
    trace({ services: [service({ running: [NEW] })], namings: [naming(1, NEW)] }),
  ],
  ['it sleeps', undefined, trace({ services: [asleep], namings: [naming(1, NEW)] })],
  [
    'it never had an image and gets none',
    1,
    trace({
      services: [service({ desired: 0, placeholder: true, running: [] })],
      namings: [naming(1, NEW)],
    }),
  ],
  [
    'the image did not hold',
    undefined,
    trace({
      services: [service()],
      namings: [naming(1, NEW)],
      items: { digests: [quarantine(NEW, 'recalled')] },
    }),
  ],
  [
    'a person froze it',
    undefined,
    trace({
      services: [service()],
      namings: [naming(1, NEW)],
      items: { records: [record({ verdict: 'frozen' })] },
      messages: [message(KEY)],
    }),
  ],
  [
    'a person deployed something else',
    undefined,
    trace({
      services: [service()],
      namings: [naming(1, NEW)],
      calls: [
        call('UpdateService', { by: 'person', run: '', input: { taskDefinition: 'dev-orders:1' } }),
      ],
    }),
  ],
  [
    'its image fails when it has held as long as a person asked',
    undefined,
    failing({ bake: '60', second: 90 }),
  ],
  [
    'its image fails, which somebody else has deployed',
    undefined,
    { ...failing({ second: 70 }), states: [], calls: [] },
  ],
  ['its image fails before that', 1, failing({ bake: '60', second: 70 })],
  ['its image fails within the usual time', 1, failing({ second: 90 })],
  [
    'faults have not healed',
    undefined,
    trace({ settled: false, services: [service()], namings: [naming(1, NEW)] }),
  ],

  // 2
  [
    'an older image is started after a newer one',
    2,
    trace({ ...started(NEW, OLD), namings: [naming(1, OLD), naming(2, NEW)] }),
  ],
  [
    'the older one got the tag back',
    undefined,
    trace({ ...started(NEW, OLD), namings: [naming(1, OLD), naming(2, NEW), naming(3, OLD)] }),
  ],
  [
    'the newer tag is gone',
    undefined,
    trace({
      ...started(NEW, OLD),
      namings: [naming(1, OLD, 'v1'), naming(2, NEW, 'v2'), naming(3, undefined, 'v2')],
    }),
  ],
  [
    'a person went back',
    undefined,
    trace({ ...started(NEW, OLD, 'ana'), namings: [naming(1, OLD), naming(2, NEW)] }),
  ],

  // 3
  [
    'a digest is registered twice',
    3,
    trace({
      states: [claimed(NEW)],
      namings: [naming(1, NEW)],
      calls: [call(REGISTER, { digests: [NEW] }), call(REGISTER, { digests: [NEW] })],
    }),
  ],
  [
    'because an answer was lost',
    undefined,
    trace({
      states: [claimed(NEW)],
      namings: [naming(1, NEW)],
      executions: [execution({ failedAttempts: 1 })],
      calls: [call(REGISTER, { digests: [NEW] }), call(REGISTER, { digests: [NEW] }), update(NEW)],
    }),
  ],
  [
    'a service is updated twice',
    3,
    trace({ states: [claimed(NEW)], namings: [naming(1, NEW)], calls: [update(NEW), update(NEW)] }),
  ],
  [
    'the second changes nothing',
    undefined,
    trace({
      states: [claimed(NEW)],
      namings: [naming(1, NEW)],
      calls: [update(NEW), update(NEW, { about: service({ taskDefinition: 'dev-orders:2' }) })],
    }),
  ],
  [
    'two executions hold one generation',
    3,
    trace({
      states: [claimed(NEW), claimed(NEW, { execution: 'two' })],
      namings: [naming(1, NEW)],
      calls: [update(NEW), update(NEW, { run: 'two' })],
    }),
  ],
  ['a service is updated without a claim', 3, trace({ calls: [update(NEW)] })],

  // 4
  [
    'a deploy wakes a sleeper',
    4,
    trace({
      states: [claimed(NEW)],
      namings: [naming(1, NEW)],
      calls: [
        update(NEW, { about: asleep, input: { taskDefinition: 'dev-orders:2', desiredCount: 1 } }),
      ],
    }),
  ],
  [
    'a first image gets its tasks',
    undefined,
    trace({
      states: [claimed(NEW)],
      namings: [naming(1, NEW)],
      calls: [
        update(NEW, {
          about: { ...asleep, placeholder: true },
          input: { taskDefinition: 'dev-orders:2', desiredCount: 1 },
        }),
      ],
    }),
  ],
  [
    'it wakes with an older image',
    4,
    trace({
      namings: [naming(1, NEW)],
      calls: [call('UpdateService', { ...woken, at: at(900) })],
      tasks: [task(OLD, { createdAt: at(910) })],
    }),
  ],
  [
    'it wakes with the newest',
    undefined,
    trace({
      namings: [naming(1, NEW)],
      calls: [call('UpdateService', { ...woken, at: at(900) })],
      tasks: [task(NEW, { createdAt: at(910) })],
    }),
  ],
  [
    'the newest was pushed a moment ago',
    undefined,
    trace({
      namings: [naming(890, NEW)],
      calls: [call('UpdateService', { ...woken, at: at(900) })],
      tasks: [task(OLD, { createdAt: at(910) })],
    }),
  ],
  [
    'roll-outs were frozen until a moment ago',
    undefined,
    trace({
      namings: [naming(1, NEW)],
      calls: [froze(10), thawed(700), call('UpdateService', { ...woken, at: at(900) })],
      tasks: [task(OLD, { createdAt: at(910) })],
    }),
  ],
  [
    'they were frozen long before',
    4,
    trace({
      namings: [naming(1, NEW)],
      calls: [froze(10), thawed(200), call('UpdateService', { ...woken, at: at(900) })],
      tasks: [task(OLD, { createdAt: at(910) })],
    }),
  ],
  [
    'another was pushed in that very moment, and runs at once',
    undefined,
    trace({
      namings: [naming(1, OLD), naming(901, NEW)],
      calls: [call('UpdateService', { ...woken, at: at(900) })],
      tasks: [task(NEW, { createdAt: at(910) })],
    }),
  ],
  [
    'a person asked for another in that very moment',
    undefined,
    trace({
      namings: [naming(1, NEW)],
      calls: [call('UpdateService', { ...woken, at: at(900) })],
      tasks: [task(OLD, { createdAt: at(910) })],
      items: { records: [askedAt(901)] },
      messages: [message(KEY, 905)],
    }),
  ],
  [
    'a person asked for another before the newest was pushed',
    4,
    trace({
      namings: [naming(100, NEW)],
      calls: [call('UpdateService', { ...woken, at: at(900) })],
      tasks: [task(OLD, { createdAt: at(910) })],
      items: { records: [askedAt(50)] },
      messages: [message(KEY, 905)],
    }),
  ],
  [
    'it is put to sleep again before a task runs',
    undefined,
    trace({
      namings: [naming(1, NEW)],
      calls: [
        call('UpdateService', { ...woken, at: at(900) }),
        call('UpdateService', { by: 'person', run: '', input: { desiredCount: 0 }, at: at(905) }),
      ],
      tasks: [task(OLD, { createdAt: at(950) })],
    }),
  ],

  // 8
  [
    'a service without the tag is changed',
    8,
    trace({ states: [claimed(NEW)], calls: [call(REGISTER, { about: service({ tags: {} }) })] }),
  ],
  [
    'something of which nothing is known',
    8,
    trace({ calls: [{ ...call('DeleteCluster', { by: 'function' }), about: undefined } as never] }),
  ],
  [
    'somebody else’s table',
    8,
    trace({
      calls: [
        call('PutItem', {
          service: 'dynamodb',
          by: 'function',
          input: { TableName: 'dev-orders' },
          about: undefined as never,
        }),
      ],
    }),
  ],
  [
    'its own table',
    undefined,
    trace({
      calls: [
        call('PutItem', {
          service: 'dynamodb',
          by: 'function',
          input: { TableName: 'dev-caretaker' },
          about: undefined as never,
        }),
      ],
    }),
  ],
  [
    'AWS refuses',
    undefined,
    trace({
      calls: [
        call('DeleteCluster', {
          by: 'function',
          outcome: 'AccessDeniedException',
          about: undefined as never,
        }),
      ],
    }),
  ],

  // 9
  [
    'something is written when all is quiet',
    9,
    trace({
      quietSince: at(400),
      calls: [
        call('PutItem', {
          at: at(500),
          service: 'dynamodb',
          by: 'function',
          input: { TableName: 'dev-caretaker' },
          about: undefined as never,
        }),
      ],
    }),
  ],
  [
    'what is red is named again when all is quiet',
    undefined,
    trace({ quietSince: at(400), calls: [writes(500, 'still-red#2026-03-02')] }),
  ],
  [
    'what is red is named again and again when all is quiet',
    9,
    trace({
      quietSince: at(400),
      calls: [writes(500, 'still-red#2026-03-02'), writes(800, 'still-red#2026-03-02')],
    }),
  ],
  [
    'tasks are noted as missing while tasks of the service fail',
    undefined,
    trace({
      quietSince: at(400),
      calls: [writes(500, TASKS)],
      tasks: [task(OLD, { at: at(450), failed: true })],
    }),
  ],
  [
    'tasks are noted as missing while tasks of another service fail',
    9,
    trace({
      quietSince: at(400),
      calls: [writes(500, TASKS)],
      tasks: [task(OLD, { at: at(450), failed: true, service: 'dev-backend/web' })],
    }),
  ],
  [
    'a service is changed while its tasks fail when all is quiet',
    9,
    trace({
      quietSince: at(400),
      states: [claimed(OLD)],
      namings: [naming(1, OLD)],
      calls: [update(OLD, { at: at(500) })],
      tasks: [task(OLD, { at: at(450), failed: true })],
    }),
  ],
  [
    'a state is entered when all is quiet',
    9,
    trace({
      quietSince: at(400),
      executions: [execution({ states: [{ name: 'Plan', at: at(500) }] })],
    }),
  ],
  [
    'something is read when all is quiet',
    undefined,
    trace({
      quietSince: at(400),
      executions: [execution()],
      calls: [call('DescribeServices', { at: at(500), by: 'function' })],
    }),
  ],

  // 10
  [
    'a service is changed after a failed read',
    10,
    trace({
      states: [claimed(NEW)],
      namings: [naming(1, NEW)],
      invocations: [invocation()],
      calls: [
        call('DescribeServices', { by: 'function', run: 'request', outcome: 'ServerException' }),
        update(NEW),
      ],
    }),
  ],
  [
    'after a partial one',
    10,
    trace({
      states: [claimed(NEW)],
      namings: [naming(1, NEW)],
      invocations: [invocation()],
      calls: [call('BatchGetItem', { by: 'function', run: 'request', partial: true }), update(NEW)],
    }),
  ],
  [
    'what failed was read when the service had been changed',
    undefined,
    trace({
      states: [claimed(NEW)],
      namings: [naming(1, NEW)],
      invocations: [invocation({ function: 'dev-watch-deployment', at: at(300) })],
      calls: [
        update(NEW),
        call('ListTagsForResource', {
          ...{ at: at(300), service: 'ecr', by: 'function' },
          ...{ run: 'request', outcome: 'ThrottlingException' },
        }),
      ],
    }),
  ],
  [
    'it was repeated until it answered',
    undefined,
    trace({
      states: [claimed(NEW)],
      namings: [naming(1, NEW)],
      invocations: [invocation()],
      calls: [
        call('DescribeServices', { by: 'function', run: 'request', outcome: 'ServerException' }),
        call('DescribeServices', { by: 'function', run: 'request' }),
        update(NEW),
      ],
    }),
  ],
  [
    'the function failed with it, and was called again',
    undefined,
    trace({
      states: [claimed(NEW)],
      namings: [naming(1, NEW)],
      invocations: [invocation({ outcome: 'error', errorType: 'Transient' })],
      calls: [
        call('DescribeServices', { by: 'function', run: 'request', outcome: 'ServerException' }),
        update(NEW),
      ],
    }),
  ],
  [
    'something is not there',
    undefined,
    trace({
      states: [claimed(NEW)],
      namings: [naming(1, NEW)],
      invocations: [invocation()],
      calls: [
        call('DescribeImages', {
          by: 'function',
          run: 'request',
          outcome: 'ImageNotFoundException',
        }),
        update(NEW),
      ],
    }),
  ],
  [
    'an instance is taken out after a failed read',
    10,
    trace({
      calls: [
        call('DescribeTasks', { ...LOOK, outcome: 'ThrottlingException' }),
        findable('a', false),
      ],
    }),
  ],
  [
    'one is given back after an empty answer',
    10,
    trace({ calls: [call('DiscoverInstances', { ...LOOK, empty: true }), findable('a', true)] }),
  ],
  [
    'after a part of the tasks',
    10,
    trace({ calls: [call('ListTasks', { ...LOOK, partial: true }), findable('a', false)] }),
  ],
  [
    'the rest was read too',
    undefined,
    trace({
      calls: [
        call('ListTasks', { ...LOOK, partial: true }),
        call('ListTasks', LOOK),
        findable('a', false),
      ],
    }),
  ],
  [
    'another look had no answer',
    undefined,
    trace({
      calls: [
        call('ListTasks', { ...LOOK, run: 'another', outcome: 'ThrottlingException' }),
        findable('a', false),
      ],
    }),
  ],
  [
    'it had no answer afterwards',
    undefined,
    trace({
      calls: [
        findable('a', false),
        call('GetItem', { ...LOOK, at: at(11), outcome: 'ThrottlingException' }),
      ],
    }),
  ],
  [
    'the last instance is taken out',
    10,
    trace({
      calls: [findable('a', false)],
      findable: [found(9, { a: true }), found(40, { a: false })],
    }),
  ],
  [
    'the last but one had been taken out by others',
    10,
    trace({
      calls: [findable('a', false)],
      findable: [
        found(9, { a: true, b: true }),
        found(30, { a: true, b: false }),
        found(40, { a: false, b: false }),
      ],
    }),
  ],
  [
    'another is left',
    undefined,
    trace({
      calls: [findable('a', false)],
      findable: [found(9, { a: true, b: true }), found(40, { a: false, b: true })],
    }),
  ],
  [
    'others take the last out',
    undefined,
    trace({
      calls: [findable('a', false)],
      findable: [
        found(9, { a: true, b: true }),
        found(40, { a: false, b: true }),
        found(50, { a: false, b: false }),
      ],
    }),
  ],
  [
    'they take out what it had given back',
    undefined,
    trace({
      calls: [findable('a', false), { ...findable('a', true), at: at(11) }],
      findable: [found(9, { a: true }), found(50, { a: false })],
    }),
  ],

  // 11
  [
    'a record has two messages',
    11,
    trace({ items: { records: [record()] }, messages: [message(KEY), message(KEY)] }),
  ],
  ['a record has no message', 11, trace({ items: { records: [record()] } })],
  [
    'its message is older than its end',
    11,
    trace({ items: { records: [record()] }, messages: [message(KEY, 99)] }),
  ],
  [
    'its message says how it ended',
    undefined,
    trace({ items: { records: [record()] }, messages: [message(KEY)] }),
  ],
  [
    'Slack refused it for good',
    undefined,
    trace({
      items: {
        records: [record({ refused: { channel: '#orders', error: 'is_archived', at: '' } })],
      },
    }),
  ],
  ['an alarm has no message', 11, trace({ items: { episodes: [overAt(200)] } })],
  ['an image that is not there has none', 11, trace({ items: { missing: [MISSING] } })],
  ['what stays red is not said again', 11, trace({ items: { stillRed: [STILL_RED] } })],
  ['a failure has none', 11, trace({ items: { failures: [failure()] } })],
  [
    'somebody stopped it',
    undefined,
    trace({ items: { failures: [failure({ verdict: 'aborted' })] } }),
  ],
  [
    'a pipeline waits for the end of quiet hours',
    undefined,
    trace({ items: { pipelines: [pipeline()], waiting: [waiting('quiet', pipeline())] } }),
  ],
  [
    'it waits for Slack',
    11,
    trace({ items: { pipelines: [pipeline()], waiting: [waiting('slack', pipeline())] } }),
  ],
  ['what is over is a line in a summary', undefined, summed([overAt(200), overAt(250, 'dev-b')])],
  ['the summary was never posted', 11, summed([overAt(200)], [])],
  [
    'it says fewer than there are',
    11,
    summed(
      [overAt(200), overAt(250, 'dev-b')],
      [message(SUMMARY, 300, { text: '1 thing is over' })],
    ),
  ],
  [
    'what was a line stands again, and has a message of its own',
    undefined,
    (({ items, ...whole }) => ({
      ...whole,
      messages: [...whole.messages, message(keyOf(overAt(200)), 700, { channel: '#orders' })],
      items: { ...items, places: items.places.map((one) => ({ ...one, channel: 'C0RDERS' })) },
    }))(summed([overAt(200)])),
  ],
  ['what is a line still stands', 11, summed([overAt(200), alarm('dev-b', { owner: 'ordering' })])],
  ['it was red again, and over after the summary', 11, summed([overAt(400)])],
  [
    'a channel has two summaries of one time',
    11,
    summed(
      [overAt(200)],
      [
        message(SUMMARY, 300, { text: '1 thing is over' }),
        message(SUMMARY.replace(iso(100), iso(200)), 310, { text: '0 things are over' }),
      ],
    ),
  ],
  [
    'Slack took nothing a second time',
    undefined,
    summed(
      [overAt(200)],
      [
        message(SUMMARY, 300, { text: '1 thing is over' }),
        message(SUMMARY.replace(iso(100), iso(400)), 900, { text: '0 things are over' }),
      ],
    ),
  ],
  ['nobody asked', undefined, trace({ items: { records: [record({ verdict: 'not-taken' })] } })],

  // 12
  ['a record waits for ever', 12, trace({ items: { records: [record({ verdict: 'waiting' })] } })],
  ['an event is dropped', 12, trace({ events: [pushed('dropped')] })],
  ['an event is on its way for long', 12, trace({ events: [pushed('pending')] })],
  [
    'it came in the last moment',
    undefined,
    trace({ events: [pushed('pending', { at: at(998) })] }),
  ],
  [
    'a function never answers an event',
    12,
    trace({ events: [pushed()], items: { records: [record()] }, messages: [message(KEY)] }),
  ],
  [
    'a push has no record',
    12,
    trace({ events: [pushed()], invocations: [invocation({ event: 'event-1' })] }),
  ],
  [
    'one of two services that follow it has none',
    12,
    trace({
      events: [pushed()],
      invocations: [invocation({ event: 'event-1' })],
      services: [service(), service({ service: 'dev-backend/ledger' })],
      items: { records: [record()] },
      messages: [message(KEY)],
    }),
  ],
  [
    'the service joined when it had been recorded',
    undefined,
    trace({
      events: [pushed()],
      invocations: [invocation({ event: 'event-1' })],
      services: [service()],
      items: { records: [record({ subject: '', verdict: 'not-taken' })] },
    }),
  ],
  [
    'a push has its record',
    undefined,
    trace({
      events: [pushed()],
      invocations: [invocation({ event: 'event-1' })],
      items: { records: [record()] },
      messages: [message(KEY)],
    }),
  ],
  [
    'an event is in the dead-letter queue',
    undefined,
    trace({ events: [pushed()], deadLetters: ['{"id":"event-1"}'] }),
  ],

  // 14
  ['what Slack has signed is handed on and done', undefined, trace(inSlack())],
  ['it was not signed', 14, trace(inSlack({ genuine: false }))],
  ['nothing came in through the entrance', 14, trace({ ...inSlack(), requests: [answering('a')] })],
  ['somebody asks who is in no team', 14, trace(inSlack({}, { genuine: false }))],
  [
    'what was not signed is refused',
    undefined,
    trace({ requests: [receiving({ genuine: false })], calls: [] }),
  ],
  [
    'somebody signs by AWS',
    undefined,
    trace({ requests: [calling(true)], calls: [startedBy('call', 'answer-caller')] }),
  ],
  [
    'somebody signs whom the catalog does not name',
    14,
    trace({ requests: [calling(false)], calls: [startedBy('call', 'answer-caller')] }),
  ],
  [
    'one signature is handed on twice',
    14,
    trace({
      requests: [receiving(), receiving({ run: 'again' })],
      calls: [handed('in', 'a'), handed('again', 'a')],
    }),
  ],
  [
    'two signatures are',
    undefined,
    trace({
      requests: [receiving(), receiving({ run: 'again', signature: 'v0=2' })],
      calls: [handed('in', 'a'), handed('again', 'b')],
    }),
  ],
  ['a button is pressed', undefined, trace(pressed([used('a'), startedBy('a')]))],
  ['its intent is not used up', 14, trace(pressed([startedBy('a')]))],
  ['another intent is', 14, trace(pressed([used('a', 'intent-2'), startedBy('a')]))],
  [
    'two presses use it',
    14,
    trace(pressed([used('a'), startedBy('a'), used('b'), startedBy('b')])),
  ],
  [
    'the second comes too late',
    undefined,
    trace(
      pressed([
        used('a'),
        startedBy('a'),
        { ...used('b'), outcome: 'ConditionalCheckFailedException' },
      ]),
    ),
  ],

  // 15
  ['an input is large', 15, trace({ executions: [execution({ inputBytes: 65_536 })] })],
  ['an answer is large', 15, trace({ invocations: [invocation({ answerBytes: 65_536 })] })],
  ['a record is large', 15, trace({ items: { sizes: [{ key: KEY, bytes: 102_400 }] } })],
  [
    'all are just small enough',
    undefined,
    trace({
      executions: [execution({ largestBytes: 65_535 })],
      invocations: [invocation({ payloadBytes: 65_535 })],
      items: { sizes: [{ key: KEY, bytes: 102_399 }] },
    }),
  ],

  // 16
  [
    'another environment’s service is changed',
    16,
    trace({
      states: [claimed(NEW)],
      namings: [naming(1, NEW)],
      calls: [update(NEW, { about: service({ tags: foreign }) })],
    }),
  ],
  [
    'it is recorded',
    16,
    trace({ services: [service({ tags: foreign })], items: { sizes: [{ key: KEY, bytes: 1 }] } }),
  ],
  ['it is told', 16, trace({ services: [service({ tags: foreign })], messages: [message(KEY)] })],
  ['it is left alone', undefined, trace({ services: [service({ tags: foreign })] })],

  // 17
  ['an alarm is red and has no record', 17, red(30)],
  ['its record begins later', 17, red(30, [alarm(RED, { at: iso(40) })])],
  [
    'it has two records at once',
    17,
    red(30, [alarm(RED, { at: iso(30) }), alarm(RED, { at: iso(35) })]),
  ],
  ['it has its record', undefined, red(30, [alarm(RED, { at: iso(30) })])],
  ['it turned red a moment ago', undefined, red(950)],
  [
    'nobody took its event, which is a dead letter',
    undefined,
    red(30, [], { deadLetters: ['{"id":"event-2"}'] }),
  ],
  [
    'Caretaker was switched off when it turned red',
    undefined,
    red(30, [EPISODE_OF_30], {
      messages: told(400),
      outages: [{ service: 'caretaker', from: at(20), until: at(390) }],
    }),
  ],
  ['it is another environment’s', undefined, red(30, [], { environment: 'other' })],
  ['nobody is notified within a minute', 17, red(30, [EPISODE_OF_30], { messages: told(95) })],
  [
    'it is a reply that the channel does not show',
    17,
    red(30, [EPISODE_OF_30], { messages: told(35, { notifiedAt: [] }) }),
  ],
  [
    'people are notified twice',
    17,
    red(30, [EPISODE_OF_30], { messages: told(35, { notifiedAt: [at(35), at(40)] }) }),
  ],
  [
    'it is held',
    undefined,
    red(30, [{ ...EPISODE_OF_30, held: { because: 'child-of-composite' } }], { messages: [] }),
  ],
  [
    'it was held then',
    undefined,
    red(30, [EPISODE_OF_30], {
      messages: told(500),
      items: {
        alarms: [
          {
            ...{ pk: 'alarms', sk: EPISODE_OF_30.subject, version: 2, arn: '', name: RED },
            ...{ value: 'ALARM', at: iso(30), revision: 1 },
            changes: [
              {
                at: iso(30),
                value: 'ALARM',
                record: EPISODE_OF_30.sk,
                held: { because: 'asleep' },
              },
            ],
          },
        ],
      },
    }),
  ],
  [
    'it is muted since before',
    undefined,
    red(30, [{ ...EPISODE_OF_30, detail: { ...EPISODE_OF_30.detail, muted: mutedAt(10) } }], {
      messages: told(500),
    }),
  ],
  [
    'it is muted afterwards',
    17,
    red(30, [{ ...EPISODE_OF_30, detail: { ...EPISODE_OF_30.detail, muted: mutedAt(200) } }], {
      messages: told(500),
    }),
  ],
  [
    'its channel is quiet',
    undefined,
    red(30, [EPISODE_OF_30], { messages: told(500), teams: QUIET }),
  ],
  [
    'it notifies at any hour',
    17,
    red(30, [{ ...EPISODE_OF_30, detail: { ...EPISODE_OF_30.detail, severity: 'page' } }], {
      messages: told(500),
      teams: QUIET,
    }),
  ],
  [
    'Slack takes nothing',
    undefined,
    red(30, [EPISODE_OF_30], { messages: told(500), slackCalls: [{ at: at(31), taken: false }] }),
  ],
  [
    'the function died and was called again',
    undefined,
    red(30, [EPISODE_OF_30], {
      messages: told(150),
      invocations: [
        invocation({ at: at(31), outcome: 'error' }),
        invocation({ at: at(140), event: 'event-2' }),
      ],
    }),
  ],

  // 18
  [
    'an image is blamed although its tasks ran',
    18,
    trace({ items: { digests: [quarantine(NEW)] }, tasks: [task(NEW)] }),
  ],
  [
    'another image failed',
    18,
    trace({ items: { digests: [quarantine(NEW)] }, tasks: [task(OLD, { failed: true })] }),
  ],
  [
    'it failed',
    undefined,
    trace({ items: { digests: [quarantine(NEW)] }, tasks: [task(NEW, { failed: true })] }),
  ],
  [
    'a person stopped its deployment',
    undefined,
    trace({
      items: { digests: [quarantine(NEW)] },
      calls: [
        call('StopServiceDeployment', {
          by: 'person',
          input: { serviceDeploymentArn: `arn:service-deployment/${SERVICE}/1` },
        }),
      ],
    }),
  ],
  [
    'a person went back from it',
    undefined,
    trace({ items: { digests: [quarantine(NEW, 'recalled')] } }),
  ],
]

test.each(ROWS)('%s: violates %s', (_, violates, given) => {
  const numbers = violatedIn(given).map((text) => Number.parseInt(text, 10))
  expect(numbers).toEqual(violates === undefined ? [] : [violates])
})

it('says where, below the sentence', () => {
  expect(violatedIn(trace({ calls: [update(NEW)] }))).toEqual([
    `3. Per (service, digest, generation): one effective RegisterTaskDefinition and UpdateService; an answer that was lost may leave one unused revision.\n- UpdateService by ${EXECUTION}, which has not claimed the service`,
  ])
})

it('has a row on each side for every predicate', () => {
  const numbers = new Set(ROWS.map(([, violates]) => violates))
  expect(INVARIANTS.filter(({ number }) => !numbers.has(number))).toEqual([])
})

const QUEUED = call('SendMessage', {
  ...{ service: 'sqs', by: 'function', about: undefined as never },
  input: { QueueUrl: 'https://sqs/dev-notices' },
})
const killed = `${EPISODE}${alarm('dev-tell-slack-errors').subject} ${EPISODE}one`

test.each([
  ['the same', trace({ services: [service()] }), trace({ services: [service()] }), 0],
  ['at other moments', trace(), trace({ to: at(2000), calls: [call('DescribeServices')] }), 0],
  [
    'another image runs',
    trace({ services: [service()] }),
    trace({ services: [service({ running: [NEW] })] }),
    1,
  ],
  ['one more revision', trace(), trace({ calls: [call(REGISTER)] }), 1],
  [
    'another verdict',
    trace({ items: { records: [record()] } }),
    trace({ items: { records: [record({ verdict: 'failed' })] } }),
    1,
  ],
  [
    'one more message',
    trace({ messages: [message(KEY)] }),
    trace({ messages: [message(KEY), message(KEY)] }),
    1,
  ],
  [
    'the alarm of what was killed is told',
    trace({ messages: [message(KEY)] }),
    trace({ messages: [message(KEY), message(killed)] }),
    0,
  ],
])('two worlds, %s', (_, calm, disturbed, differences) => {
  const [comparison] = COMPARISONS
  expect(comparison?.differences(calm, disturbed)).toHaveLength(differences)
  expect(differentIn(calm, disturbed)).toHaveLength(differences)
})

const acted = (second: number, digest: string = NEW) =>
  trace({ calls: [update(digest, { at: at(second) })] })

test.each([
  ['the same', acted(10), acted(10), 0],
  ['some seconds later', acted(10), acted(40), 0],
  ['much later', acted(10), acted(100), 1],
  ['never', acted(10), trace(), 1],
  ['another image', acted(10), acted(10, OLD), 2],
  ['what is kept and queued differs', trace(), trace({ calls: [QUEUED] }), 0],
])('with and without Slack, %s', (_, up, down, differences) => {
  expect(differentIn(up, down, 'Slack down')).toHaveLength(differences === 0 ? 0 : 1)
  expect(actsTheSameWithoutSlack.differences(up, down)).toHaveLength(differences)
})
