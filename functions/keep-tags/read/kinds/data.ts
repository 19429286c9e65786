import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand as ListTagsForResourceCommandOfLogs,
} from '@aws-sdk/client-cloudwatch-logs'
import {
  DynamoDBClient,
  ListTablesCommand,
  ListTagsOfResourceCommand,
} from '@aws-sdk/client-dynamodb'
import {
  DescribeReplicationGroupsCommand,
  ElastiCacheClient,
  ListTagsForResourceCommand as ListTagsForResourceCommandOfCaches,
} from '@aws-sdk/client-elasticache'
import {
  ListTagsForResourceCommand as ListTagsForResourceCommandOfTopics,
  ListTopicsCommand,
  SNSClient,
} from '@aws-sdk/client-sns'
import { ListQueuesCommand, ListQueueTagsCommand, SQSClient } from '@aws-sdk/client-sqs'
import { cacheMonth } from '../../../../domain/tagging/cost.ts'
import { tagsIn } from '../../../../domain/tags.ts'
import type { Kind } from '../listed.ts'
import { nameOf } from '../reader.ts'
import type { Using } from './using.ts'

/** Valkey and Redis OSS. https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DescribeReplicationGroups.html */
export function caches({ client }: Using): Kind {
  const elastiCache = client(ElastiCacheClient)
  return {
    type: 'elasticache:replicationgroup',
    async page(Marker) {
      const asked = new DescribeReplicationGroupsCommand({ Marker, MaxRecords: 100 })
      const page = await elastiCache.send(asked)
      const items = (page.ReplicationGroups ?? []).map((one) => ({
        ...{ arn: one.ARN ?? '', createdAt: one.ReplicationGroupCreateTime },
        month: cacheMonth(one.CacheNodeType ?? '', one.MemberClusters?.length ?? 1),
      }))
      return { items, next: page.Marker }
    },
    async tags({ arn }) {
      const asked = new ListTagsForResourceCommandOfCaches({ ResourceName: arn })
      return tagsIn((await elastiCache.send(asked)).TagList)
    },
  }
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html */
export function tables({ client, place }: Using): Kind {
  const dynamodb = client(DynamoDBClient)
  return {
    type: 'dynamodb:table',
    async page(ExclusiveStartTableName) {
      const asked = new ListTablesCommand({ ExclusiveStartTableName, Limit: 100 })
      const page = await dynamodb.send(asked)
      const items = (page.TableNames ?? []).map((name) => ({
        arn: arnOf(place, 'dynamodb', `table/${name}`),
      }))
      return { items, next: page.LastEvaluatedTableName }
    },
    async tags({ arn }) {
      const found = []
      let NextToken: string | undefined
      do {
        const asked = new ListTagsOfResourceCommand({ ResourceArn: arn, NextToken })
        const page = await dynamodb.send(asked)
        found.push(...(page.Tags ?? []))
        NextToken = page.NextToken
      } while (NextToken !== undefined)
      return tagsIn(found)
    },
  }
}

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html */
export function logGroups({ client }: Using): Kind {
  const logs = client(CloudWatchLogsClient)
  return {
    type: 'logs:log-group',
    async page(nextToken) {
      const page = await logs.send(new DescribeLogGroupsCommand({ nextToken, limit: 50 }))
      const items = (page.logGroups ?? []).map(({ logGroupArn: arn = '', creationTime: at }) => ({
        ...{ arn, ...(at !== undefined && { createdAt: new Date(at) }) },
      }))
      return { items, next: page.nextToken }
    },
    async tags({ arn }) {
      const { tags = {} } = await logs.send(
        new ListTagsForResourceCommandOfLogs({ resourceArn: arn }),
      )
      return tags
    },
  }
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html */
export function queues({ client, place }: Using): Kind {
  const sqs = client(SQSClient)
  return {
    type: 'sqs:queue',
    async page(NextToken) {
      const page = await sqs.send(new ListQueuesCommand({ NextToken, MaxResults: 1000 }))
      const items = (page.QueueUrls ?? []).map((url) => ({
        arn: arnOf(place, 'sqs', url.split('/').at(-1) ?? ''),
      }))
      return { items, next: page.NextToken }
    },
    async tags(one) {
      const { region, account, partition } = place
      const suffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'
      const QueueUrl = `https://sqs.${region}.${suffix}/${account}/${nameOf(one)}`
      const { Tags = {} } = await sqs.send(new ListQueueTagsCommand({ QueueUrl }))
      return Tags
    },
  }
}

/** https://docs.aws.amazon.com/sns/latest/api/API_ListTopics.html */
export function topics({ client }: Using): Kind {
  const sns = client(SNSClient)
  return {
    type: 'sns:topic',
    async page(NextToken) {
      const page = await sns.send(new ListTopicsCommand({ NextToken }))
      const items = (page.Topics ?? []).map(({ TopicArn: arn = '' }) => ({ arn }))
      return { items, next: page.NextToken }
    },
    async tags({ arn }) {
      const asked = new ListTagsForResourceCommandOfTopics({ ResourceArn: arn })
      return tagsIn((await sns.send(asked)).Tags)
    },
  }
}

const arnOf = ({ partition, region, account }: Using['place'], service: string, rest: string) =>
  `arn:${partition}:${service}:${region}:${account}:${rest}`
