import type { Call, Trace } from '../../local/invariants/trace.ts'
import { at, call, claimed, invocation, NEW, SERVICE, service, TAGS, trace } from './traces.ts'

/** Rows of what is and is not right about sleep, for the predicates' table. */

const RUN = 'arn:aws:states:eu-central-1:1:execution:dev-sleep:one'
const ID = `service/${SERVICE}`
const iso = (second: number): string => new Date(at(second)).toISOString()
const scheduled = service({ tags: { ...TAGS, 'caretaker:schedule': 'office-hours' } })

const stopped = { ...scheduled, desired: 0 }

/** 10:00 to 10:30 in Berlin, which is the first half hour of the trace. */
const SCHEDULES = {
  'office-hours': { running: [{ days: 'mon-fri', from: '09:00', to: '10:30' }] },
}

const counted = (second: number, desiredCount: number, parts: Partial<Call> = {}): Call =>
  call('UpdateService', {
    at: at(second),
    run: RUN,
    input: { desiredCount },
    about: scheduled,
    ...parts,
  })
const byHand = (second: number, desiredCount: number): Call =>
  counted(second, desiredCount, { by: 'person', run: '', name: 'ana' })

const TWO = { desired: 2, bounds: { min: 2, max: 3, suspended: false } }
const ONE = { desired: 1, bounds: { min: 2, max: 3, suspended: false } }
const sleeper = (second: number, parts: Partial<Trace['sleepers'][number]['sleeper']>) => ({
  at: at(second),
  id: ID,
  sleeper: {
    version: 2,
    revision: 1,
    rest: 'asleep' as const,
    since: iso(second),
    why: '',
    ...parts,
  },
})
const waking = sleeper(10, {
  captured: TWO,
  moving: { to: 'awake', since: iso(10), why: '', tries: 1 },
})
/** It went to sleep with two to three tasks, AWS was asked twice, and it wakes. */
const falling = (second: number, tries: number) =>
  sleeper(second, {
    rest: 'awake',
    captured: TWO,
    moving: { to: 'asleep', since: iso(5), why: '', tries },
  })
const bounded = (second: number, by: Call['by'], input: object): Call =>
  call('RegisterScalableTarget', {
    ...{ service: 'application-auto-scaling', at: at(second), by, run: by === 'person' ? '' : RUN },
    input: { ResourceId: ID, ...input },
    about: scheduled,
  })
const boundedTo = (max: number, calls: Call[], desired = 2, min = 2): Trace =>
  trace({
    calls,
    sleepers: [
      ...[falling(6, 1), falling(60, 2)],
      { ...waking, at: at(400) },
      sleeper(460, {
        rest: 'awake',
        last: { desired, bounds: { min, max, suspended: false } },
      }),
    ],
  })

/** Its hours begin again forty minutes after their end; a roll-out is under way until then. */
const nap = (second: number): Trace => {
  const begun = claimed(NEW)
  const { rolling: _, ...ended } = begun.state
  const later = { days: 'mon-fri', from: '11:10', to: '20:00' }
  const running = [...SCHEDULES['office-hours'].running, later]
  return trace({
    ...{ to: at(7200), services: [scheduled], calls: [], invocations: LOOKS },
    schedules: { 'office-hours': { running } },
    states: [begun, { ...begun, at: at(second), state: ended }],
  })
}

/** The look that everything is decided by. */
const LOOKS = [
  invocation({ function: 'dev-plan-sleep', execution: RUN, at: at(5), requestId: 'look' }),
]
const day = (calls: Call[], to = at(1000)): Trace =>
  trace({ to, services: [scheduled], schedules: SCHEDULES, calls, invocations: LOOKS })
const night = (calls: Call[]): Trace => day(calls, at(7200))
const read = (outcome: string): Call =>
  call('DescribeServices', {
    ...{ at: at(5), by: 'function', name: 'dev-plan-sleep', run: 'look', outcome },
    about: undefined as never,
  })

const batch = (pk: string): Call => ({
  ...read('ok'),
  ...{ service: 'dynamodb', operation: 'BatchGetItem', partial: true },
  input: { RequestItems: { 'dev-caretaker': { Keys: [{ pk: { S: pk } }] } } },
})
const off = (from: number, until: number) => ({
  ...{ service: 'caretaker', from: at(from), until: at(until) },
})
/** It begins while the service has had no image yet. */
const LATER = { running: [{ days: 'mon-fri', from: '10:30', to: '20:00' }] }
const again = (times: number) =>
  Array.from({ length: times }, (_, place) =>
    sleeper(100 * place, {
      ...{ rest: 'awake', last: TWO },
      moving: { to: 'awake', since: iso(100 * place), why: '', tries: 1 },
    }),
  )
const user = service({ service: 'dev-frontend/web', tags: {} })
const onItsWay = (second: number): Trace =>
  trace({
    to: at(3600),
    sleepers: [sleeper(10, { moving: { to: 'awake', since: iso(second), why: '', tries: 1 } })],
  })

type Row = [what: string, violates: number | undefined, trace: Trace]

