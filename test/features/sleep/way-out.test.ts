import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling'
import type { Reservation, RouteTable } from '@aws-sdk/client-ec2'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectInvariants } from '../../kits/invariants.ts'
import { EVENING, Night, nightCatalog } from '../../kits/nights.ts'
import { Stage } from '../../kits/roll-outs.ts'

/** A service with a database, and one that calls it; what goes out goes through an instance. */
const SERVICES = {
  'services/products.yaml': 'team: storefront\nport: 8080\ndatabase: own\nschedule: office-hours\n',
  'services/orders.yaml':
    'team: ordering\nport: 8080\ndependsOn: [products]\nschedule: office-hours\n',
}
const NAMES = ['products', 'orders']
const AWAKE = { products: '1/1', orders: '1/1' }
const ASLEEP = { products: '0/0', orders: '0/0' }

let catalog: string
beforeAll(() => {
  catalog = nightCatalog(SERVICES, 'act', 'nat: instance\n')
})

const open = () => Night.open(catalog, NAMES, EVENING)

/** Auto Scaling says so when the lifecycle hook is completed. */
const IN_SERVICE = 'EC2 Instance Launch Successful'

/** What tasks and instances come to, from now on, by the minute. */
class Watch {
  readonly seen: { at: number; what: string; why: string }[] = []

  constructor({ simulation: { aws } }: Stage) {
    aws.onEvent(({ source, detail, detailType }) => {
      const at = aws.world.now
      if (source === 'aws.ecs' && detail.lastStatus !== undefined) {
        const why = String(detail.stoppedReason ?? '')
        this.seen.push({ at, what: `task ${detail.lastStatus}`, why })
      }
      if (source === 'aws.autoscaling') this.seen.push({ at, what: detailType, why: '' })
      if (source === 'aws.ec2') this.seen.push({ at, what: `instance ${detail.state}`, why: '' })
    })
  }

  /** The first or last moment of something. */
  first = (what: string): number => this.seen.find((one) => one.what === what)?.at ?? Number.NaN
  last = (what: string): number => this.seen.findLast((one) => one.what === what)?.at ?? Number.NaN

  /** Why tasks could not begin. */
  get lost(): string[] {
    return this.seen.map(({ why }) => why).filter((why) => why.includes('CannotPull'))
  }

  count = (what: string): number => this.seen.filter((one) => one.what === what).length
}

