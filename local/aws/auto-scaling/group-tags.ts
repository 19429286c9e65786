import type {
  CreateOrUpdateTagsType,
  DeleteTagsType,
  DescribeTagsType,
  Tag,
  TagDescription,
} from '@aws-sdk/client-auto-scaling'
import { NotImplemented } from '../errors.ts'
import { type Groups, groupPage } from './model.ts'
import { tagsOf } from './shape.ts'

const FILTERS: Readonly<Record<string, (tag: TagDescription) => string>> = {
  'auto-scaling-group': ({ ResourceId = '' }) => ResourceId,
  key: ({ Key = '' }) => Key,
  'propagate-at-launch': ({ PropagateAtLaunch }) => String(PropagateAtLaunch),
  value: ({ Value = '' }) => Value,
}

/** Tags name their group themselves, and say whether its new instances get them. */
export function groupTagOperations(groups: Groups) {
  return {
    CreateOrUpdateTags: ({ Tags = [] }: CreateOrUpdateTagsType) => {
      const named = Tags.map((tag) => ({ tag, group: groups.group(tag.ResourceId) }))
      for (const { tag, group } of named) setTag(group.tags, tag)
      return {}
    },
    DeleteTags: ({ Tags = [] }: DeleteTagsType) => {
      for (const { ResourceId, Key = '' } of Tags) groups.group(ResourceId).tags.delete(Key)
      return {}
    },
    DescribeTags: ({ Filters = [], NextToken, MaxRecords }: DescribeTagsType) => {
      const all = [...groups.groups.values()].flatMap(tagsOf)
      const found = all.filter((tag) =>
        Filters.every(({ Name = '', Values = [] }) => {
          const read = FILTERS[Name]
          if (read === undefined) throw new NotImplemented(`the filter ${Name} of DescribeTags`)
          return Values.includes(read(tag))
        }),
      )
      const { items, next } = groupPage(found, NextToken, MaxRecords)
      return { Tags: items, ...(next === undefined ? {} : { NextToken: next }) }
    },
  }
}

/** @param otherwise whether new instances get a tag that does not say so. */
export function setTag(
  tags: Map<string, { value: string; propagates: boolean }>,
  { Key = '', Value = '', PropagateAtLaunch }: Partial<Tag>,
  otherwise = false,
): void {
  tags.set(Key, { value: Value, propagates: PropagateAtLaunch ?? otherwise })
}
