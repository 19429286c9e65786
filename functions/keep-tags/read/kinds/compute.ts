import {
  DescribeRepositoriesCommand,
  ECRClient,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-ecr'
import { DescribeFileSystemsCommand, EFSClient } from '@aws-sdk/client-efs'
import {
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { LambdaClient, ListFunctionsCommand, ListTagsCommand } from '@aws-sdk/client-lambda'
import { balancerMonth, filesMonth } from '../../../../domain/tagging/cost.ts'
import { tagsIn } from '../../../../domain/tags.ts'
import type { Kind } from '../listed.ts'
import { nameOf } from '../reader.ts'
import type { Using } from './using.ts'

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeLoadBalancers.html */
export function loadBalancers({ client }: Using): Kind {
  const balancing = client(ElasticLoadBalancingV2Client)
  return {
    type: 'elasticloadbalancing:loadbalancer',
    async page(Marker) {
      const page = await balancing.send(new DescribeLoadBalancersCommand({ Marker, PageSize: 400 }))
      const items = (page.LoadBalancers ?? []).map((one) => ({
        ...{ arn: one.LoadBalancerArn ?? '', vpc: one.VpcId, createdAt: one.CreatedTime },
        month: balancerMonth,
      }))
      return { items, next: page.NextMarker }
    },
    tags: ({ arn }) => balancingTags(balancing, arn),
  }
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetGroups.html */
export function targetGroups({ client }: Using): Kind {
  const balancing = client(ElasticLoadBalancingV2Client)
  return {
    type: 'elasticloadbalancing:targetgroup',
    async page(Marker) {
      const page = await balancing.send(new DescribeTargetGroupsCommand({ Marker, PageSize: 400 }))
      const items = (page.TargetGroups ?? []).map(({ TargetGroupArn: arn = '', VpcId: vpc }) => ({
        ...{ arn, vpc },
      }))
      return { items, next: page.NextMarker }
    },
    tags: ({ arn }) => balancingTags(balancing, arn),
  }
}

async function balancingTags(balancing: ElasticLoadBalancingV2Client, arn: string) {
  const { TagDescriptions = [] } = await balancing.send(
    new DescribeTagsCommand({ ResourceArns: [arn] }),
  )
  return tagsIn(TagDescriptions[0]?.Tags)
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html */
export function functions({ client }: Using): Kind {
  const lambda = client(LambdaClient)
  return {
    type: 'lambda:function',
    async page(Marker) {
      const page = await lambda.send(new ListFunctionsCommand({ Marker, MaxItems: 50 }))
      const items = (page.Functions ?? []).map(({ FunctionArn: arn = '', VpcConfig }) => ({
        ...{ arn, vpc: VpcConfig?.VpcId || undefined },
      }))
      return { items, next: page.NextMarker }
    },
    async tags({ arn }) {
      const { Tags = {} } = await lambda.send(new ListTagsCommand({ Resource: arn }))
      return Tags
    },
  }
}

/** Its list shows the tags. https://docs.aws.amazon.com/efs/latest/ug/API_DescribeFileSystems.html */
export function fileSystems({ client }: Using): Kind {
  const efs = client(EFSClient)
  return {
    type: 'elasticfilesystem:file-system',
    async page(Marker) {
      const page = await efs.send(new DescribeFileSystemsCommand({ Marker, MaxItems: 100 }))
      const items = (page.FileSystems ?? []).map((one) => ({
        ...{ arn: one.FileSystemArn ?? '', createdAt: one.CreationTime, tags: tagsIn(one.Tags) },
        month: filesMonth(one.SizeInBytes?.Value ?? 0),
      }))
      return { items, next: page.NextMarker }
    },
    async tags(one) {
      const { FileSystems = [] } = await efs.send(
        new DescribeFileSystemsCommand({ FileSystemId: nameOf(one) }),
      )
      return tagsIn(FileSystems[0]?.Tags)
    },
  }
}

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeRepositories.html */
export function repositories({ client }: Using): Kind {
  const ecr = client(ECRClient)
  return {
    type: 'ecr:repository',
    async page(nextToken) {
      const page = await ecr.send(new DescribeRepositoriesCommand({ nextToken, maxResults: 1000 }))
      const items = (page.repositories ?? []).map(({ repositoryArn: arn = '', createdAt }) => ({
        ...{ arn, createdAt },
      }))
      return { items, next: page.nextToken }
    },
    async tags({ arn }) {
      const { tags } = await ecr.send(new ListTagsForResourceCommand({ resourceArn: arn }))
      return tagsIn(tags)
    },
  }
}
