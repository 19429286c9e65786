import { type CloudWatchClient, ListTagsForResourceCommand } from '@aws-sdk/client-cloudwatch'
import { type Owner, ownerOf, type Tagged } from '../../../domain/alarms/owner.ts'
import type { CompiledCatalog } from '../../../domain/compiled-catalog.ts'
import { tagsIn } from '../../../domain/tags.ts'
import type { Noticed } from './noticed.ts'

/**
 * Whose an alarm is, by the tags that came with its event, or else by those it has now.
 *
 * @returns undefined for one that is not ours to tell.
 */
export async function readOwner(
  cloudwatch: CloudWatchClient,
  { detail, tags }: Noticed,
  catalog: CompiledCatalog,
): Promise<Owner | undefined> {
  const tagged = tags === undefined ? await tagsOf(cloudwatch, detail.arn) : { tags }
  const dimensions = { ...detail.metric?.dimensions, ...detail.contributor?.attributes }
  return ownerOf(tagged, { name: detail.name, dimensions }, catalog)
}

/** A failed read is never taken for an alarm without tags, which would be nobody's. */
export async function tagsOf(cloudwatch: CloudWatchClient, arn: string): Promise<Tagged> {
  try {
    const { Tags = [] } = await cloudwatch.send(
      new ListTagsForResourceCommand({ ResourceARN: arn }),
    )
    return { tags: tagsIn(Tags) }
  } catch (error) {
    return { unread: error instanceof Error ? error.name.replace(/Exception$/, '') : 'unknown' }
  }
}
