import { type CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch'
import { DescribeTasksCommand, type ECSClient, ListTasksCommand } from '@aws-sdk/client-ecs'
import {
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import {
  DiscoverInstancesCommand,
  type HttpInstanceSummary,
  type ServiceDiscoveryClient,
} from '@aws-sdk/client-servicediscovery'
import type { AlarmValues } from '../../domain/health/circuit.ts'
import type { Instance, Seen } from '../../domain/health/instances.ts'
import type { Managed } from '../shared/managed.ts'
import type { Face } from './face.ts'

/** What is read of. */
export type Sources = {
  ecs: ECSClient
  discovery: ServiceDiscoveryClient
  balancing: ElasticLoadBalancingV2Client
  cloudWatch: CloudWatchClient
}

/** AWS did not say enough to decide on: an empty list of a service that wants tasks is no list. */
export class NotKnown extends Error {
  override readonly name = 'NotKnown'
}

/** `DiscoverInstances` gives at most a thousand, which is all that a service may have. */
const MOST = 1000
/** `DescribeTasks` takes a hundred. */
const TASKS_AT_ONCE = 100

/**
 * A service's instances as callers would find them now, with what ECS and the load balancer say.
 *
 * @throws NotKnown for an answer that proves nothing.
 */
export async function see(sources: Sources, managed: Managed, face: Face): Promise<Seen> {
  const { service } = managed
  const desired = service.desiredCount ?? 0
  const registered = await instancesOf(sources, face)
  if (registered.length === 0 && desired > 0) {
    throw new NotKnown(`Cloud Map lists no instance of ${managed.id}, which wants ${desired}`)
  }
  const tasks = await tasksOf(sources, managed)
  const targets = await targetsOf(sources, managed)
  const instances = registered.map(
    ({ InstanceId: id = '', HealthStatus, Attributes }): Instance => {
      const task = tasks.get(id)
      const target = targets.get(Attributes?.AWS_INSTANCE_IPV4 ?? '')
      return {
        id,
        found: HealthStatus === 'HEALTHY',
        ...(task && { task }),
        ...(target !== undefined && { target }),
      }
    },
  )
  const replacing = (service.deployments ?? []).length > 1
  return { desired, replacing, instances }
}

async function instancesOf(
  { discovery }: Sources,
  { namespace, name }: Face,
): Promise<HttpInstanceSummary[]> {
  const { Instances = [] } = await discovery.send(
    new DiscoverInstancesCommand({
      NamespaceName: namespace,
      ServiceName: name,
      HealthStatus: 'ALL',
      MaxResults: MOST,
    }),
  )
  return Instances
}

/** The tasks that ECS runs, by their ids, which are the ids of their instances. */
async function tasksOf(
  { ecs }: Sources,
  { id, service }: Managed,
): Promise<Map<string, NonNullable<Instance['task']>>> {
  const [cluster = '', serviceName = ''] = id.split('/')
  const taskArns = await listed(ecs, cluster, serviceName)
  if (taskArns.length === 0 && (service.runningCount ?? 0) > 0) {
    throw new NotKnown(`ECS lists no task of ${id}, which runs ${service.runningCount}`)
  }
  const found = new Map<string, NonNullable<Instance['task']>>()
  for (let start = 0; start < taskArns.length; start += TASKS_AT_ONCE) {
    const arns = taskArns.slice(start, start + TASKS_AT_ONCE)
    const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: arns }))
    for (const { taskArn = '', lastStatus = '', healthStatus = 'UNKNOWN' } of tasks) {
      found.set(taskArn.split('/').at(-1) ?? '', { status: lastStatus, health: healthStatus })
    }
  }
  if (found.size < taskArns.length) {
    throw new NotKnown(`ECS describes ${found.size} of the ${taskArns.length} tasks of ${id}`)
  }
  return found
}

/** The ARNs of a service's tasks, which come a hundred at a time. */
async function listed(ecs: ECSClient, cluster: string, serviceName: string): Promise<string[]> {
  const arns: string[] = []
  let nextToken: string | undefined
  do {
    const page = await ecs.send(
      new ListTasksCommand({ cluster, serviceName, ...(nextToken && { nextToken }) }),
    )
    arns.push(...(page.taskArns ?? []))
    nextToken = page.nextToken
  } while (nextToken)
  return arns
}

/** The load balancer's word on each address; of several groups, the worst. */
async function targetsOf(
  { balancing }: Sources,
  { service }: Managed,
): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const { targetGroupArn } of service.loadBalancers ?? []) {
    if (targetGroupArn === undefined) continue
    const { TargetHealthDescriptions = [] } = await balancing.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }),
    )
    for (const { Target, TargetHealth } of TargetHealthDescriptions) {
      const address = Target?.Id ?? ''
      if (found.get(address) !== 'unhealthy') found.set(address, TargetHealth?.State ?? 'unknown')
    }
  }
  return found
}

/** The alarms as CloudWatch has them now. `DescribeAlarms` leaves out those that are gone. */
export async function valuesOf(
  { cloudWatch }: Sources,
  arns: readonly string[],
): Promise<AlarmValues> {
  const names = arns.map((arn) => arn.split(':').at(-1) ?? '')
  const { MetricAlarms = [], CompositeAlarms = [] } = await cloudWatch.send(
    new DescribeAlarmsCommand({
      AlarmNames: names,
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
      MaxRecords: 100,
    }),
  )
  const values = new Map(
    [...MetricAlarms, ...CompositeAlarms].map(({ AlarmArn = '', StateValue }) => [
      AlarmArn,
      StateValue,
    ]),
  )
  return new Map(arns.map((arn) => [arn, values.get(arn) ?? 'deleted']))
}
