import type { Caller } from '../../local/aws/aws.ts'
import { administrator } from '../../local/simulation/identity-center.ts'
import { itemsOfKind } from './items.ts'
import { Night, nightCatalog } from './nights.ts'
import type { Stage } from './roll-outs.ts'

/** `payments` has a database of its own; `products` is scaled by Application Auto Scaling. */
const servicesWith = (scaling: string) => ({
  'services/payments.yaml': 'team: ordering\ndatabase: own\nschedule: office-hours\n',
  'services/products.yaml': `team: storefront\nroute: { path: /products/*, priority: 100 }\nscaling: ${scaling}\nschedule: office-hours\n`,
})
export const NAMES = ['payments', 'products']
export const WHOLE = { payments: '1/1', products: '2/2' }
export const NOTHING = { payments: '0/0', products: '0/0' }
export const DATABASE = 'dev-payments-database'
const MADE = [{ Key: 'caretaker:schedule', Value: 'office-hours' }]

/** Its trail is its own: calls are told of. */
export const handCatalog = (
  level: 'off' | 'tell' | 'act' = 'act',
  scaling = '{ min: 2, max: 3 }',
): string => nightCatalog(servicesWith(scaling), level, 'trail: own\n')

export const openNight = (catalog: string, start?: Date): Promise<Night> =>
  Night.open(catalog, NAMES, start)

/** Somebody whom Identity Center has let in. */
export const ann = ({ stage }: Night): Promise<Caller> =>
  administrator(stage.simulation.aws, 'ann@example.com')

/** The session of a role of continuous integration. */
export async function pipeline({ stage }: Night): Promise<Caller> {
  const roleArn = await stage.role('ci-deploy', { AWS: '*' }, '*')
  return { kind: 'person', name: 'GitHubActions', roleArn }
}

export const as = (
  caller: Caller,
  { stage }: Night,
  service: string,
  operation: string,
  input: object,
) => stage.callAs(caller, service, operation, input)

export async function oneTask(night: Night, caller: Caller, service: string): Promise<void> {
  const { cluster } = await night.stage.service(service)
  await as(caller, night, 'ecs', 'UpdateService', { cluster, service, desiredCount: 1 })
}

type Instances = {
  Reservations: { Instances: { InstanceId: string; State: { Name: string } }[] }[]
}

const instancesOf = async ({ stage }: Night) =>
  (await stage.call<Instances>('ec2', 'DescribeInstances', {})).Reservations.flatMap(
    ({ Instances }) => Instances,
  )

/** The bastion, which is the only instance there is, keeps office hours. */
export async function bastion(night: Night): Promise<string> {
  const [{ InstanceId = '' } = {}] = await instancesOf(night)
  await night.stage.call('ec2', 'CreateTags', { Resources: [InstanceId], Tags: MADE })
  return InstanceId
}

export async function launch(night: Night, caller: Caller): Promise<string> {
  const { Subnets } = await night.stage.call<{ Subnets: { SubnetId: string }[] }>(
    'ec2',
    'DescribeSubnets',
    {},
  )
  const answer = (await as(caller, night, 'ec2', 'RunInstances', {
    ...{ ImageId: 'ami-0123456789abcdef0', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 },
    SubnetId: Subnets[0]?.SubnetId,
    TagSpecifications: [{ ResourceType: 'instance', Tags: MADE }],
  })) as { Instances: { InstanceId: string }[] }
  return answer.Instances[0]?.InstanceId ?? ''
}

export async function stateOf(night: Night, id: string): Promise<string | undefined> {
  return (await instancesOf(night)).find(({ InstanceId }) => InstanceId === id)?.State.Name
}

export async function statusOf({ stage }: Night): Promise<string | undefined> {
  const { DBInstances } = await stage.call<{ DBInstances: { DBInstanceStatus: string }[] }>(
    'rds',
    'DescribeDBInstances',
    { DBInstanceIdentifier: DATABASE },
  )
  return DBInstances[0]?.DBInstanceStatus
}

/** Between how many tasks `products` is scaled, and whether nothing scales it now. */
export async function boundsOf({ stage }: Night): Promise<[number, number, boolean][]> {
  const { ScalableTargets } = await stage.call<{
    ScalableTargets: {
      MinCapacity: number
      MaxCapacity: number
      SuspendedState?: { DynamicScalingOutSuspended?: boolean }
    }[]
  }>('application-auto-scaling', 'DescribeScalableTargets', { ServiceNamespace: 'ecs' })
  return ScalableTargets.map(({ MinCapacity, MaxCapacity, SuspendedState }) => [
    MinCapacity,
    MaxCapacity,
    SuspendedState?.DynamicScalingOutSuspended === true,
  ])
}

/** Each status of the database once, in their order. */
export async function statusesUntil(night: Night, instant: string): Promise<string[]> {
  const seen: string[] = []
  const end = Date.parse(`${instant}:00+01:00`)
  while (night.stage.simulation.world.now < end) {
    const status = (await statusOf(night)) ?? ''
    if (seen.at(-1) !== status) seen.push(status)
    await night.stage.minutes(0.5)
  }
  return seen
}

/** No sweep, no schedule that fires, no event that arrives. */
export async function off(night: Night): Promise<void> {
  night.stage.simulation.faults.set({ lose: 1, unfired: 1 })
  await sweeps(night.stage, 'DISABLED')
}

export async function on(night: Night): Promise<void> {
  night.stage.simulation.faults.set({ lose: 0, unfired: 0 })
  await sweeps(night.stage, 'ENABLED')
}

/** Switches the schedule of the sweep. */
export async function sweeps(stage: Stage, State: 'ENABLED' | 'DISABLED'): Promise<void> {
  const schedule = await stage.call<Record<string, unknown>>('scheduler', 'GetSchedule', {
    Name: 'dev-sweep-schedule',
  })
  const { Arn: _, CreationDate: __, LastModificationDate: ___, ...settings } = schedule
  await stage.call('scheduler', 'UpdateSchedule', { ...settings, State })
}

/** Starts and stops of one kind that the control plane has asked for. */
export const movesOf = (what: string, night: Night, since: number) =>
  night.changes(since).filter((one) => new RegExp(`^(Start|Stop)${what}`).test(one))

/** What is told of tools, one about each resource: `put-back orders ci-deploy`. */
export const toldOf = ({ stage }: Night): string[] =>
  itemsOfKind(stage.simulation, 'sleep-fact')
    .filter(({ verdict }) => verdict === 'put-back')
    .map(({ verdict, subject, detail }) => `${verdict} ${subject} ${(detail as { by: string }).by}`)
    .toSorted()
