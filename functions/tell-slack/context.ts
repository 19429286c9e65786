import type { Logger } from '@aws-lambda-powertools/logger'
import type { SNSClient } from '@aws-sdk/client-sns'
import type { SQSClient } from '@aws-sdk/client-sqs'
import type { CompiledCatalog } from '../../domain/compiled-catalog.ts'
import type { Key } from '../../domain/table/keys.ts'
import type { SlackState } from '../../domain/table/message.ts'
import type { Table } from '../shared/table/table.ts'
import type { Asking } from './ask.ts'
import type { Memory } from './memory.ts'
import type { Says } from './notice.ts'

/** What telling a record takes. */
export type Context = Asking & {
  table: Table
  catalog: CompiledCatalog
  log: Logger
  newId(): string
  fetch: typeof fetch
  /** The queue of what waits, and the topic whose subscribers get e-mail. */
  queue: { client: SQSClient; url: string }
  topic: { client: SNSClient; arn: string }
  /** Why Slack takes nothing, as far as is known; absent while it takes calls. */
  down: SlackState | undefined
  /** What this environment told last. */
  memory: Memory
  /** Records whose message Slack has refused for good in this invocation; filled on the way. */
  refused: string[]
}

export const keyOf = ({ pk, sk }: Key): Key => ({ pk, sk })
export const nameOf = ({ pk, sk }: Key): string => `${pk} ${sk}`

export const saysIn = ({ catalog }: Pick<Context, 'catalog'>): Says => ({
  timeZone: catalog.timeZone,
  runbooks: catalog.links?.runbooks,
  console: catalog.links?.console,
})
