import { shortDigest } from './image.ts'

/**
 * What the names begin with that Caretaker gives to the images it runs. An image that has a name is
 * not cleaned away with those that have none: tags that people push move on to other images.
 */
export const KEPT_PREFIX = 'caretaker-'

/** Whether a tag is such a name: no policy takes it, and no push of it is heard. */
export const isKeptName = (tag: string): boolean => tag.startsWith(KEPT_PREFIX)

/** A tag has 128 characters at the most, and the digest's digits are the last twelve. */
const BEFORE_DIGEST = 116

/** What the names of a service's images begin with: `caretaker-dev-orders-`. */
export const keptNamesOf = (environment: string, service: string): string =>
  `${`${KEPT_PREFIX}${environment}-${service}`.slice(0, BEFORE_DIGEST - 1)}-`

/** The name of an image that a service runs: `caretaker-dev-orders-857d0c2d2334`. */
export const keptName = (names: string, digest: string): string => `${names}${shortDigest(digest)}`
