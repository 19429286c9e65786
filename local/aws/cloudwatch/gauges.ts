import type { Aws } from '../aws.ts'
import { Ecs } from '../ecs/ecs.ts'
import { ElasticLoadBalancing } from '../elastic-load-balancing/elastic-load-balancing.ts'
import { Rds } from '../rds/rds.ts'
import { Sqs } from '../sqs/sqs.ts'
import type { CloudWatch } from './cloudwatch.ts'
import { keyOf, type MetricId, MINUTE, single } from './series.ts'

type Dimensions = Readonly<Record<string, string>>

/** What a metric shows at this moment; undefined when there is nothing to measure. */
type Gauge = (aws: Aws, dimensions: Dimensions) => number | undefined

/**
 * Metrics that show a present state.
 *
 * - https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 * - https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html
 * - https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 * - https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html
 */
const GAUGES: Readonly<Record<string, Gauge>> = {
  'AWS/SQS/ApproximateNumberOfMessagesVisible': (aws, { QueueName }) =>
    queueOf(aws, QueueName)?.counts.visible,
  'AWS/SQS/ApproximateNumberOfMessagesNotVisible': (aws, { QueueName }) =>
    queueOf(aws, QueueName)?.counts.inFlight,
  'AWS/SQS/ApproximateAgeOfOldestMessage': (aws, { QueueName }) => {
    const oldest = queueOf(aws, QueueName)?.messages[0]?.sentAt
    return oldest === undefined ? 0 : Math.floor((aws.world.now - oldest) / 1000)
  },
  'ECS/ContainerInsights/RunningTaskCount': (aws, names) => countsOf(aws, names)?.running,
  'ECS/ContainerInsights/PendingTaskCount': (aws, names) => countsOf(aws, names)?.pending,
  'ECS/ContainerInsights/DesiredTaskCount': (aws, names) => countsOf(aws, names)?.desired,
  'AWS/RDS/ServerlessDatabaseCapacity': (aws, { DBInstanceIdentifier = '' }) =>
    aws.find(Rds)?.capacityOf(DBInstanceIdentifier),
  'AWS/ApplicationELB/HealthyHostCount': (aws, names) => hosts(aws, names, 'healthy'),
  'AWS/ApplicationELB/UnHealthyHostCount': (aws, names) => hosts(aws, names, 'unhealthy'),
}

function queueOf(aws: Aws, name: string | undefined) {
  return aws.find(Sqs)?.queues.find((queue) => queue.name === name)
}

function countsOf(aws: Aws, { ClusterName = '', ServiceName = '' }: Dimensions) {
  return aws.find(Ecs)?.counts(ClusterName, ServiceName)
}

function hosts(aws: Aws, { TargetGroup }: Dimensions, state: string): number | undefined {
  const groupArn = aws.arn('elasticloadbalancing', TargetGroup ?? '')
  const states = aws.find(ElasticLoadBalancing)?.statesOf(groupArn)
  return states?.filter((one) => one === state).length
}

/** A gauge that alarms evaluate, and the value it last had. */
type Watched = { key: string; id: MetricId; read: Gauge; value: number | undefined; minute: number }

/**
 * Reads the gauges that alarms evaluate, at the beginning of each minute in which something
 * happened. A minute in which nothing did shows what the one before showed.
 */
export class Gauges {
  readonly #aws: Aws
  readonly #cloudwatch: CloudWatch
  readonly #watched = new Map<string, Watched>()

  constructor(aws: Aws, cloudwatch: CloudWatch) {
    this.#aws = aws
    this.#cloudwatch = cloudwatch
  }

  start(): void {
    const { evaluator } = this.#cloudwatch
    evaluator.beforeMinute = (now) => this.#read(now - MINUTE)
    this.#aws.world.onChange(() => {
      // The evaluation itself changes no gauge; what else happens at the same instant may.
      if (evaluator.hasEvaluated() || evaluator.isPlanned) return
      if (this.#isNeeded()) evaluator.plan()
    })
  }

  #isNeeded(): boolean {
    for (const key of this.#cloudwatch.evaluator.watched) if (gaugeOf(key)) return true
    return false
  }

  /** @param minute the one that has just ended. */
  #read(minute: number): void {
    for (const key of this.#cloudwatch.evaluator.watched) {
      const gauge = this.#watched.get(key) ?? this.#open(key, minute)
      if (gauge !== undefined) this.#sample(gauge, minute)
    }
  }

  #open(key: string, minute: number): Watched | undefined {
    const read = gaugeOf(key)
    if (read === undefined) return undefined
    const [namespace = '', name = '', ...dimensions] = JSON.parse(key)
    const id: MetricId = { namespace, name, dimensions: Object.fromEntries(dimensions) }
    const gauge: Watched = { key: keyOf(id), id, read, value: undefined, minute }
    this.#watched.set(gauge.key, gauge)
    return gauge
  }

  #sample(gauge: Watched, minute: number): void {
    const { metrics } = this.#cloudwatch
    const value = gauge.read(this.#aws, gauge.id.dimensions)
    if (gauge.value !== undefined) {
      for (let at = gauge.minute + MINUTE; at < minute; at += MINUTE) {
        metrics.putUnchanged(gauge.id, single(at, gauge.value, 'Count'), gauge.key)
      }
    }
    // Nothing has been there yet: AWS publishes nothing for a queue that was never used.
    if (value !== undefined && (gauge.value !== undefined || value > 0)) {
      const datum = single(minute, value, 'Count')
      if (value === gauge.value) metrics.putUnchanged(gauge.id, datum, gauge.key)
      else metrics.put(gauge.id, datum)
      gauge.value = value
    }
    gauge.minute = minute
  }
}

const known = new Map<string, Gauge | undefined>()

/** What a queue holds at this moment; undefined for other metrics. */
export function queueNow(aws: Aws, { namespace, name, dimensions }: MetricId): number | undefined {
  return namespace === 'AWS/SQS' ? GAUGES[`${namespace}/${name}`]?.(aws, dimensions) : undefined
}

/** The gauge of a metric's key: `["AWS/SQS","ApproximateNumberOfMessagesVisible",…]`. */
function gaugeOf(key: string): Gauge | undefined {
  if (!known.has(key)) {
    const [, namespace, name] = /^\["([^"]*)","([^"]*)"/.exec(key) ?? []
    known.set(key, GAUGES[`${namespace}/${name}`])
  }
  return known.get(key)
}
