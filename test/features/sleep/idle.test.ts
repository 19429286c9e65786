import { beforeAll, describe, expect, it } from 'vitest'
import { Acts } from '../../kits/acts.ts'
import { stateOf } from '../../kits/hands.ts'
import { expectInvariants } from '../../kits/invariants.ts'
import { Night, nightCatalog, UNUSED_WORKER } from '../../kits/nights.ts'
import { BROWSER, Visitors } from '../../kits/visitors.ts'

/** `web` is asked by people and needs `orders`, which has no requests of its own. */
const UNUSED = {
  'services/orders.yaml': 'team: ordering\nschedule: office-hours\nidle: 1h\n',
  'services/web.yaml':
    'kind: web\nteam: storefront\nroute: { path: /*, priority: 3 }\ndependsOn: [orders]\nschedule: office-hours\nidle: 1h\n',
}
const AWAKE = { orders: '1/1', web: '1/1' }
const ASLEEP = { orders: '0/0', web: '0/0' }

/** What people read of it, in the messages' order. */
const toldOf = ({ stage }: Night): string[] =>
  stage.simulation.slack.messages
    .filter(({ text }) => /uses it|is woken|stays awake/.test(text))
    .map(({ text }) => text)
    .toSorted()

describe('services that nobody asks', () => {
  let catalog: string
  beforeAll(() => {
    catalog = nightCatalog(UNUSED)
  })

  it('are told of half an hour before, sleep in order, and are woken by a visitor', async () => {
    const night = await Visitors.begin(catalog, ['orders', 'web'])
    const acts = new Acts(night.stage)
    await night.until('2026-03-02T11:02')
    expect(await night.sizes()).toEqual(AWAKE)
    expect(toldOf(night)).toEqual([
      'orders sleeps at 11:30: nobody uses it. Why: less than 1 % CPU since 10:02. Prices are list prices.',
      'web sleeps at 11:30: nobody uses it. Why: no request since 10:02. Prices are list prices.',
    ])
    expect(await acts.types('ann', 'why web')).toContain('if nobody uses it until then (no request')
    const calls = night.calls
    await night.until('2026-03-02T11:35')
    expect(await night.sizes()).toEqual(ASLEEP)
    expect(night.changes(calls)).toEqual(['UpdateService web', 'UpdateService orders'])
    expect(toldOf(night)).toEqual([
      'orders sleeps since 11:30, at the longest until Tue 3 Mar 07:00: nobody uses it. Why: less than 1 % CPU since 10:02.',
      'web sleeps since 11:30, at the longest until Tue 3 Mar 07:00: nobody uses it. Why: no request since 10:02.',
    ])
    expect(await acts.types('ann', 'why web')).toContain('it sleeps until somebody wakes it')
    expect(await acts.types('ann', 'status')).toMatch(/web.*asleep since .*, nobody uses it/)
    const page = await night.get('/shop', BROWSER)
    expect(page).toMatchObject({ status: 503, state: 'waking' })
    await night.until('2026-03-02T12:05')
    expect(await night.sizes()).toEqual(AWAKE)
    expect(await night.get('/shop', BROWSER)).toMatchObject({ status: 200, by: 'web' })
    expect(toldOf(night)).toEqual([
      'orders is woken. Why: web needs it: kept awake by a visitor until 13:35.',
      'web is woken. Why: kept awake by a visitor until 13:35.',
    ])
    expectInvariants(night.recording)
  })
})

describe('what is no service of the catalog, by its tag', () => {
  it('sleeps without connections or CPU, unless it is kept; a worker is judged by its queue', async () => {
    const night = await Night.open(nightCatalog(UNUSED_WORKER), ['mailer'])
    const { stage } = night
    const acts = new Acts(stage)
    const machine = await adopted(night)
    await night.until('2026-03-02T11:32')
    expect(toldOf(night)).toEqual([
      'database legacy sleeps at 12:00: nobody uses it. Why: no connection since 10:35. Prices are list prices.',
      `instance ${machine} sleeps at 12:00: nobody uses it. Why: less than 5 % CPU and 5 MB a day since 10:32. Prices are list prices.`,
    ])
    expect(await acts.types('ann', `keep instance/${machine} for 2h`)).toContain('Done')
    await night.until('2026-03-02T12:15')
    expect(await statusOf(night)).toBe('stopped')
    expect(await stateOf(night, machine)).toBe('running')
    expect(await night.sizes()).toEqual({ mailer: '1/1' })
    expect(toldOf(night)).toEqual([
      'database legacy sleeps since 12:01, at the longest until Mon 9 Mar 12:01: nobody uses it. Why: no connection since 10:35.',
      `instance ${machine} stays awake. Why: kept awake by ann@example.com until 13:32.`,
    ])
    expect(await acts.types('ann', 'wake database/legacy')).toContain('Done')
    await night.until('2026-03-02T12:17')
    expect(await statusOf(night)).toBe('starting')
    expectInvariants(night.recording)
  })
})

