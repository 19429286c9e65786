import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { movesOf } from '../../../domain/sleep/calls.ts'
import {
  type Facts,
  groupRefusal,
  isHeld,
  phaseOf,
  toResume,
  toSuspend,
} from '../../../domain/sleep/groups.ts'
import type { Member, Rest, Seen, Size } from '../../../domain/sleep/resource.ts'
import { begun, refused, settled } from '../../../domain/sleep/settle.ts'
import { stepsOf } from '../../../domain/sleep/steps.ts'
import type { Sleeper } from '../../../domain/table/sleeper.ts'
import { type GroupSources, seeGroups } from '../../../functions/shared/sleep/groups.ts'
import { PROCESSES } from '../../../local/aws/auto-scaling/model.ts'

const NOW = new Date('2026-03-02T19:00:00.000Z')
const ALL = toSuspend([])

const member = (id: string, more: Partial<Member> = {}): Member => ({
  ...{ id, state: 'running', isSpot: false, losesData: false, isTagged: true },
  ...more,
})
const of = (...states: Member['state'][]) => states.map((state, at) => member(`i-${at}`, { state }))

describe('what a group does by itself', () => {
  it('is resumed exactly as far as it was not suspended before', () => {
    fc.assert(
      fc.property(fc.subarray([...PROCESSES]), (before) => {
        const asleep = [...before, ...toSuspend(before)]
        expect(isHeld(asleep)).toBe(true)
        const resumed = toResume(asleep, before)
        expect(asleep.filter((name) => !resumed.includes(name)).toSorted()).toEqual(
          before.toSorted(),
        )
      }),
    )
  })

  it('never stops making new instances targets of the load balancer', () => {
    expect(ALL).not.toContain('AddToLoadBalancer')
  })
})

const calm = { isWaking: false, isHealthy: true }
test.each<[Member['state'][], Parameters<typeof phaseOf>[1], Seen['phase']]>([
  [['running', 'running'], calm, 'up'],
  [['running', 'stopping'], calm, 'falling'],
  [['stopped', 'stopped'], calm, 'down'],
  [[], calm, 'down'],
  [['running', 'stopped'], calm, 'up'],
  [['running', 'stopped'], { ...calm, isWaking: true }, 'down'],
  [['running', 'pending'], { ...calm, isWaking: true }, 'rising'],
  [['running', 'running'], { isWaking: true, isHealthy: false }, 'rising'],
])('a held group of %j, %j, is %s', (states, how, phase) => {
  expect(phaseOf(of(...states), how)).toBe(phase)
})

const stopped: Facts = { instances: 'stopped', isManaged: false, warmPool: undefined, members: [] }
test.each<[string | undefined, Partial<Facts>]>([
  [undefined, { members: [member('i-1')] }],
  [undefined, { instances: undefined, members: [member('i-1', { isSpot: true })] }],
  [undefined, { warmPool: 'Stopped' }],
  [
    'its tag caretaker:instances is "halted"; allowed are ended and stopped',
    { instances: 'halted' },
  ],
  ['a capacity provider of ECS', { isManaged: true }],
  ['its warm pool keeps instances running', { warmPool: 'Running', instances: undefined }],
  ['its i-2 is a Spot instance', { members: [member('i-1'), member('i-2', { isSpot: true })] }],
  [
    'its i-1 would lose what is on its instance store',
    { members: [member('i-1', { losesData: true })] },
  ],
  ['its i-1 does not carry caretaker:schedule', { members: [member('i-1', { isTagged: false })] }],
])('says "%s" of %j', (words, facts) => {
  const said = groupRefusal({ ...stopped, ...facts })
  if (words === undefined) expect(said).toBeUndefined()
  else expect(said).toContain(words)
})