describe('an instance as the way out to the internet', () => {
  it('is there before the first images are pulled', async () => {
    const stage = await Stage.open({ catalog })
    expect(await instances(stage)).toEqual(['InService'])
    expect(await routes(stage)).toEqual(['active', 'active'])
    const watch = new Watch(stage)
    for (const name of NAMES) stage.push({ behaviour: 'healthy' }, name)
    await stage.minutes(30)
    expect(watch.lost).toEqual([])
    expect(NAMES.map((name) => stage.verdicts(name))).toEqual([['deployed'], ['deployed']])
  })

  it('sleeps last, after the last task has drained, and wakes first', async () => {
    const night = await open()
    night.stage.push({ behaviour: 'healthy', shutdown: 110 }, 'products')
    await night.until('2026-03-02T19:59')
    const calls = night.calls
    const evening = new Watch(night.stage)
    await night.until('2026-03-02T20:40')
    expect(await night.sizes()).toEqual(ASLEEP)
    expect(night.changes(calls)).toEqual([
      'UpdateService orders',
      'UpdateService products',
      'StopDBInstance dev-products-database',
      'UpdateAutoScalingGroup ',
    ])
    expect(evening.first('instance shutting-down')).toBeGreaterThan(evening.last('task STOPPED'))
    expect(await instances(night.stage)).toEqual([])
    expect(await routes(night.stage)).toEqual(['blackhole', 'blackhole'])
    const asleep = night.calls
    await night.until('2026-03-03T06:59')
    expect(night.changes(asleep)).toEqual([])
    const morning = new Watch(night.stage)
    await night.until('2026-03-03T07:40')
    expect(night.changes(asleep)).toEqual([
      'UpdateAutoScalingGroup ',
      'StartDBInstance dev-products-database',
      'UpdateService products',
      'UpdateService orders',
    ])
    expect(morning.lost).toEqual([])
    expect(morning.first('task PROVISIONING')).toBeGreaterThan(morning.first(IN_SERVICE))
    expect(await night.sizes()).toEqual(AWAKE)
    expect(await routes(night.stage)).toEqual(['active', 'active'])
    expectInvariants(night.recording)
  })

  it('stays while tasks run that belong to no service', async () => {
    const night = await open()
    const { stage } = night
    const subnets = await privateSubnets(stage)
    await night.until('2026-03-02T19:58')
    // Each is at work for a minute.
    for (let begun = 0; begun < 40; begun++) {
      await stage.call('ecs', 'RunTask', {
        cluster: 'dev-backend',
        taskDefinition: 'dev-products',
        networkConfiguration: { awsvpcConfiguration: { subnets } },
      })
      await stage.minutes(0.75)
    }
    expect(await night.sizes()).toEqual(ASLEEP)
    expect(await instances(stage)).toEqual(['InService'])
    await night.until('2026-03-02T21:00')
    expect(await instances(stage)).toEqual([])
  })

  it('is replaced when it ends, and its routes lead to the other', async () => {
    const night = await open()
    const { stage } = night
    const [id = ''] = await ids(stage)
    await stage.call('ec2', 'TerminateInstances', { InstanceIds: [id] })
    await stage.minutes(3)
    expect(await routes(stage)).not.toContain('active')
    await stage.minutes(7)
    expect(await instances(stage)).toEqual(['InService'])
    expect(await ids(stage)).not.toEqual([id])
    expect(await routes(stage)).toEqual(['active', 'active'])
    expect(await night.sizes()).toEqual(AWAKE)
  })

  it('makes its routes again when somebody takes them away', async () => {
    const { stage } = await open()
    await deleteRoutes(stage)
    expect(await routes(stage)).toEqual([])
    await stage.minutes(2)
    expect(await routes(stage)).toEqual(['active', 'active'])
  })

  it.each(['hangs', 'finds-no-way'] as const)(
    'that %s lets nothing else wake, and that is said',
    async (behaviour) => {
      const night = await open()
      const { stage } = night
      const { natInstances, slack } = stage.simulation
      await night.until('2026-03-03T06:59')
      natInstances.behaviour = behaviour
      const watch = new Watch(stage)
      const calls = night.calls
      await night.until('2026-03-03T08:00')
      expect(night.changes(calls).filter((one) => one.includes('Service'))).toEqual([])
      expect(await night.sizes()).toEqual(ASLEEP)
      expect(watch.count('task PROVISIONING')).toBe(0)
      // The group has ended each, and launched another.
      expect(watch.count('instance running')).toBeGreaterThan(2)
      expect(slack.messages.map(({ text }) => text).join('\n')).toContain(
        'group dev-way-out is not where it should be, and its time is over',
      )
      const waits = 'Not there yet: products: it needs group dev-way-out, which is not up'
      expect(slack.messages.map(({ text }) => text).join('\n')).toContain(waits)
      natInstances.behaviour = 'routes'
      await night.until('2026-03-03T08:40')
      expect(await night.sizes()).toEqual(AWAKE)
      expect(watch.lost).toEqual([])
      expect(NAMES.map((name) => stage.verdicts(name))).toEqual([['deployed'], ['deployed']])
      expectInvariants(night.recording)
    },
  )
})

