import { UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { type Table, type Update, unlessRefused, updateRequest } from './table.ts'

/** @returns whether it was written: not when its condition does not hold. */
export function updateItem(table: Table, update: Update): Promise<boolean> {
  return unlessRefused(() => table.client.send(new UpdateItemCommand(updateRequest(table, update))))
}
