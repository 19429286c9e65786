import type {
  CreateTagsRequest,
  DeleteTagsRequest,
  DescribeTagsRequest,
  Filter,
  TagDescription,
} from '@aws-sdk/client-ec2'
import { NotImplemented } from '../errors.ts'
import { matchesWildcard } from '../iam/wildcard.ts'
import { onlyMembers, page } from '../members.ts'
import { tagsFrom } from '../tags.ts'
import type { Ec2Store } from './model.ts'

const FILTERS: Readonly<Record<string, keyof TagDescription>> = {
  key: 'Key',
  'resource-id': 'ResourceId',
  'resource-type': 'ResourceType',
  value: 'Value',
}

/** EC2 tags whatever has an id. One id that is not there fails the whole call. */
export function tagOperations(store: Ec2Store) {
  return {
    CreateTags: (input: CreateTagsRequest) => {
      const kept = (input.Resources ?? []).map((id) => store.withId(id))
      for (const { tags } of kept) Object.assign(tags, tagsFrom(input.Tags))
      return {}
    },
    // A tag that is named with a value goes only if it has that.
    DeleteTags: (input: DeleteTagsRequest) => {
      const kept = (input.Resources ?? []).map((id) => store.withId(id))
      for (const { tags } of kept) {
        for (const { Key = '', Value } of input.Tags ?? []) {
          if (Value === undefined || tags[Key] === Value) delete tags[Key]
        }
      }
      return {}
    },
    DescribeTags: (input: DescribeTagsRequest) => {
      onlyMembers('ec2:DescribeTags', input, ['Filters', 'MaxResults', 'NextToken'])
      const { Filters: filters = [], NextToken: token, MaxResults: limit = 1000 } = input
      const found = descriptions(store).filter((tag) => filters.every((one) => fits(tag, one)))
      const { items, next } = page(found, { token, limit, invalid: 'InvalidNextToken' })
      return { Tags: items, ...(next === undefined ? {} : { NextToken: next }) }
    },
  }
}

function descriptions({ all }: Ec2Store): TagDescription[] {
  return all.flatMap(({ id, arn, tags }) => {
    const ResourceType = arn.split(':')[5]?.split('/')[0] as TagDescription['ResourceType']
    return Object.entries(tags).map(([Key, Value]) => ({
      Key,
      Value,
      ResourceId: id,
      ResourceType,
    }))
  })
}

/** @throws NotImplemented for a filter of another name. */
function fits(tag: TagDescription, { Name = '', Values = [] }: Filter): boolean {
  const member = FILTERS[Name]
  if (member === undefined) throw new NotImplemented(`the filter ${Name} of ec2:DescribeTags`)
  return Values.some((pattern) => matchesWildcard(pattern, tag[member] ?? ''))
}
