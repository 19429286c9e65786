import type { GetResourcesOutput } from '@aws-sdk/client-resource-groups-tagging-api'
import { expect, test } from 'vitest'
import { Tagging } from '../../local/aws/tagging/tagging.ts'
import { Cluster } from '../kits/cluster.ts'

async function opened() {
  const account = await Cluster.open()
  account.aws.register(new Tagging(account.aws))
  await account.create(await account.revision({}), {
    tags: [
      { key: 'caretaker:repository', value: 'orders' },
      { key: 'team', value: 'blue' },
    ],
  })
  const tagging = <Output>(operation: string, input: object) =>
    account.call<Output>('resource-groups-tagging-api', operation, input)
  return { account, tagging, service: 'arn:aws:ecs:eu-central-1:123456789012:service/dev/orders' }
}

const arnsOf = ({ ResourceTagMappingList }: GetResourcesOutput) =>
  ResourceTagMappingList?.map(({ ResourceARN }) => ResourceARN)

test('finds resources by type and tags, never untagged ones', async () => {
  const { tagging, service } = await opened()
  expect(arnsOf(await tagging('GetResources', {}))).toEqual([service])
  const TagFilters = [{ Key: 'caretaker:repository' }, { Key: 'team', Values: ['blue', 'red'] }]
  expect(
    arnsOf(await tagging('GetResources', { TagFilters, ResourceTypeFilters: ['ecs:service'] })),
  ).toEqual([service])
  expect(arnsOf(await tagging('GetResources', { ResourceTypeFilters: ['ecr'] }))).toEqual([])
  expect(await tagging('GetTagKeys', {})).toMatchObject({
    TagKeys: ['caretaker:repository', 'team'],
  })
  expect(await tagging('GetTagValues', { Key: 'team' })).toMatchObject({ TagValues: ['blue'] })
})

test('tags through the services themselves and tells which failed', async () => {
  const { account, tagging, service } = await opened()
  const repository = 'arn:aws:ecr:eu-central-1:123456789012:repository/orders'
  const gone = 'arn:aws:ecs:eu-central-1:123456789012:service/dev/gone'
  const answer = await tagging('TagResources', {
    ResourceARNList: [service, repository, gone],
    Tags: { owner: 'ana' },
  })
  expect(answer).toMatchObject({
    FailedResourcesMap: { [gone]: { StatusCode: 400, ErrorCode: 'InvalidParameterException' } },
  })
  expect(await account.call('ecr', 'ListTagsForResource', { resourceArn: repository })).toEqual({
    tags: [{ Key: 'owner', Value: 'ana' }],
  })
  const page = await tagging<GetResourcesOutput>('GetResources', { ResourcesPerPage: 1 })
  expect(arnsOf(page)).toHaveLength(1)
  const rest = await tagging<GetResourcesOutput>('GetResources', {
    ResourcesPerPage: 1,
    PaginationToken: page.PaginationToken,
  })
  expect([...(arnsOf(page) ?? []), ...(arnsOf(rest) ?? [])].toSorted()).toEqual([
    repository,
    service,
  ])
  expect(rest.PaginationToken).toBe('')
  await tagging('UntagResources', { ResourceARNList: [repository], TagKeys: ['owner'] })
  expect(
    arnsOf(await tagging('GetResources', { ResourceTypeFilters: ['ecr:repository'] })),
  ).toEqual([])
  const many = Array.from({ length: 21 }, () => service)
  await expect(tagging('TagResources', { ResourceARNList: many, Tags: {} })).rejects.toThrow('20')
})
