import { unmarshall } from '@aws-sdk/util-dynamodb'
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
import { isVerdict } from '../../domain/verdicts.ts'
import type { DynamoDb } from '../aws/dynamodb/dynamodb.ts'
import type { Table } from '../aws/dynamodb/table.ts'

/** A push and what became of it; `verdict` is `waiting` or `rolling-out` while there is none yet. */
export type PushRecord = Omit<
  RollOutRecord,
  'detail' | 'version' | 'kind' | 'subject' | 'expires'
> &
  RollOutDetail

/** How a push ended for one service; `service` is absent if no service follows the repository. */
export type PushVerdict = Pick<
  PushRecord,
  'service' | 'cluster' | 'repository' | 'tag' | 'digest' | 'at' | 'verdict' | 'reason'
> & { owner?: string; endedAt?: string }

/** Caretaker's table, read as anybody with access to the account could. */
export class Records {
  readonly #table: Table

  /** @throws Error when the templates have no such table. */
  constructor(dynamodb: DynamoDb) {
    const table = dynamodb.tables.find(({ name }) => name.endsWith('-caretaker'))
    if (table === undefined) throw new Error('The templates have no table <environment>-caretaker')
    this.#table = table
  }

  /** Called whenever an item has changed; returns how to stop. */
  onChange(listener: () => void): () => void {
    return this.#table.stream?.onRecord(listener) ?? (() => undefined)
  }

  /** Every push's record, in the order of the pushes; one that cannot be read is left out. */
  get all(): PushRecord[] {
    return this.#items('roll-out')
      .flatMap((item) => readable('roll-out', item) ?? [])
      .map(flat)
      .toSorted((a, b) => a.at.localeCompare(b.at) || ended(a).localeCompare(ended(b)))
  }

  /** The records that have their verdict. */
  get verdicts(): PushVerdict[] {
    return this.all
      .filter(({ verdict }) => isVerdict(verdict))
      .map(
        ({ service, cluster, owner, repository, tag, digest, at, endedAt, verdict, reason }) => ({
          ...(service === undefined ? {} : { service, cluster }),
          ...(owner === '' ? {} : { owner }),
          repository,
          tag,
          digest,
          at,
          ...(endedAt === undefined ? {} : { endedAt }),
          verdict,
          reason,
        }),
      )
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
    return this.#items('sleeper').flatMap((item) => {
      const kept = readable('sleeper', item)
      return kept === undefined ? [] : [{ id: sleeperId(String(item.sk)), kept }]
    })
  }

  /** The sleeps that are over. */
  get slept(): LedgerEntry[] {
    return this.#items('ledger-entry').flatMap((item) => readable('ledger-entry', item) ?? [])
  }

  /** Who has asked that something sleeps or stays awake. */
  get overrides(): (Override & { id: string })[] {
    return this.#items('override').flatMap((item) => {
      const read = readable('override', item)
      return read === undefined ? [] : [{ ...read, id: String(item.sk) }]
    })
  }

  /** Every item of a kind that can be read, with its key. */
  every<Kind extends ItemKind>(kind: Kind) {
    return this.#items(kind).flatMap(({ pk, sk, ...rest }) => {
      const item = readable(kind, { pk, sk, ...rest })
      const key: Key = { pk: String(pk), sk: String(sk) }
      return item === undefined ? [] : [{ key, item }]
    })
  }

  #item<Kind extends ItemKind>(kind: Kind, key: { pk: string; sk: string }) {
    const found = this.#items(kind).find(({ pk, sk }) => pk === key.pk && sk === key.sk)
    return found === undefined ? undefined : readable(kind, found)
  }

  #items(kind: ItemKind): Record<string, unknown>[] {
    return this.#table
      .items()
      .filter(({ pk, sk }) => itemKind({ pk: pk?.S ?? '', sk: sk?.S ?? '' }) === kind)
      .map((item) => unmarshall(item))
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
