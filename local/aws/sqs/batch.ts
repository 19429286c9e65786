import type { BatchResultErrorEntry } from '@aws-sdk/client-sqs'
import { AwsError } from '../errors.ts'

/**
 * Runs each entry of a batch for itself: one that is refused does not stop the others.
 *
 * @throws AwsError for a batch that is refused as a whole.
 */
export function batch<Entry extends { Id?: string | undefined }, Result extends object>(
  entries: readonly Entry[] | undefined,
  run: (entry: Entry) => Result,
): { Successful?: (Result & { Id: string })[]; Failed?: BatchResultErrorEntry[] } {
  checkIds((entries ?? []).map(({ Id }) => Id ?? ''))
  const Successful: (Result & { Id: string })[] = []
  const Failed: BatchResultErrorEntry[] = []
  for (const entry of entries ?? []) {
    const Id = entry.Id ?? ''
    try {
      Successful.push({ ...run(entry), Id })
    } catch (error) {
      if (!(error instanceof AwsError) || error.statusCode >= 500) throw error
      Failed.push({ Id, SenderFault: true, Code: error.name, Message: error.message })
    }
  }
  return {
    ...(Successful.length === 0 ? {} : { Successful }),
    ...(Failed.length === 0 ? {} : { Failed }),
  }
}

function checkIds(ids: readonly string[]): void {
  if (ids.length === 0) {
    throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.')
  }
  if (ids.length > 10) {
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are 10. You have sent ${ids.length}.`,
    )
  }
  if (!ids.every((id) => /^[\w-]{1,80}$/.test(id))) {
    throw new AwsError(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    )
  }
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index)
  if (repeated !== undefined) {
    throw new AwsError('BatchEntryIdsNotDistinct', `Id ${repeated} repeated.`)
  }
}