export const SLEEP_ROWS: Row[] = [
  // 5
  [
    'it wakes smaller than it was',
    5,
    trace({ sleepers: [waking, sleeper(60, { rest: 'awake', last: ONE })] }),
  ],
  [
    'it wakes as it was',
    undefined,
    trace({ sleepers: [waking, sleeper(60, { rest: 'awake', last: TWO })] }),
  ],
  [
    'a size of nothing is captured',
    5,
    trace({ sleepers: [sleeper(10, { captured: { desired: 0 } })] }),
  ],

  [
    'with bounds that a person has set while it went to sleep',
    undefined,
    boundedTo(6, [bounded(20, 'person', { MaxCapacity: 6 })]),
  ],
  [
    'without those that a person has set',
    5,
    boundedTo(3, [bounded(20, 'person', { MaxCapacity: 6 })]),
  ],
  ['with others that nobody has set', 5, boundedTo(6, [])],
  [
    'with the tasks that a minimum has started, which a person has lowered again',
    undefined,
    boundedTo(
      6,
      [
        bounded(20, 'person', { MinCapacity: 3, MaxCapacity: 6 }),
        bounded(90, 'person', { MinCapacity: 1, MaxCapacity: 6 }),
      ],
      3,
      1,
    ),
  ],
  [
    'with more tasks than any minimum has started',
    5,
    boundedTo(6, [bounded(20, 'person', { MinCapacity: 1, MaxCapacity: 6 })], 3, 1),
  ],
  [
    'without those that were set in the moment of its own call',
    undefined,
    boundedTo(3, [
      bounded(20, 'person', { MaxCapacity: 6 }),
      bounded(21, 'machine', { MinCapacity: 0 }),
    ]),
  ],

  // 6
  ['it is awake long after the end of its hours', 6, night([])],
  ['it sleeps after them', undefined, night([counted(1860, 0)])],
  ['it is awake through a sleep of forty minutes', 6, nap(600)],
  ['a roll-out has held it until half an hour before its start', undefined, nap(2200)],
  [
    'Caretaker was switched off at that time',
    undefined,
    { ...night([]), outages: [off(1700, 2000)] },
  ],
  ['it was switched on long before', 6, { ...night([]), outages: [off(100, 900)] }],
  [
    'its first image comes after its hours',
    undefined,
    trace({
      ...{ to: at(7200), services: [scheduled], invocations: LOOKS },
      schedules: { 'office-hours': LATER },
      calls: [{ ...byHand(6000, 1), about: { ...stopped, placeholder: true } }],
    }),
  ],
  [
    'a service that needs it is awake',
    undefined,
    {
      ...night([{ ...byHand(100, 1), about: { ...user, desired: 0 } }]),
      ...{ services: [scheduled, user], dependsOn: { orders: [], web: ['orders'] } },
    },
  ],
  [
    'it was given its schedule later',
    undefined,
    night([
      call('TagResource', {
        ...{ at: at(5000), by: 'person', run: '', about: undefined as never },
        input: { resourceArn: scheduled.arn, tags: [{ key: 'caretaker:schedule', value: 'x' }] },
      }),
    ]),
  ],
  ['it has been on its way for two hours', 6, onItsWay(-3600)],
  ['it is on its way', undefined, onItsWay(3000)],
  ['it is woken again and again while it is awake', 6, trace({ sleepers: again(7) })],
  ['it is woken a second time', undefined, trace({ sleepers: again(2) })],
  [
    'it is awake and may not be scaled',
    6,
    trace({
      sleepers: [
        sleeper(10, {
          rest: 'awake',
          last: { desired: 2, bounds: { min: 2, max: 3, suspended: true } },
        }),
      ],
    }),
  ],
  [
    'its size is still kept',
    6,
    trace({ sleepers: [sleeper(10, { rest: 'awake', captured: TWO })] }),
  ],
  [
    'that waits for what somebody has stopped',
    undefined,
    trace({
      sleepers: [
        sleeper(10, { rest: 'awake', captured: TWO }),
        {
          ...sleeper(20, { hand: { to: 'asleep', at: iso(20) } }),
          id: 'database/dev-payments-database',
        },
      ],
    }),
  ],

  // 7
  ['what a person has stopped is started again', 7, day([byHand(10, 0), counted(400, 1)])],
  ['it is left alone', undefined, day([byHand(10, 0)])],
  [
    'it was started again before anybody looked, and sleeps',
    undefined,
    night([{ ...byHand(1900, 0) }, { ...byHand(1920, 1), about: stopped }, counted(2400, 0)]),
  ],
  [
    'somebody has looked in between',
    7,
    night([
      byHand(1900, 0),
      { ...read('ok'), at: at(1910), input: { services: [scheduled.arn] } },
      { ...byHand(1920, 1), about: stopped },
      counted(2400, 0),
    ]),
  ],

  // 10
  [
    'it is put to sleep on a read that failed',
    10,
    night([read('ThrottlingException'), counted(1860, 0)]),
  ],
  ['what keeps it was read in part', 10, night([batch('sleep'), counted(1860, 0)])],
  [
    'what was told of the night was read in part',
    undefined,
    night([batch('night#ordering'), counted(1860, 0)]),
  ],
]
