import type { EnvironmentState } from '../../../domain/table/environment-state.ts'
import {
  digestKey,
  environmentKey,
  type Key,
  recordKey,
  servicePartition,
  stateKey,
} from '../../../domain/table/keys.ts'
import { readItem } from '../../../domain/table/read.ts'
import type { Push, RollOutRecord } from '../../../domain/table/record.ts'
import type { ServiceState, TriedDigest } from '../../../domain/table/service-state.ts'
import { VERSION } from '../../../domain/table/version.ts'
import { getItems } from '../table/get.ts'
import type { Item, Table } from '../table/table.ts'

/** What the table says of one service. */
export type Stored = {
  state?: ServiceState
  environment?: EnvironmentState
  /** The record of the push that was asked for. */
  recorded?: RollOutRecord
  /** The digest that was asked for: what `state.tried` lacks of it was never tried. */
  digest?: string
}

/**
 * What the table says of these services, in their order.
 *
 * @param services `<cluster>/<service>` each; an item of theirs that cannot be read is an error in
 *   its place, and says nothing about the others.
 * @param push whose record is read too, and what became of its digest.
 */
export async function readStored(
  table: Table,
  services: readonly string[],
  push?: Push,
): Promise<(Stored | Error)[]> {
  const each = (service: string): Key[] => [
    stateKey(service),
    ...(push === undefined ? [] : [recordKey(service, push), digestKey(service, push.digest)]),
  ]
  const [environment, ...items] = await getItems(table, [environmentKey, ...services.flatMap(each)])
  const width = items.length / Math.max(services.length, 1)
  return services.map((_, place) => {
    const [state, record, digest] = items.slice(place * width, (place + 1) * width)
    try {
      return stored({ environment, state, record, digest }, push)
    } catch (error) {
      return error as Error
    }
  })
}

/**
 * What the table says of one service.
 *
 * @throws UnreadableItem
 */
export async function readStoredOf(table: Table, service: string, push?: Push): Promise<Stored> {
  const [found] = await readStored(table, [service], push)
  if (found instanceof Error) throw found
  return found ?? {}
}

/** The state with what became of these digests; those that were read already are not read again. */
export async function withDigests(
  table: Table,
  service: string,
  { state, digest: read }: Stored,
  digests: readonly string[],
): Promise<ServiceState | undefined> {
  const wanted = digests.filter((digest) => digest !== read && state?.tried?.[digest] === undefined)
  const tried = await readTried(
    table,
    wanted.map((digest) => ({ service, digest })),
  )
  return tried.reduce<ServiceState | undefined>(
    (known, item, place) =>
      item === undefined ? known : withTried(known, wanted[place] ?? '', item),
    state,
  )
}

/** What became of each of these digests in its service, in their order; undefined: never tried. */
export async function readTried(
  table: Table,
  pairs: readonly { service: string; digest: string }[],
): Promise<(TriedDigest | undefined)[]> {
  const items = await getItems(
    table,
    pairs.map(({ service, digest }) => digestKey(service, digest)),
  )
  return items.map((item) => (item === undefined ? undefined : readItem('digest', item)))
}

/** The record of a roll-out under way. */
export async function readRecord(
  table: Table,
  service: string,
  sk: string,
): Promise<RollOutRecord | undefined> {
  const [item] = await getItems(table, [{ pk: servicePartition(service), sk }])
  return item === undefined ? undefined : readItem('roll-out', item)
}

const NEW: ServiceState = { version: VERSION, generation: 0 }

function stored(
  items: Record<'environment' | 'state' | 'record' | 'digest', Item | undefined>,
  push: Push | undefined,
): Stored {
  const { environment, state, record, digest } = items
  const read = state === undefined ? undefined : readItem('service', state)
  const tried = digest === undefined ? undefined : readItem('digest', digest)
  const whole = tried === undefined ? read : withTried(read, push?.digest ?? '', tried)
  return {
    ...(push === undefined ? {} : { digest: push.digest }),
    ...(whole === undefined ? {} : { state: whole }),
    ...(record === undefined ? {} : { recorded: readItem('roll-out', record) }),
    ...(environment === undefined ? {} : { environment: readItem('environment', environment) }),
  }
}

const withTried = (
  state: ServiceState | undefined,
  digest: string,
  tried: TriedDigest,
): ServiceState => ({ ...(state ?? NEW), tried: { ...state?.tried, [digest]: tried } })
