import type { Aws, AwsEvent } from '../aws.ts'
import { Ec2 } from '../ec2/ec2.ts'
import { ElasticLoadBalancing } from '../elastic-load-balancing/elastic-load-balancing.ts'
import { Sqs } from '../sqs/sqs.ts'
import type { CloudWatch } from './cloudwatch.ts'
import { queueNow } from './gauges.ts'
import { type Datum, type MetricId, MINUTE, single } from './series.ts'

/** From an instant on (milliseconds) there are so many; none: nothing is published. */
type Turn = { at: number; count: number }

/** What somebody reads at most: CloudWatch keeps single minutes for fifteen days. */
const KEPT = 15 * 24 * 60 * MINUTE
const GROUP = 'aws:autoscaling:groupName'

/**
 * How many there were of what publishes metrics by being there: tasks of a service, healthy targets,
 * machines, databases. Their metrics are reckoned when somebody reads them, since a datum for each
 * minute of everything would be most of what a simulated year takes.
 */
export class Presence {
  readonly #turns = new Map<string, Turn[]>()
  /** Tasks and machines that run, by what they count for. */
  readonly #running = new Map<string, Set<string>>()

  constructor(aws: Aws) {
    aws.onEvent((event) => {
      for (const { of, one, runs } of seenIn(aws, event)) this.#count(of, one, runs, aws.world.now)
    })
    aws.find(ElasticLoadBalancing)?.watchTargets((group, states) => {
      const count = states.filter((state) => state === 'healthy').length
      this.#turn(`targets/${group}`, aws.world.now, states.length === 0 ? 0 : count + 1)
    })
  }

  #count(of: string, one: string, runs: boolean, now: number): void {
    const running = this.#running.get(of) ?? new Set()
    this.#running.set(of, running)
    if (runs) running.add(one)
    else running.delete(one)
    this.#turn(of, now, running.size)
  }

  #turn(of: string, at: number, count: number): void {
    const turns = this.#turns.get(of) ?? []
    this.#turns.set(of, turns)
    if ((turns.at(-1)?.count ?? 0) === count) return
    while ((turns[1]?.at ?? at) < at - KEPT) turns.shift()
    turns.push({ at, count })
  }

  /** The data of minutes from `start` until before `end`, as far as they have begun. */
  data(of: string, start: number, end: number, value: (count: number) => number): Datum[] {
    const turns = this.#turns.get(of) ?? []
    const data: Datum[] = []
    let next = 0
    let count = 0
    for (let at = Math.floor(start / MINUTE) * MINUTE; at < end; at += MINUTE) {
      while ((turns[next]?.at ?? Number.POSITIVE_INFINITY) < at + MINUTE) {
        count = turns[next++]?.count ?? 0
      }
      if (count > 0 && at >= start) data.push(single(at, value(count)))
    }
    return data
  }
}

type SeenOne = { of: string; one: string; runs: boolean }

const RDS: Readonly<Record<string, boolean>> = {
  // Created, started and restarted; stopped and deleted. Of an instance, and of a cluster.
  ...{ 'RDS-EVENT-0005': true, 'RDS-EVENT-0088': true, 'RDS-EVENT-0006': true },
  ...{ 'RDS-EVENT-0087': false, 'RDS-EVENT-0003': false },
  ...{ 'RDS-EVENT-0170': true, 'RDS-EVENT-0151': true },
  ...{ 'RDS-EVENT-0150': false, 'RDS-EVENT-0171': false },
}

