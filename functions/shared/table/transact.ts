import { TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb'
import { type Put, putRequest, type Table, type Update, updateRequest } from './table.ts'

export type Write = { put: Put } | { update: Update }

/**
 * All of the writes, or none.
 *
 * @returns whether they were written: not when one's condition does not hold.
 */
export async function transact(table: Table, writes: readonly Write[]): Promise<boolean> {
  const TransactItems = writes.map((write) =>
    'put' in write
      ? { Put: putRequest(table, write.put) }
      : { Update: updateRequest(table, write.update) },
  )
  try {
    await table.client.send(new TransactWriteItemsCommand({ TransactItems }))
    return true
  } catch (error) {
    if (isRefusedByCondition(error)) return false
    throw error
  }
}

/**
 * A transaction is cancelled by a condition, or because another was under way at the same item:
 * then it is worth another attempt, and the error goes on.
 */
function isRefusedByCondition(error: unknown): boolean {
  if (!(error instanceof Error) || error.name !== 'TransactionCanceledException') return false
  const { CancellationReasons = [] } = error as { CancellationReasons?: { Code?: string }[] }
  return CancellationReasons.some(({ Code }) => Code === 'ConditionalCheckFailed')
}
