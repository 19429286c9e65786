import type { WatchedType } from './policy.ts'

/** https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html */
const [LONGEST_KEY, LONGEST_VALUE] = [128, 256]

/** Tags of a resource, those that AWS itself has put there aside. */
export const MOST_TAGS = 50
const RESERVED = /^aws:/i

/** What every service takes: letters, digits, spaces, and `_ . : / = + - @`. */
const EVERYWHERE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u
/** EC2 and EC2 Auto Scaling take whatever can be printed. */
const PRINTED = /^[^\p{Cc}\p{Cs}]*$/u

/**
 * By type; who is not named takes what every service takes.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_Tag.html
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tag.html
 */
const VALUES: Partial<Record<WatchedType, RegExp>> = {
  'ec2:instance': PRINTED,
  'autoscaling:group': PRINTED,
}

/** Whether a service takes this key and value; without a type: whether every service does. */
export function isTaken(key: string, value: string, type?: WatchedType): boolean {
  const characters = (type && VALUES[type]) ?? EVERYWHERE
  return (
    key.length > 0 &&
    key.length <= LONGEST_KEY &&
    !RESERVED.test(key) &&
    EVERYWHERE.test(key) &&
    value.length <= LONGEST_VALUE &&
    characters.test(value)
  )
}

/** How many more tags a resource takes; those of AWS do not count. */
export function roomIn(tags: Readonly<Record<string, string>>): number {
  return MOST_TAGS - Object.keys(tags).filter((key) => !RESERVED.test(key)).length
}
