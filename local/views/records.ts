import { unmarshall } from '@aws-sdk/util-dynamodb'
import * as z from 'zod'
import type { DynamoDb } from '../aws/dynamodb/dynamodb.ts'
import type { Table } from '../aws/dynamodb/table.ts'

/** A push's record in Caretaker's table, as anybody may read it there (README, "Asking why"). */
const recordSchema = z.object({
  pk: z.string(),
  sk: z.string(),
  service: z.string().optional(),
  cluster: z.string().optional(),
  owner: z.string().optional(),
  repository: z.string(),
  tag: z.string(),
  digest: z.string(),
  at: z.string(),
  endedAt: z.string().optional(),
  verdict: z.string(),
  reason: z.string(),
  execution: z.string(),
  progress: z
    .object({
      running: z.number(),
      desired: z.number(),
      failures: z.number(),
      threshold: z.number(),
      steadyAt: z.string().optional(),
    })
    .optional(),
  failure: z
    .object({
      stoppedReason: z.string(),
      container: z.string().optional(),
      exitCode: z.number().optional(),
      logs: z.array(z.string()),
    })
    .optional(),
})

/** A push and what became of it; `verdict` is `waiting` or `rolling-out` while there is none yet. */
export type PushRecord = z.infer<typeof recordSchema>

const stateSchema = z.object({
  /** The last push the service's policy chose. */
  latest: z.object({ tag: z.string(), digest: z.string() }).optional(),
  /** By digest: how it ended here. */
  tried: z.record(z.string(), z.object({ verdict: z.string() })).default({}),
})

/** How a push ended for one service; `service` is absent if no service follows the repository. */
export type Verdict = Omit<PushRecord, 'pk' | 'sk' | 'progress' | 'failure' | 'execution'>

const OPEN = new Set(['waiting', 'rolling-out'])

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

  /** Every push's record, in the order of the pushes. */
  get all(): PushRecord[] {
    return this.#items('roll-out#')
      .flatMap((item) => recordSchema.safeParse(item).data ?? [])
      .toSorted((a, b) => a.at.localeCompare(b.at) || ended(a).localeCompare(ended(b)))
  }

  /** The records that have their verdict. */
  get verdicts(): Verdict[] {
    return this.all
      .filter(({ verdict }) => !OPEN.has(verdict))
      .map(({ pk, sk, progress, failure, execution, ...told }) => told)
  }

  /** What Caretaker remembers of a service. @param service `<cluster>/<service>` */
  state(service: string): z.infer<typeof stateSchema> {
    const item = this.#items('state').find(({ pk }) => pk === `service#${service}`)
    return stateSchema.safeParse(item).data ?? { tried: {} }
  }

  #items(prefix: string): Record<string, unknown>[] {
    return this.#table
      .items()
      .filter((item) => item.sk?.S?.startsWith(prefix))
      .map((item) => unmarshall(item))
  }
}

const ended = ({ endedAt = '9999' }: PushRecord): string => endedAt
