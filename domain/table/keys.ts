import { shortDigest } from '../image.ts'

/**
 * Caretaker's table, what AWS does not keep:
 *
 * | pk                            | sk                             | item                |
 * |-------------------------------|--------------------------------|---------------------|
 * | `service#<cluster>/<service>` | `state`                        | `ServiceState`      |
 * | `service#<cluster>/<service>` | `digest#<digest>`              | `TriedDigest`       |
 * | `service#<cluster>/<service>` | `roll-out#<at>#<tag>#<digest>` | record of a push    |
 * | `service#<cluster>/<service>` | `missing-image#<generation>#<digest>` | `MissingImage`  |
 * | `service#<cluster>/<service>` | `message#<sk of the record>`   | its Slack message   |
 * | `repository#<name>`           | `roll-out#…`                   | record of a push that no service follows |
 * | `environment`                 | `state`                        | `EnvironmentState`  |
 */
export type Key = { pk: string; sk: string }

const STATE = 'state'
const ENVIRONMENT = 'environment'
const DIGEST = 'digest#'
const MESSAGE = 'message#'
/** What the sort key of every record of a roll-out begins with. */
export const ROLL_OUT = 'roll-out#'
/** What the sort key of every record of an image that is not there begins with. */
export const MISSING_IMAGE = 'missing-image#'

export const servicePartition = (service: string): string => `service#${service}`

/** @param service `<cluster>/<service>` */
export const stateKey = (service: string): Key => ({ pk: servicePartition(service), sk: STATE })
export const environmentKey: Key = { pk: ENVIRONMENT, sk: STATE }
export const digestKey = (service: string, digest: string): Key => ({
  pk: servicePartition(service),
  sk: `${DIGEST}${digest}`,
})

/** The sort key of a push's record: the push itself, so that a repeated event finds it. */
export const recordSortKey = ({ at, tag, digest }: { at: string; tag: string; digest: string }) =>
  `${ROLL_OUT}${at}#${tag}#${shortDigest(digest)}`

export const recordKey = (
  service: string,
  push: { at: string; tag: string; digest: string },
): Key => ({ pk: servicePartition(service), sk: recordSortKey(push) })

/** The record of a push that no service follows. */
export const unfollowedKey = (push: {
  repository: string
  at: string
  tag: string
  digest: string
}): Key => ({ pk: `repository#${push.repository}`, sk: recordSortKey(push) })

/** Told once for each roll-out (`generation`) of the image. */
export const missingImageKey = (service: string, generation: number, digest: string): Key => ({
  pk: servicePartition(service),
  sk: `${MISSING_IMAGE}${generation}#${shortDigest(digest)}`,
})

/** Where the Slack message of a record is noted, beside the record. */
export const messageKey = ({ pk, sk }: Key): Key => ({ pk, sk: `${MESSAGE}${sk}` })

/** What kind of item a key names; undefined for one that is not ours. */
export function itemKind({ pk, sk }: Key): ItemKind | undefined {
  if (sk === STATE) return pk === ENVIRONMENT ? 'environment' : 'service'
  if (sk.startsWith(DIGEST)) return 'digest'
  if (sk.startsWith(MESSAGE)) return 'message'
  if (sk.startsWith(MISSING_IMAGE)) return 'missing-image'
  return sk.startsWith(ROLL_OUT) ? 'roll-out' : undefined
}

export type ItemKind =
  | 'environment'
  | 'service'
  | 'digest'
  | 'message'
  | 'missing-image'
  | 'roll-out'
