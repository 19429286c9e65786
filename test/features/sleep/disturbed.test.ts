import { beforeAll, describe, expect, it, test } from 'vitest'
import { violatedIn } from '../../../local/invariants/all.ts'
import { Acts } from '../../kits/acts.ts'
import { boundsIn, type Disturbance, type Nap, nap, sizesIn, until } from '../../kits/naps.ts'
import { NAPPERS, nightCatalog } from '../../kits/nights.ts'
import type { Stage } from '../../kits/roll-outs.ts'

let catalog: string
beforeAll(() => {
  catalog = nightCatalog(NAPPERS)
})

/** The machine is started for an edge, as the clock does it. */
const start = async (stage: Stage): Promise<void> => {
  const { aws } = stage.simulation
  await stage.call('sfn', 'StartExecution', {
    stateMachineArn: aws.arn('states', 'stateMachine:dev-sleep'),
    input: '{}',
  })
}

const DISTURBANCES: readonly [string, Disturbance][] = [
  ['no schedule fires', { before: ({ simulation }) => simulation.faults.set({ unfired: 1 }) }],
  [
    'every event is lost or comes twice',
    { before: ({ simulation }) => simulation.faults.set({ lose: 1, duplicate: 1 }) },
  ],
  [
    'the machine is started thrice for each edge',
    {
      during: async (stage) => {
        for (const edge of ['10:40:01', '11:20:01']) {
          await until(stage, edge)
          await Promise.all([start(stage), start(stage), start(stage)])
        }
      },
    },
  ],
  [
    'somebody wakes it while it falls asleep',
    {
      during: async (stage) => {
        await until(stage, '10:40:20')
        await new Acts(stage).types('bob', 'wake orders')
      },
    },
  ],
  [
    'it is put to sleep again as soon as it has woken, and woken again',
    {
      during: async (stage) => {
        await until(stage, '11:33')
        await new Acts(stage).types('bob', 'sleep orders for 31 min')
        await until(stage, '12:16')
      },
    },
  ],
]

/** Somebody starts it with three tasks; the next look is after its edge. */
const STARTED: readonly [string, string][] = [
  ['just before it is due', '11:19:50'],
  ['while it sleeps', '11:02'],
]

test.each(STARTED)('what somebody starts by hand %s is scaled again', async (_, time) => {
  const started = await nap(catalog, {
    during: async (stage) => {
      await until(stage, time)
      const service = { cluster: 'dev-backend', service: 'orders' }
      await stage.call('ecs', 'UpdateService', { ...service, desiredCount: 3 })
    },
  })
  expect(violatedIn(started.trace).join('\n\n')).toBe('')
  expect(boundsIn(started)).toEqual({ min: 3, max: 4, suspended: false })
})

const BOUNDS = {
  ServiceNamespace: 'ecs',
  ScalableDimension: 'ecs:service:DesiredCount',
  ResourceId: 'service/dev-backend/orders',
}

const DATABASE = { DBInstanceIdentifier: 'dev-payments-database' }

/** Lets time pass by the second until the database has stopped. */
async function stopped(stage: Stage): Promise<void> {
  type Answer = { DBInstances: { DBInstanceStatus: string }[] }
  const status = async () => {
    const { DBInstances } = await stage.call<Answer>('rds', 'DescribeDBInstances', DATABASE)
    return DBInstances[0]?.DBInstanceStatus
  }
  while ((await status()) !== 'stopped') await stage.simulation.world.run(1000)
}

describe('what a person does while it falls asleep', () => {
  let disturbed: Nap
  beforeAll(async () => {
    disturbed = await nap(catalog, {
      during: async (stage) => {
        await until(stage, '10:40:20')
        await stage.call('application-auto-scaling', 'RegisterScalableTarget', {
          ...{ ...BOUNDS, MinCapacity: 5, MaxCapacity: 6 },
        })
        await stopped(stage)
        await stage.call('rds', 'StartDBInstance', DATABASE)
      },
    })
    expect(violatedIn(disturbed.trace).join('\n\n')).toBe('')
  })

  it('to the bounds of what is held down already is kept for the morning, and told', () => {
    expect(boundsIn(disturbed)).toEqual({ min: 5, max: 6, suspended: false })
    expect(sizesIn(disturbed)).toMatchObject({ 'dev-backend/orders': 5 })
    const texts = disturbed.trace.messages.map(({ text }) => text).join('\n')
    expect(texts).toContain('changed from 3–4 to 5–6')
  })

  it('to a database, before any look has seen it stopped, holds until the next edge', () => {
    const stops = disturbed.trace.calls.filter(({ operation }) => operation === 'StopDBInstance')
    expect(stops.map(({ by }) => by)).toEqual(['machine'])
  })
})

describe('a nap ends with the sizes it began with, and all that must hold holds,', () => {
  it.each(DISTURBANCES)('when %s', async (_, disturbance) => {
    const disturbed = await nap(catalog, disturbance)
    expect(violatedIn(disturbed.trace).join('\n\n')).toBe('')
    expect(sizesIn(disturbed)).toEqual({ 'dev-backend/orders': 3, 'dev-backend/payments': 1 })
    expect(boundsIn(disturbed)).toEqual({ min: 3, max: 4, suspended: false })
  })
})
