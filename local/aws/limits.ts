import type { Guard } from './aws.ts'
import { AwsError } from './errors.ts'
import type { World } from './world.ts'

/** Calls in one go, and how many more may follow per second. */
export type Limit = { burst: number; refill: number }

type Input = Readonly<Record<string, unknown>>

/** All operations of a category draw from one bucket, per account and Region. */
type Category = Limit & {
  operations: readonly string[]
  /** How many tokens a call takes. Default: one. */
  cost?: (input: Input) => number
}

/**
 * The published token buckets. A category not listed is not limited here.
 *
 * - ecs: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
 * - servicediscovery: https://docs.aws.amazon.com/cloud-map/latest/dg/cloud-map-limits.html
 * - ec2: https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
 * - ecr: https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html
 * - sfn: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html (other Regions)
 * - cloudwatch: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
 * - resource-groups-tagging-api: rates are not published; these are cautious guesses.
 */
const CATEGORIES: Readonly<Record<string, readonly Category[]>> = {
  ecs: [
    limit(
      20,
      1,
      'CreateCluster',
      'DeleteCluster',
      'UpdateCluster',
      'UpdateClusterSettings',
      'PutClusterCapacityProviders',
    ),
    limit(50, 20, 'DescribeClusters', 'ListClusters'),
    limit(100, 40, 'RunTask', 'StopTask', 'StartTask', 'ExecuteCommand'),
    limit(
      100,
      20,
      'DescribeTasks',
      'ListTasks',
      'DescribeContainerInstances',
      'ListContainerInstances',
    ),
    limit(50, 5, 'CreateService', 'UpdateService', 'DeleteService'),
    limit(100, 20, 'DescribeServices', 'ListServices'),
    limit(50, 20, 'DescribeServiceDeployments', 'ListServiceDeployments'),
    limit(50, 20, 'DescribeServiceRevisions'),
    limit(20, 1, 'RegisterTaskDefinition', 'DeregisterTaskDefinition'),
    limit(50, 20, 'DescribeTaskDefinition', 'ListTaskDefinitions', 'ListTaskDefinitionFamilies'),
    limit(5, 1, 'DeleteTaskDefinitions'),
    limit(20, 10, 'TagResource', 'UntagResource'),
    limit(50, 20, 'ListTagsForResource'),
    limit(10, 1, 'ListServicesByNamespace'),
  ],
  ec2: [
    limit(5, 2, 'RunInstances'),
    limit(5, 2, 'StartInstances'),
    limit(50, 5, 'StopInstances'),
    limit(50, 5, 'TerminateInstances'),
    limit(50, 5, 'ModifyInstanceAttribute'),
    limit(50, 5, 'ReplaceRoute'),
    limit(100, 20, 'DescribeRouteTables'),
    limit(100, 10, 'CreateTags'),
    limit(100, 10, 'DeleteTags'),
    limit(100, 20, 'DescribeInstanceAttribute'),
    { ...limit(100, 20, 'DescribeInstances'), cost: narrowed },
    { ...limit(50, 10, 'DescribeInstances'), cost: unfiltered },
    { ...limit(100, 20, 'DescribeInstanceStatus'), cost: narrowed },
    { ...limit(50, 10, 'DescribeInstanceStatus'), cost: unfiltered },
    // The resources that a call is about, besides the call.
    { ...limit(1_000, 2, 'RunInstances'), cost: ({ MaxCount }) => Number(MaxCount ?? 1) },
    { ...limit(1_000, 2, 'StartInstances'), cost: named },
    { ...limit(1_000, 20, 'StopInstances'), cost: named },
    { ...limit(1_000, 20, 'TerminateInstances'), cost: named },
  ],
  ecr: [
    limit(2_000, 2_000, 'BatchGetImage'),
    limit(3_000, 3_000, 'GetDownloadUrlForLayer'),
    limit(500, 500, 'GetAuthorizationToken'),
    limit(10, 10, 'PutImage'),
    limit(1_000, 1_000, 'BatchCheckLayerAvailability'),
  ],
  servicediscovery: [
    limit(2_000, 1_000, 'DiscoverInstances'),
    limit(3_000, 3_000, 'DiscoverInstancesRevision'),
  ],
  sfn: [limit(800, 150, 'StartExecution')],
  cloudwatch: [
    limit(9, 9, 'DescribeAlarms'),
    limit(9, 9, 'DescribeAlarmsForMetric'),
    limit(20, 20, 'DescribeAlarmHistory'),
    limit(3, 3, 'PutMetricAlarm'),
    limit(3, 3, 'PutCompositeAlarm'),
    limit(3, 3, 'DeleteAlarms'),
    limit(3, 3, 'SetAlarmState'),
    limit(500, 500, 'GetMetricData'),
    limit(500, 500, 'PutMetricData'),
    limit(20, 20, 'GetMetricWidgetImage'),
  ],
  'resource-groups-tagging-api': [
    limit(15, 15, 'GetResources'),
    limit(5, 5, 'TagResources', 'UntagResources'),
    limit(5, 5, 'GetTagKeys', 'GetTagValues'),
  ],
}