describe('what has no hours, though nobody is on time', () => {
  it('sleeps by the next sweep, once, also when its function dies', async () => {
    const always = { 'services/mailer.yaml': 'kind: worker\nteam: storefront\nidle: 1h\n' }
    const night = await Night.open(nightCatalog(always), ['mailer'])
    const { faults, lambda } = night.stage.simulation
    faults.set({ unfired: 1 })
    let reads = 0
    let deaths = 0
    lambda.killer = ({ function: name, operation, when }) => {
      if (!name.endsWith('-plan-sleep') || when === 'before') return false
      if (operation === 'GetMetricData') reads++
      // It has written that it sleeps, and nothing of what it has read.
      return operation === 'PutItem' && reads === 2 && deaths === 0 && ++deaths > 0
    }
    await night.until('2026-03-02T11:55')
    expect(deaths).toBe(1)
    expect(await night.sizes()).toEqual({ mailer: '0/0' })
    expect(night.changes().filter((one) => one === 'UpdateService mailer')).toHaveLength(1)
    expect(toldOf(night)).toHaveLength(1)
    expect(toldOf(night)[0]).toContain('at the longest until Mon 9 Mar')
    expectInvariants(night.recording)
  })
})

/** A database, an instance, and a queue of the worker whose message somebody works on. */
async function adopted(night: Night): Promise<string> {
  const { stage } = night
  const tags = {
    'caretaker:owner': 'storefront',
    'caretaker:schedule': 'always-on',
    'caretaker:idle': '1h',
  }
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
  const { Subnets } = await stage.call<{ Subnets: { SubnetId: string }[] }>(
    'ec2',
    'DescribeSubnets',
    {},
  )
  await stage.call('rds', 'CreateDBSubnetGroup', {
    ...{ DBSubnetGroupName: 'legacy', DBSubnetGroupDescription: 'Legacy' },
    SubnetIds: Subnets.map(({ SubnetId }) => SubnetId),
  })
  await stage.call('rds', 'CreateDBInstance', {
    ...{ DBInstanceIdentifier: 'legacy', DBInstanceClass: 'db.t4g.micro', Engine: 'postgres' },
    ...{ EngineVersion: '17', AllocatedStorage: 20, MasterUsername: 'postgres' },
    ...{ DBSubnetGroupName: 'legacy', ManageMasterUserPassword: true, Tags },
  })
  const { QueueUrl } = await stage.call<{ QueueUrl: string }>('sqs', 'CreateQueue', {
    ...{ QueueName: 'mails', tags: { 'caretaker:service': 'mailer' } },
    Attributes: { VisibilityTimeout: '43200' },
  })
  await stage.call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'a long mail' })
  await stage.call('sqs', 'ReceiveMessage', { QueueUrl })
  const { Instances } = await stage.call<{ Instances: { InstanceId: string }[] }>(
    'ec2',
    'RunInstances',
    {
      ...{ ImageId: 'ami-1', InstanceType: 't3.large', MinCount: 1, MaxCount: 1 },
      SubnetId: Subnets[0]?.SubnetId,
      TagSpecifications: [{ ResourceType: 'instance', Tags }],
    },
  )
  return Instances[0]?.InstanceId ?? ''
}

async function statusOf({ stage }: Night): Promise<string | undefined> {
  const { DBInstances } = await stage.call<{ DBInstances: { DBInstanceStatus: string }[] }>(
    'rds',
    'DescribeDBInstances',
    { DBInstanceIdentifier: 'legacy' },
  )
  return DBInstances[0]?.DBInstanceStatus
}
