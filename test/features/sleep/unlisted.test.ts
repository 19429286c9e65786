import { beforeAll, describe, expect, it, test } from 'vitest'
import type { Sleeper } from '../../../domain/table/sleeper.ts'
import { gather, type Sources } from '../../../functions/shared/sleep/gather.ts'
import type { Kept } from '../../../functions/shared/sleep/kept.ts'
import { DATABASE } from '../../kits/hands.ts'
import { Night, nightCatalog } from '../../kits/nights.ts'

type Answer = (input: Record<string, unknown>) => object
const client = (answers: Record<string, Answer>) => ({
  send: async (command: { constructor: { name: string }; input: Record<string, unknown> }) =>
    answers[command.constructor.name.replace(/Command$/, '')]?.(command.input) ?? {},
})
const failing = (name: string) => () => {
  throw Object.assign(new Error(name), { name })
}

const TAGS = [{ Key: 'caretaker:schedule', Value: 'office-hours' }]
const database = (tags: object[]) => ({
  DBInstances: [
    {
      DBInstanceIdentifier: 'orders',
      DBInstanceStatus: 'stopped',
      TagList: tags,
      DBInstanceArn: 'x',
    },
  ],
})
const service = (tags: { key: string; value: string }[]) => ({
  services: [
    {
      ...{ serviceArn: 'arn:aws:ecs:eu-central-1:1:service/dev/orders', status: 'ACTIVE', tags },
      ...{ desiredCount: 0, runningCount: 0, pendingCount: 0 },
    },
  ],
})
const OWN = [{ key: 'caretaker:schedule', value: 'office-hours' }]

const SLEEPER: Sleeper = {
  ...{ version: 2, revision: 1, rest: 'asleep', since: '2026-03-02T19:00:00.000Z', why: 'night' },
}

/** What a look sees of one resource that is kept, while lists show nothing: not even that it is there. */
async function looks(id: string, answers: Record<string, Answer>) {
  const one = client({
    DescribeDBInstances: ({ DBInstanceIdentifier }) =>
      DBInstanceIdentifier === undefined ? { DBInstances: [] } : {},
    ...answers,
  })
  const sources = {
    ...{ tagging: one, ecs: one, ec2: one, rds: one, groups: one, scaling: one, balancing: one },
    table: { client: one, name: 'table' },
    catalog: { environment: 'dev', services: {} },
    failed: () => {},
    pause: async () => {},
  } as unknown as Sources
  const kept: Kept = {
    ...{ sleepers: new Map([[id, SLEEPER]]), overrides: [], unreadable: new Set() },
    state: { version: 2, execution: '', asked: 0, armed: [] },
  }
  const { seen, gone, untagged, away, unread } = await gather(sources, kept)
  return { seen: seen.map((each) => `${each.id} ${each.phase}`), gone, untagged, away, unread }
}

const NOTHING = { seen: [], gone: [], untagged: [], away: [], unread: undefined }
const ID = { service: 'service/dev/orders', database: 'database/orders', instance: 'instance/i-1' }

describe('what no list shows is what its own read says', () => {
  test.each<[string, string, Record<string, Answer>, object]>([
    [
      'a service that is there',
      ID.service,
      { DescribeServices: () => service(OWN) },
      { seen: [`${ID.service} down`] },
    ],
    [
      'a service that carries no schedule',
      ID.service,
      { DescribeServices: () => service([]) },
      { untagged: [ID.service] },
    ],
    [
      'a service that ECS does not know',
      ID.service,
      { DescribeServices: () => ({ services: [], failures: [{ reason: 'MISSING' }] }) },
      { gone: [ID.service] },
    ],
    [
      'a service that ECS says nothing of',
      ID.service,
      { DescribeServices: () => ({ services: [] }) },
      { unread: `${ID.service} cannot be read` },
    ],
    [
      'a database that the list of RDS leaves out',
      ID.database,
      {
        DescribeDBInstances: ({ DBInstanceIdentifier }) =>
          DBInstanceIdentifier === 'orders' ? database(TAGS) : { DBInstances: [] },
      },
      { seen: [`${ID.database} down`] },
    ],
    [
      'a database that is deleted',
      ID.database,
      { DescribeDBInstances: failing('DBInstanceNotFoundFault') },
      { gone: [ID.database] },
    ],
    [
      'a database that cannot be read',
      ID.database,
      { DescribeDBInstances: failing('ThrottlingException') },
      { unread: `${ID.database} cannot be read` },
    ],
    [
      'an instance that never was',
      ID.instance,
      { DescribeInstances: failing('InvalidInstanceID.NotFound') },
      { gone: [ID.instance] },
    ],
    // It is found by its id in any state that is not the end.
    ['an instance that is terminated', ID.instance, {}, { gone: [ID.instance] }],
    ['a group that is deleted', 'group/web', {}, { gone: ['group/web'] }],
    [
      'a service of another environment',
      ID.service,
      { DescribeServices: () => service([{ key: 'caretaker:environment', value: 'test' }]) },
      { away: [ID.service] },
    ],
    [
      'a group of another environment',
      'group/web',
      {
        DescribeAutoScalingGroups: ({ AutoScalingGroupNames: named }) => ({
          AutoScalingGroups:
            named === undefined
              ? []
              : [{ Tags: [{ Key: 'caretaker:environment', Value: 'test' }] }],
        }),
      },
      { away: ['group/web'] },
    ],
  ])('%s', async (_, id, answers, found) => {
    expect(await looks(id, answers)).toEqual({ ...NOTHING, ...found })
  })
})

