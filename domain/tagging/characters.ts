import { KEYS, valuesOf, type WatchedType } from './types.ts'

/** https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html */
const [LONGEST_KEY, LONGEST_VALUE] = [128, 256]

/** Tags of a resource, those that AWS itself has put there aside; no type here takes fewer. */
export const MOST_TAGS = 50
const RESERVED = /^aws:/i

/** Whether a service takes this key and value; without a type: whether every service does. */
export function isTaken(key: string, value: string, type?: WatchedType): boolean {
  return (
    key.length > 0 &&
    key.length <= LONGEST_KEY &&
    !RESERVED.test(key) &&
    KEYS.test(key) &&
    value.length <= LONGEST_VALUE &&
    valuesOf(type).test(value)
  )
}

/** How many more tags a resource takes; those of AWS do not count. */
export function roomIn(tags: Readonly<Record<string, string>>): number {
  return MOST_TAGS - Object.keys(tags).filter((key) => !RESERVED.test(key)).length
}