const seenAs = (phase: Seen['phase'], members: Member[], processes: string[] = []): Seen => ({
  ...{ id: 'group/runners', kind: 'group', name: 'runners', owner: 'platform' },
  ...{ schedule: 'office-hours', order: 1, phase, members, size: { desired: 2, processes } },
})
const awake: Sleeper = {
  ...{ version: 1, revision: 1, rest: 'awake', since: '2026-03-02T06:00:00.000Z', why: '' },
}
const moving = (to: Rest, seen: Seen, kept = awake, error?: string): Sleeper => {
  const begin = begun({ seen, kept }, to, 'night', NOW)
  return {
    ...begin,
    moving: { to, since: NOW.toISOString(), why: '', tries: 1, ...(error && { error }) },
  }
}
/** `StopInstances i-0 i-1`, by move. */
const callsOf = (seen: Seen, kept: Sleeper, to: Rest): string[][] =>
  movesOf([{ known: { seen, kept, want: { to, reason: '' } }, to }]).map(({ calls }) =>
    calls.map((one) => {
      const { InstanceIds, ScalingProcesses } = one.arguments as Record<string, string[]>
      return [one.call, ...(InstanceIds ?? ScalingProcesses ?? [])].join(' ')
    }),
  )

describe('the calls of a group whose instances are stopped', () => {
  const PERSON = ['AZRebalance']
  const held = [...ALL].toSorted()
  const up = seenAs('up', of('running', 'running'), PERSON)
  const asleep = moving('asleep', up)

  it('suspend all that it does by itself, then stop them; its size is kept before', () => {
    expect(asleep.captured).toEqual({ desired: 2, bounds: undefined, processes: PERSON })
    const rest = ALL.filter((name) => name !== 'AZRebalance').join(' ')
    expect(callsOf(up, asleep, 'asleep')).toEqual([
      [`SuspendProcesses ${rest}`, 'StopInstances i-0 i-1'],
    ])
  })

  it('are made again for what still runs, and not once all is held and stopped', () => {
    const half = seenAs('up', of('running', 'stopped'), held)
    expect(callsOf(half, asleep, 'asleep')).toEqual([['StopInstances i-0']])
    const down = seenAs('down', of('stopped', 'stopped'), held)
    expect(settled({ seen: down, kept: asleep }, undefined, NOW)).toMatchObject({ rest: 'asleep' })
  })

  it('start them, and resume what was not suspended before once all are healthy', () => {
    const down = seenAs('down', of('stopped', 'stopped'), held)
    const kept = moving('awake', down, settled({ seen: down, kept: asleep }, undefined, NOW))
    expect(callsOf(down, kept, 'awake')).toEqual([['StartInstances i-0 i-1']])
    const back = seenAs('up', of('running', 'running'), held)
    expect(settled({ seen: back, kept }, undefined, NOW).moving).toBeDefined()
    const rest = ALL.filter((name) => name !== 'AZRebalance').join(' ')
    expect(callsOf(back, kept, 'awake')).toEqual([[`ResumeProcesses ${rest}`]])
    expect(settled({ seen: up, kept }, undefined, NOW)).toMatchObject({
      ...{ rest: 'awake', last: { desired: 2, processes: PERSON } },
    })
  })

  it('ask for each by itself after a refusal, and go on asking', () => {
    const down = seenAs('down', of('stopped', 'running', 'stopped'), held)
    const kept = moving('awake', down, { ...awake, rest: 'asleep' }, 'Insufficient capacity.')
    expect(callsOf(down, kept, 'awake')).toEqual([['StartInstances i-0'], ['StartInstances i-2']])
    const cause = 'may not be stopped (Service: Ec2, Status Code: 400, Request ID: 1)'
    const after = refused(kept, { of: ['group/runners'], error: 'Ec2.Ec2Exception', cause }, NOW)
    expect(after.moving?.never).toBe(false)
  })

  it('wait while its instances are on their way to the other end', () => {
    const due = (seen: Seen, to: Rest) => {
      const kept = { ...moving(to, seen), rest: to === 'awake' ? 'asleep' : 'awake' } as const
      return stepsOf([{ seen, kept, want: { to, reason: '' } }], new Map(), NOW).due.length
    }
    expect(due(seenAs('falling', of('stopping', 'running'), held), 'awake')).toBe(0)
    expect(due(seenAs('rising', of('pending', 'running'), held), 'asleep')).toBe(0)
  })

  it('never take what is suspended for the night for what was before', () => {
    const half = seenAs('up', of('running', 'running'), held)
    expect(moving('asleep', half, asleep).captured?.processes).toEqual(PERSON)
    const known = { ...awake, last: { desired: 2, processes: [] } }
    expect(moving('asleep', half, known).captured?.processes).toEqual([])
  })
})

