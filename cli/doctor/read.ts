import {
  CloudTrailClient,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
} from '@aws-sdk/client-cloudtrail'
import {
  CodeStarConnectionsClient,
  GetConnectionCommand,
} from '@aws-sdk/client-codestar-connections'
import { CostExplorerClient, paginateListCostAllocationTags } from '@aws-sdk/client-cost-explorer'
import {
  DescribeAddressesCommand,
  DescribeAvailabilityZonesCommand,
  EC2Client,
  paginateDescribeVpcs,
} from '@aws-sdk/client-ec2'
import {
  ECRClient,
  ListTagsForResourceCommand,
  paginateDescribeRepositories,
} from '@aws-sdk/client-ecr'
import {
  DescribeAccountLimitsCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  LambdaClient,
  ResourceNotFoundException as NoSuchFunction,
} from '@aws-sdk/client-lambda'
import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  NoSuchResourceException,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas'
import { ListSubscriptionsByTopicCommand, NotFoundException, SNSClient } from '@aws-sdk/client-sns'
import { TAGS } from '../../domain/tags.ts'
import type { Configuration } from '../deploy/account.ts'
import type { Concurrency, Repository, Subscription, Trail, Zone } from './judge.ts'

/** What AWS says, read only. Each answers for the configuration's Region. */

export async function zonesIn(configuration: Configuration): Promise<Zone[]> {
  const { AvailabilityZones = [] } = await new EC2Client(configuration).send(
    new DescribeAvailabilityZonesCommand({
      Filters: [{ Name: 'zone-type', Values: ['availability-zone'] }],
    }),
  )
  return AvailabilityZones.map(({ ZoneName: name = '', ZoneId: id = '' }) => ({ name, id }))
}

export async function vpcCount(configuration: Configuration): Promise<number> {
  let count = 0
  const client = new EC2Client(configuration)
  for await (const { Vpcs = [] } of paginateDescribeVpcs({ client }, {})) count += Vpcs.length
  return count
}

export async function addressCount(configuration: Configuration): Promise<number> {
  const { Addresses = [] } = await new EC2Client(configuration).send(
    new DescribeAddressesCommand({}),
  )
  return Addresses.length
}

/** The account's own value of a quota, else AWS's default. */
export async function quotaOf(
  configuration: Configuration,
  { service: ServiceCode, code: QuotaCode }: { service: string; code: string },
): Promise<number> {
  const client = new ServiceQuotasClient(configuration)
  try {
    const { Quota } = await client.send(new GetServiceQuotaCommand({ ServiceCode, QuotaCode }))
    return Quota?.Value ?? 0
  } catch (error) {
    // An account that has never asked for more has no value of its own for some quotas.
    if (!(error instanceof NoSuchResourceException)) throw error
    const { Quota } = await client.send(
      new GetAWSDefaultServiceQuotaCommand({ ServiceCode, QuotaCode }),
    )
    return Quota?.Value ?? 0
  }
}

/** How many rules a load balancer may have, not counting its listeners' default ones. */
export async function balancerRules(configuration: Configuration): Promise<number> {
  const client = new ElasticLoadBalancingV2Client(configuration)
  const { Limits = [] } = await client.send(new DescribeAccountLimitsCommand({}))
  return Number(Limits.find(({ Name }) => Name === 'rules-per-application-load-balancer')?.Max ?? 0)
}

/** @param functions whose own reservations are told apart; they need not be there. */
export async function concurrencyIn(
  configuration: Configuration,
  functions: readonly string[],
): Promise<Concurrency> {
  const client = new LambdaClient(configuration)
  const { AccountLimit } = await client.send(new GetAccountSettingsCommand({}))
  const { ConcurrentExecutions: limit = 0, UnreservedConcurrentExecutions: unreserved = 0 } =
    AccountLimit ?? {}
  const reserved: number[] = []
  for (const name of functions) reserved.push(await reservedOf(client, name))
  return { limit, unreserved, own: reserved.reduce((sum, one) => sum + one, 0) }
}

async function reservedOf(client: LambdaClient, FunctionName: string): Promise<number> {
  try {
    const answer = await client.send(new GetFunctionConcurrencyCommand({ FunctionName }))
    return answer.ReservedConcurrentExecutions ?? 0
  } catch (error) {
    if (!(error instanceof NoSuchFunction)) throw error
    return 0
  }
}

