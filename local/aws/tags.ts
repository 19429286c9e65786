/** Tags as `{ Key, Value }` lists, which most services use, and as the map kept here. */
export type Tags = Record<string, string>

type Tag = { Key?: string | undefined; Value?: string | undefined }

export function tagsFrom(list: readonly Tag[] | undefined): Tags {
  return Object.fromEntries((list ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']))
}

export function tagList(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
}

/** Takes these keys away; one that is not there changes nothing. */
export function untag(tags: Tags, keys: readonly string[] | undefined): void {
  for (const key of keys ?? []) delete tags[key]
}
