import type { Operations } from './aws.ts'
import type { AwsError } from './errors.ts'
import { onlyMembers } from './members.ts'

/** Tags as they are kept here. */
export type Tags = Record<string, string>

type Pair = { Key?: string | undefined; Value?: string | undefined }
type LowerPair = { key?: string | undefined; value?: string | undefined }

/** Tags as requests give them: most services take `{ Key, Value }`, some `{ key, value }` or a map. */
export type GivenTags = readonly Pair[] | readonly LowerPair[] | Readonly<Tags> | undefined

export function tagsFrom(given: GivenTags): Tags {
  if (!Array.isArray(given)) return { ...(given as Readonly<Tags> | undefined) }
  const pairs: readonly (Pair & LowerPair)[] = given
  return Object.fromEntries(
    pairs.map(({ Key, Value, key, value }) => [Key ?? key ?? '', Value ?? value ?? '']),
  )
}

export function tagList(tags: Readonly<Tags>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
}

export function lowerTagList(tags: Readonly<Tags>): { key: string; value: string }[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }))
}

/** Takes these keys away; one that is not there changes nothing. */
export function untag(tags: Tags, keys: readonly string[] | undefined): void {
  for (const key of keys ?? []) delete tags[key]
}

/** How a service answers with tags. */
const FORMS = {
  list: tagList,
  'lower-case list': lowerTagList,
  map: (tags: Readonly<Tags>): Tags => ({ ...tags }),
}

/** What a service calls its operations on tags, and their members. */
export type TagWords = {
  /** Adds, removes, lists (if it has that). Default: `TagResource` and so on. */
  operations?: readonly [add: string, remove: string, list?: string]
  /** The member that names the resource: `ResourceARN`. */
  resource: string
  /** The members with the tags to add and with the keys to remove. Default: `Tags`, `TagKeys`. */
  members?: readonly [tags: string, keys: string]
  form?: keyof typeof FORMS
  /** The member of the answer. Default: as the one with the tags to add. */
  answer?: string
  /** Adding and removing are answered with all tags there are then. Default: with nothing. */
  answersChanges?: boolean
  /** `rds:ListTagsForResource`, when it takes more members than are simulated. */
  refusesMore?: string
}

/**
 * A service's operations that add, remove and list tags.
 *
 * @param tagsOf the tags a resource carries, to be read and changed; throws as the service does for
 *   what is not there.
 */
export function taggable(
  words: TagWords,
  tagsOf: (resource: string | undefined, input: Readonly<Record<string, unknown>>) => Tags,
): Operations {
  const { operations, resource, members = ['Tags', 'TagKeys'], form = 'list' } = words
  const [add, remove, list] = operations ?? ['TagResource', 'UntagResource', 'ListTagsForResource']
  const [tags, keys] = members
  type Input = Record<string, never>
  const found = (input: Input): Tags => tagsOf(input[resource], input)
  const listed = (all: Tags) => ({ [words.answer ?? tags]: FORMS[form](all) })
  const changed = (all: Tags) => (words.answersChanges ? listed(all) : {})
  return {
    [add]: (input: Input) => changed(Object.assign(found(input), tagsFrom(input[tags]))),
    [remove]: (input: Input) => {
      const all = found(input)
      untag(all, input[keys])
      return changed(all)
    },
    ...(list === undefined
      ? {}
      : {
          [list]: (input: Input) => {
            const { refusesMore } = words
            if (refusesMore !== undefined) onlyMembers(refusesMore, input, [resource])
            return listed(found(input))
          },
        }),
  }
}

/** The tags of a resource by its ARN. @throws what `missing` makes when none of these has it. */
export function tagsByArn(
  tagged: () => Iterable<{ arn: string; tags: Tags }>,
  missing: (arn: string | undefined) => AwsError,
): (arn: string | undefined) => Tags {
  return (arn) => {
    for (const one of tagged()) if (one.arn === arn) return one.tags
    throw missing(arn)
  }
}
