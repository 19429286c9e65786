import { unmarshall } from '@aws-sdk/util-dynamodb'
import { type ItemKind, itemKind } from '../../domain/table/keys.ts'
import { isVerdict } from '../../domain/verdicts.ts'
import type { DynamoDb } from '../aws/dynamodb/dynamodb.ts'
import type { Table } from '../aws/dynamodb/table.ts'
import { Kept, type PushRecord } from './kept.ts'

/** How a push ended for one service; `service` is absent if no service follows the repository. */
export type PushVerdict = Pick<
  PushRecord,
  'service' | 'cluster' | 'repository' | 'tag' | 'digest' | 'at' | 'verdict' | 'reason'
> & { owner?: string; endedAt?: string }

/** Caretaker's table, read as anybody with access to the account could. */
export class Records extends Kept {
  readonly #table: Table

  /** @throws Error when the templates have no such table. */
  constructor(dynamodb: DynamoDb) {
    const table = dynamodb.tables.find(({ name }) => name.endsWith('-caretaker'))
    if (table === undefined) throw new Error('The templates have no table <environment>-caretaker')
    super((kind) => itemsOf(table, kind))
    this.#table = table
  }

  /** Called whenever an item has changed; returns how to stop. */
  onChange(listener: () => void): () => void {
    return this.#table.stream?.onRecord(listener) ?? (() => undefined)
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
}

function itemsOf(table: Table, kind: ItemKind): Record<string, unknown>[] {
  return table
    .items()
    .filter(({ pk, sk }) => itemKind({ pk: pk?.S ?? '', sk: sk?.S ?? '' }) === kind)
    .map((item) => unmarshall(item))
}
