import {
  digestKey,
  type ItemKind,
  itemKind,
  type Key,
  sleeperId,
  stateKey,
} from '../../domain/table/keys.ts'
import type { LedgerEntry } from '../../domain/table/ledger-entry.ts'
import { readItem, type SCHEMAS, UnreadableItem } from '../../domain/table/read.ts'
import type { RollOutDetail, RollOutRecord } from '../../domain/table/record.ts'
import type { ServiceState, TriedDigest } from '../../domain/table/service-state.ts'
import type { Override, Sleeper } from '../../domain/table/sleeper.ts'

/** An item of the table as a program holds it. */
type Item = Record<string, unknown>

/** A push and what became of it; `verdict` is `waiting` or `rolling-out` while there is none yet. */
export type PushRecord = Omit<
  RollOutRecord,
  'detail' | 'version' | 'kind' | 'subject' | 'expires'
> &
  RollOutDetail

/** Items of Caretaker's table, read by their kinds; one that cannot be read is left out. */
export class Kept {
  /** The items of a kind, at this moment. */
  readonly #of: (kind: ItemKind) => Item[]

  constructor(of: (kind: ItemKind) => Item[]) {
    this.#of = of
  }

  /** These items, which do not change any more. */
  static of(items: readonly Item[]): Kept {
    const kinds = Map.groupBy(items, ({ pk, sk }) => itemKind({ pk: String(pk), sk: String(sk) }))
    return new Kept((kind) => kinds.get(kind) ?? [])
  }

  /** Every push's record, in the order of the pushes. */
  get all(): PushRecord[] {
    return this.#of('roll-out')
      .flatMap((item) => readable('roll-out', item) ?? [])
      .map(flat)
      .toSorted((a, b) => a.at.localeCompare(b.at) || ended(a).localeCompare(ended(b)))
  }

  /** What Caretaker keeps of a service. @param service `<cluster>/<service>` */
  state(service: string): ServiceState | undefined {
    return this.#item('service', stateKey(service))
  }

  /** What became of a digest in a service. */
  tried(service: string, digest: string): Pick<TriedDigest, 'verdict'> | undefined {
    return this.#item('digest', digestKey(service, digest)) ?? this.state(service)?.tried?.[digest]
  }

  /** What is kept of everything that sleeps. */
  get sleepers(): { id: string; kept: Sleeper }[] {
    return this.#of('sleeper').flatMap((item) => {
      const kept = readable('sleeper', item)
      return kept === undefined ? [] : [{ id: sleeperId(String(item.sk)), kept }]
    })
  }

  /** The sleeps that are over. */
  get slept(): LedgerEntry[] {
    return this.#of('ledger-entry').flatMap((item) => readable('ledger-entry', item) ?? [])
  }

  /** Who has asked that something sleeps or stays awake. */
  get overrides(): (Override & { id: string })[] {
    return this.#of('override').flatMap((item) => {
      const read = readable('override', item)
      return read === undefined ? [] : [{ ...read, id: String(item.sk) }]
    })
  }

  /** Every item of a kind that can be read, with its key. */
  every<Kind extends ItemKind>(kind: Kind) {
    return this.#of(kind).flatMap(({ pk, sk, ...rest }) => {
      const item = readable(kind, { pk, sk, ...rest })
      const key: Key = { pk: String(pk), sk: String(sk) }
      return item === undefined ? [] : [{ key, item }]
    })
  }

  #item<Kind extends ItemKind>(kind: Kind, key: { pk: string; sk: string }) {
    const found = this.#of(kind).find(({ pk, sk }) => pk === key.pk && sk === key.sk)
    return found === undefined ? undefined : readable(kind, found)
  }
}

function readable<Kind extends keyof typeof SCHEMAS>(kind: Kind, item: Record<string, unknown>) {
  try {
    return readItem(kind, item)
  } catch (error) {
    if (error instanceof UnreadableItem) return undefined
    throw error
  }
}

function flat({ detail, version, kind, subject, expires, ...record }: RollOutRecord): PushRecord {
  return { ...record, ...detail }
}

const ended = ({ endedAt = '9999' }: PushRecord): string => endedAt