function seenIn(aws: Aws, { source, detailType, detail }: AwsEvent): SeenOne[] {
  if (source === 'aws.ecs' && detailType === 'ECS Task State Change') {
    const [, service] = /^service:(.+)$/.exec(String(detail.group)) ?? []
    if (service === undefined) return []
    const cluster = String(detail.clusterArn).split('/').at(-1)
    const runs = detail.lastStatus === 'RUNNING'
    return [{ of: `tasks/${cluster}/${service}`, one: String(detail.taskArn), runs }]
  }
  if (source === 'aws.ec2' && detailType === 'EC2 Instance State-change Notification') {
    const one = String(detail['instance-id'])
    const runs = detail.state === 'running'
    const group = aws.find(Ec2)?.instance(one)?.tags[GROUP]
    const own = { of: `instance/${one}`, one, runs }
    return group === undefined ? [own] : [own, { of: `group/${group}`, one, runs }]
  }
  const runs = source === 'aws.rds' ? RDS[String(detail.EventID)] : undefined
  if (runs === undefined) return []
  const one = String(detail.SourceIdentifier)
  const kind = detail.SourceType === 'CLUSTER' ? 'cluster' : 'database'
  return [{ of: `${kind}/${one}`, one, runs }]
}

/** What a metric counts, and its value while nobody does anything: what is busy, a scenario says. */
type Reckoned = { of: (dimensions: MetricId['dimensions']) => string; value: (n: number) => number }

const reckoned = (of: Reckoned['of'], value: Reckoned['value']): Reckoned => ({ of, value })

const tasks: Reckoned['of'] = ({ ClusterName, ServiceName }) =>
  `tasks/${ClusterName}/${ServiceName}`
const targets: Reckoned['of'] = ({ TargetGroup }) => `targets/${TargetGroup}`
const machines: Reckoned['of'] = ({ InstanceId, AutoScalingGroupName: group }) =>
  group === undefined ? `instance/${InstanceId}` : `group/${group}`
const stores: Reckoned['of'] = ({ DBInstanceIdentifier, DBClusterIdentifier: cluster }) =>
  cluster === undefined ? `database/${DBInstanceIdentifier}` : `cluster/${cluster}`

/** Bytes a minute of a machine that only keeps its clock and its address. */
const QUIET_BYTES = 600

const RECKONED: Readonly<Record<string, Reckoned>> = {
  'AWS/ECS/CPUUtilization': reckoned(tasks, () => 0.2),
  'AWS/ECS/MemoryUtilization': reckoned(tasks, () => 20),
  'AWS/ApplicationELB/HealthyHostCount': reckoned(targets, (count) => count - 1),
  'AWS/EC2/CPUUtilization': reckoned(machines, () => 1),
  'AWS/EC2/NetworkIn': reckoned(machines, (count) => count * QUIET_BYTES),
  'AWS/EC2/NetworkOut': reckoned(machines, (count) => count * QUIET_BYTES),
  'AWS/RDS/CPUUtilization': reckoned(stores, () => 3),
  'AWS/RDS/DatabaseConnections': reckoned(stores, () => 0),
}

/**
 * Counts the messages that are received, and lets whoever reads metrics have those that come from being
 * there. Of what a queue holds they have the last minute alone, unless an alarm
 * looks at it.
 *
 * - https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 * - https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html
 * - https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/viewing_metrics_with_cloudwatch.html
 * - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html
 */
export function publishPresence(aws: Aws, { metrics }: CloudWatch): void {
  const presence = new Presence(aws)
  metrics.reckon = ({ namespace, name, dimensions }, start, end) => {
    const found = RECKONED[`${namespace}/${name}`]
    const { now } = aws.world
    if (found !== undefined) {
      return presence.data(found.of(dimensions), start, Math.min(end, now), found.value)
    }
    // The minute that has just ended: whoever asks until now has it.
    const at = now - 1
    const isAsked = start <= at && at < end
    const held = isAsked ? queueNow(aws, { namespace, name, dimensions }) : undefined
    return held === undefined ? [] : [single(at, held, 'Count')]
  }
  aws.find(Sqs)?.watchReceived((QueueName, count) => {
    const id = { namespace: 'AWS/SQS', name: 'NumberOfMessagesReceived', dimensions: { QueueName } }
    metrics.put(id, single(aws.world.now, count, 'Count'))
  })
}