describe('a group as AWS has it', () => {
  const named = { AutoScalingGroupName: 'runners', DesiredCapacity: 1, MinSize: 1, MaxSize: 2 }
  const instance = { InstanceId: 'i-1', LifecycleState: 'InService', InstanceType: 't3.large' }
  const tags = (instances?: string) => [
    { Key: 'caretaker:schedule', Value: 'office-hours' },
    ...(instances === undefined ? [] : [{ Key: 'caretaker:instances', Value: instances }]),
  ]
  const SUSPENDED = ALL.map((ProcessName) => ({ ProcessName }))

  /** AWS's answers, by the command's name. */
  const sources = (group: object, answers: Record<string, object> = {}): GroupSources => {
    const send = ({ constructor: { name } }: object) =>
      Promise.resolve(
        {
          DescribeAutoScalingGroupsCommand: {
            AutoScalingGroups: [
              { ...named, Instances: [instance], ...group },
            ] as AutoScalingGroup[],
          },
          DescribeInstancesCommand: {
            Reservations: [
              {
                Instances: [
                  {
                    ...{ InstanceId: 'i-1', InstanceType: 't3.large', State: { Name: 'running' } },
                    Tags: [...tags(), { Key: 'aws:autoscaling:groupName', Value: 'runners' }],
                  },
                ],
              },
            ],
          },
          DescribeInstanceTypesCommand: { InstanceTypes: [] },
          DescribeInstanceStatusCommand: {
            InstanceStatuses: [
              { InstanceStatus: { Status: 'ok' }, SystemStatus: { Status: 'ok' } },
            ],
          },
          ...answers,
        }[name],
      )
    return { groups: { send }, ec2: { send }, balancing: { send } } as unknown as GroupSources
  }
  const look = async (group: object, answers?: Record<string, object>, kept?: Partial<Sleeper>) => {
    const known = new Map(kept ? [['group/runners', { ...awake, ...kept }]] : [])
    const [seen] = await seeGroups(sources(group, answers), 'dev', known)
    return seen
  }
  const waking = {
    moving: { to: 'awake' as const, since: '', why: '', tries: 1 },
    captured: { desired: 1, processes: [] } as Size,
  }
  const held = { Tags: tags('stopped'), SuspendedProcesses: SUSPENDED }
  const health = (State: string) => ({
    DescribeTargetHealthCommand: {
      TargetHealthDescriptions: [{ Target: { Id: 'i-1' }, TargetHealth: { State } }],
    },
  })
  const balanced = { ...held, HealthCheckType: 'ELB', TargetGroupARNs: ['arn:target-group'] }
  const checking = {
    DescribeInstanceStatusCommand: {
      InstanceStatuses: [
        { InstanceStatus: { Status: 'initializing' }, SystemStatus: { Status: 'ok' } },
      ],
    },
  }

  test.each<[string, object, Record<string, object> | undefined, Seen['phase']]>([
    ['EC2’s checks have passed', held, undefined, 'up'],
    ['EC2 still checks it', held, checking, 'rising'],
    ['its load balancer sends requests', balanced, health('healthy'), 'up'],
    ['its load balancer does not yet', balanced, health('initial'), 'rising'],
  ])('that wakes and %s', async (_, group, answers, phase) => {
    expect(await look(group, answers, waking)).toMatchObject({ phase })
  })

  it('goes on in the way in which it was put to sleep, whatever its tag says since', async () => {
    const changed = await look({ Tags: tags('ended'), SuspendedProcesses: SUSPENDED }, {}, waking)
    expect(changed?.members).toHaveLength(1)
    const other = await look({ Tags: tags('stopped') }, {}, { captured: { desired: 1 } })
    expect(other?.members).toBeUndefined()
    const unread = await look({ Tags: tags('halted') }, {}, { captured: { desired: 1 } })
    expect(unread?.refuses).toBeUndefined()
    expect(await look({ Tags: tags('halted') })).toMatchObject({
      refuses: expect.stringContaining('halted'),
    })
  })

  it('has what its warm pool holds back not yet', async () => {
    const warm = { ...instance, LifecycleState: 'Warmed:Stopped' }
    expect(await look({ Tags: tags(), DesiredCapacity: 0, Instances: [warm] })).toMatchObject({
      phase: 'down',
    })
  })
})