describe('what the instance may do', () => {
  it.each([
    'ec2:ModifyInstanceAttribute',
    'ec2:CreateRoute',
    'ec2:ReplaceRoute',
    'autoscaling:CompleteLifecycleAction',
  ])('it does not come into service without %s', async (action) => {
    const stage = await Stage.open({ catalog })
    await takeAway(stage, action)
    // The first route of a table is made, a later one takes the place of the one before.
    if (action === 'ec2:CreateRoute') await deleteRoutes(stage)
    await stage.call('ec2', 'TerminateInstances', { InstanceIds: await ids(stage) })
    await stage.minutes(20)
    expect(await instances(stage)).not.toContain('InService')
  })

  it('nothing to another instance, and nothing to another route table', async () => {
    const stage = await Stage.open({ catalog })
    const { aws, iam } = stage.simulation
    const roleArn = iam.roles.find(({ name }) => name === ROLE)?.arn ?? ''
    const [own = ''] = await ids(stage)
    const may = (operation: string, input: object) =>
      aws.call('ec2', operation, input, { kind: 'aws', name: 'ec2', roleArn })
    const { Reservations } = await stage.call<{ Reservations: Reservation[] }>(
      'ec2',
      'DescribeInstances',
      {},
    )
    const others = Reservations.flatMap(({ Instances = [] }) => Instances)
      .map(({ InstanceId = '' }) => InstanceId)
      .filter((id) => id !== own)
    expect(others).toHaveLength(1)
    const SourceDestCheck = { Value: false }
    for (const InstanceId of others) {
      const input = { InstanceId, SourceDestCheck }
      await expect(may('ModifyInstanceAttribute', input)).rejects.toThrow('not authorized')
    }
    const strange = (await routeTables(stage)).filter((table) => !isByInstance(table))
    expect(strange.length).toBeGreaterThan(1)
    for (const { RouteTableId } of strange) {
      const input = { RouteTableId, DestinationCidrBlock: '0.0.0.0/0', InstanceId: own }
      await expect(may('ReplaceRoute', input)).rejects.toThrow('not authorized')
    }
  })
})

const ROLE = 'dev-way-out'

/** Takes one action away from the instance's role. */
async function takeAway(stage: Stage, action: string): Promise<void> {
  const { PolicyNames } = await stage.call<{ PolicyNames: string[] }>('iam', 'ListRolePolicies', {
    RoleName: ROLE,
  })
  for (const PolicyName of PolicyNames) {
    const named = { RoleName: ROLE, PolicyName }
    const { PolicyDocument } = await stage.call<{ PolicyDocument: string }>(
      'iam',
      'GetRolePolicy',
      named,
    )
    const without = decodeURIComponent(PolicyDocument).replace(action, 'ec2:DescribeVpcs')
    await stage.call('iam', 'PutRolePolicy', { ...named, PolicyDocument: without })
  }
}

async function deleteRoutes(stage: Stage): Promise<void> {
  for (const RouteTableId of await tables(stage)) {
    await stage.call('ec2', 'DeleteRoute', { RouteTableId, DestinationCidrBlock: '0.0.0.0/0' })
  }
}

async function group(stage: Stage): Promise<AutoScalingGroup | undefined> {
  const { AutoScalingGroups } = await stage.call<{ AutoScalingGroups: AutoScalingGroup[] }>(
    'auto-scaling',
    'DescribeAutoScalingGroups',
    { AutoScalingGroupNames: ['dev-way-out'] },
  )
  return AutoScalingGroups[0]
}

const instances = async (stage: Stage) =>
  (await group(stage))?.Instances?.map(({ LifecycleState }) => LifecycleState)

const ids = async (stage: Stage): Promise<string[]> =>
  (await group(stage))?.Instances?.map(({ InstanceId = '' }) => InstanceId) ?? []

const routeTables = async (stage: Stage): Promise<RouteTable[]> =>
  (await stage.call<{ RouteTables: RouteTable[] }>('ec2', 'DescribeRouteTables', {})).RouteTables

const isByInstance = ({ Routes = [] }: RouteTable): boolean =>
  Routes.some(({ InstanceId }) => InstanceId !== undefined)

const privateSubnets = async (stage: Stage): Promise<string[]> =>
  (await routeTables(stage))
    .filter(isByInstance)
    .flatMap(({ Associations = [] }) => Associations.map(({ SubnetId = '' }) => SubnetId))

/** The private subnets' tables. */
const tables = async (stage: Stage): Promise<string[]> =>
  (await routeTables(stage)).filter(isByInstance).map(({ RouteTableId = '' }) => RouteTableId)

/** The state of each default route that leads to an instance. */
async function routes(stage: Stage): Promise<(string | undefined)[]> {
  return (await routeTables(stage))
    .flatMap(({ Routes = [] }) => Routes)
    .filter(({ InstanceId }) => InstanceId !== undefined)
    .map(({ State }) => State)
}