function limit(burst: number, refill: number, ...operations: string[]): Category {
  return { burst, refill, operations }
}

/** More than a call may name is refused by itself. */
function named({ InstanceIds: ids }: Input): number {
  return Array.isArray(ids) && ids.length <= 1_000 ? ids.length : 0
}

/** "without specifying either pagination or a filter" */
function unfiltered({ Filters, MaxResults, NextToken }: Input): number {
  const filters = Array.isArray(Filters) ? Filters.length : 0
  return filters === 0 && MaxResults === undefined && NextToken === undefined ? 1 : 0
}

function narrowed(input: Input): number {
  return 1 - unfiltered(input)
}
/** Half of what a service allows: the rest is for others. `aws.guards.push(throttle(world, halfOf('ecs')))`. */
export const halfOf = (service: string): Readonly<Record<string, readonly Category[]>> => ({
  [service]: (CATEGORIES[service] ?? []).map(({ burst, refill, operations }) => ({
    burst: burst / 2,
    refill: refill / 2,
    operations,
  })),
})

/** Tokens that come back with simulated time; nothing ticks. */
export class Bucket {
  readonly #limit: Limit
  #tokens: number
  #at: number

  constructor(limit: Limit, now: number) {
    this.#limit = limit
    this.#tokens = limit.burst
    this.#at = now
  }

  /** Takes so many tokens, if there are as many whole ones. */
  take(now: number, count = 1): boolean {
    const { burst, refill } = this.#limit
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#at) / 1000) * refill)
    this.#at = now
    // A thousandth for the rounding of many small refills.
    if (this.#tokens < count - 0.001) return false
    this.#tokens -= count
    return true
  }
}

/** A bucket of an operation, and how much a call takes out of it. */
type Drawn = { bucket: Bucket; cost?: (input: Input) => number }

/** Callers that count: AWS's own work and CloudFormation's deployment have limits of their own. */
const LIMITED: readonly string[] = ['function', 'machine', 'person']

/**
 * Throttles calls as AWS does: `aws.guards.push(throttle(aws.world))`.
 *
 * @returns a guard that throws `ThrottlingException: Rate exceeded`, and what EC2 calls that.
 */
export function throttle(world: World, categories = CATEGORIES): Guard {
  const buckets = new Map<string, Map<string, Drawn[]>>()
  for (const [service, limits] of Object.entries(categories)) {
    const ofService = new Map<string, Drawn[]>()
    for (const { operations, cost, ...rate } of limits) {
      const drawn = { bucket: new Bucket(rate, world.now), ...(cost === undefined ? {} : { cost }) }
      for (const operation of operations) {
        ofService.set(operation, [...(ofService.get(operation) ?? []), drawn])
      }
    }
    buckets.set(service, ofService)
  }
  return ({ service, operation, input, caller }) => {
    if (!LIMITED.includes(caller.kind)) return
    const drawn = buckets.get(service)?.get(operation)
    if (drawn === undefined) return
    if (drawn.every(({ bucket, cost }) => bucket.take(world.now, cost?.(input)))) return
    if (service === 'ec2') throw new AwsError('RequestLimitExceeded', 'Request limit exceeded.')
    throw new AwsError('ThrottlingException', 'Rate exceeded')
  }
}