export async function trails(configuration: Configuration): Promise<Trail[]> {
  const client = new CloudTrailClient(configuration)
  const { trailList = [] } = await client.send(new DescribeTrailsCommand({}))
  return Promise.all(
    trailList.map(async (one) => {
      const { Name: name = '', TrailARN: Arn = name } = one
      const { IsLogging } = await client.send(new GetTrailStatusCommand({ Name: Arn }))
      return {
        name,
        logging: IsLogging === true,
        // What an organization's trail logs only its own account may read.
        writes: one.IsOrganizationTrail === true || (await logsWrites(client, Arn)),
        everyRegion: one.IsMultiRegionTrail === true,
        region: one.HomeRegion ?? '',
        bucket: one.S3BucketName ?? '',
      }
    }),
  )
}

/**
 * Selectors are of one kind or the other.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetEventSelectors.html
 */
async function logsWrites(client: CloudTrailClient, TrailName: string): Promise<boolean> {
  const { EventSelectors = [], AdvancedEventSelectors = [] } = await client.send(
    new GetEventSelectorsCommand({ TrailName }),
  )
  const isBasic = EventSelectors.some(
    ({ IncludeManagementEvents, ReadWriteType }) =>
      IncludeManagementEvents !== false && ReadWriteType !== 'ReadOnly',
  )
  return (
    isBasic ||
    AdvancedEventSelectors.some(({ FieldSelectors = [] }) => {
      const isOf = (field: string, value: string) =>
        FieldSelectors.some(({ Field, Equals = [] }) => Field === field && Equals.includes(value))
      return isOf('eventCategory', 'Management') && !isOf('readOnly', 'true')
    })
  )
}

/** Cost Explorer answers in one Region for all. */
const BILLING_REGION = 'us-east-1'

export async function activeCostTags(configuration: Configuration): Promise<string[]> {
  const client = new CostExplorerClient({ ...configuration, region: BILLING_REGION })
  const keys: string[] = []
  const pages = paginateListCostAllocationTags({ client }, { Status: 'Active' })
  for await (const { CostAllocationTags = [] } of pages) {
    keys.push(...CostAllocationTags.flatMap(({ TagKey = [] }) => TagKey))
  }
  return keys
}

/** Its value; undefined when there is no such secret. */
export async function secretValue(
  configuration: Configuration,
  SecretId: string,
): Promise<string | undefined> {
  try {
    const { SecretString = '' } = await new SecretsManagerClient(configuration).send(
      new GetSecretValueCommand({ SecretId }),
    )
    return SecretString
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined
    throw error
  }
}

/** Those of these names that are in the registry, with the environment that their tag names. */
export async function repositoriesNamed(
  configuration: Configuration,
  names: ReadonlySet<string>,
): Promise<Repository[]> {
  const client = new ECRClient(configuration)
  const found: Repository[] = []
  for await (const { repositories = [] } of paginateDescribeRepositories({ client }, {})) {
    for (const { repositoryName: name = '', repositoryArn: resourceArn } of repositories) {
      if (!names.has(name)) continue
      const { tags = [] } = await client.send(new ListTagsForResourceCommand({ resourceArn }))
      const environment = tags.find(({ Key }) => Key === TAGS.environment)?.Value
      found.push({ name, environment })
    }
  }
  return found
}

/** Who a topic tells; undefined when there is no such topic. */
export async function subscriptionsOf(
  configuration: Configuration,
  TopicArn: string,
): Promise<Subscription[] | undefined> {
  try {
    const { Subscriptions = [] } = await new SNSClient(configuration).send(
      new ListSubscriptionsByTopicCommand({ TopicArn }),
    )
    return Subscriptions.map(({ Endpoint: endpoint = '', SubscriptionArn }) => ({
      endpoint,
      confirmed: SubscriptionArn !== 'PendingConfirmation',
    }))
  } catch (error) {
    if (error instanceof NotFoundException) return undefined
    throw error
  }
}

/** `AVAILABLE`, `PENDING` or `ERROR`. */
export async function connectionStatus(
  configuration: Configuration,
  ConnectionArn: string,
): Promise<string> {
  const { Connection } = await new CodeStarConnectionsClient(configuration).send(
    new GetConnectionCommand({ ConnectionArn }),
  )
  return Connection?.ConnectionStatus ?? 'unknown'
}