const SERVICES = {
  'services/payments.yaml': 'team: ordering\ndatabase: own\nschedule: nap\n',
  'services/mailer.yaml': 'kind: worker\nteam: storefront\nschedule: nap\n',
}

describe('while it sleeps, from 10:40 to 11:20,', () => {
  let catalog: string
  beforeAll(() => {
    catalog = nightCatalog(SERVICES)
  })

  it('somebody takes a tag away, and deletes a service: told, and what is gone is forgotten', async () => {
    const start = new Date('2026-03-02T09:00:00Z')
    const night = await Night.open(catalog, ['payments', 'mailer'], start)
    const { stage } = night
    await night.until('2026-03-02T10:52')
    expect(await night.sizes()).toEqual({ payments: '0/0', mailer: '0/0' })
    const { account, region } = stage.simulation.aws
    await stage.call('rds', 'RemoveTagsFromResource', {
      ResourceName: `arn:aws:rds:${region}:${account}:db:${DATABASE}`,
      TagKeys: ['caretaker:schedule'],
    })
    await stage.call('ecs', 'DeleteService', { cluster: 'dev-backend', service: 'mailer' })
    await night.until('2026-03-02T11:15')
    expect(night.sleeper('service/dev-backend/mailer')).toBeUndefined()
    const said = stage.simulation.slack.messages.filter(({ text }) => text.includes('nobody wakes'))
    expect(said.map(({ text }) => text)).toEqual([
      expect.stringMatching(
        new RegExp(
          `^${DATABASE} \\(database\\) sleeps.*aws rds start-db-instance --db-instance-identifier ${DATABASE}`,
        ),
      ),
    ])
    const calls = night.calls
    await night.until('2026-03-02T11:35')
    expect(night.changes(calls)).toEqual(['UpdateService payments'])
  })

  it('another environment has a service for a while: it wakes as large as it was', async () => {
    const own = nightCatalog({
      'services/mailer.yaml':
        'kind: worker\nteam: storefront\nschedule: nap\nscaling: { min: 2, max: 4 }\n',
    })
    const night = await Night.open(own, ['mailer'], new Date('2026-03-02T09:00:00Z'))
    const { stage } = night
    const { account, region } = stage.simulation.aws
    const resourceArn = `arn:aws:ecs:${region}:${account}:service/dev-backend/mailer`
    const isOf = (value: string) =>
      stage.call('ecs', 'TagResource', {
        ...{ resourceArn, tags: [{ key: 'caretaker:environment', value }] },
      })
    await night.until('2026-03-02T10:50')
    await isOf('test')
    await night.until('2026-03-02T11:00')
    await isOf('dev')
    await night.until('2026-03-02T11:35')
    const { ScalableTargets } = await stage.call<{ ScalableTargets: object[] }>(
      'application-auto-scaling',
      'DescribeScalableTargets',
      { ServiceNamespace: 'ecs', ResourceIds: ['service/dev-backend/mailer'] },
    )
    expect(await night.sizes()).toEqual({ mailer: '2/2' })
    expect(ScalableTargets).toEqual([
      expect.objectContaining({
        ...{ MinCapacity: 2, MaxCapacity: 4 },
        SuspendedState: expect.objectContaining({ DynamicScalingInSuspended: false }),
      }),
    ])
  })
})
