import { ListRequiredTagsCommand } from '@aws-sdk/client-resource-groups-tagging-api'
import { everyPage } from './read/reader.ts'
import type { Sources } from './sources.ts'

/** What the Tagging API calls a type, where that is not as here. */
const TYPES: Readonly<Record<string, string>> = {
  'autoscaling:autoScalingGroup': 'autoscaling:group',
}

/**
 * The keys that the organisation's tag policies report as required, by type; none outside of an
 * organisation. https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_ListRequiredTags.html
 *
 * @param last what is known already: it holds where this cannot be read.
 */
export async function companyKeys(
  { tagging, log }: Pick<Sources, 'tagging' | 'log'>,
  last: Record<string, string[]>,
): Promise<Record<string, string[]>> {
  try {
    const all = await everyPage(async (NextToken) => {
      const page = await tagging.send(new ListRequiredTagsCommand({ NextToken }))
      return { items: page.RequiredTags ?? [], next: page.NextToken }
    })
    return Object.fromEntries(
      all.map(({ ResourceType = '', ReportingTagKeys = [] }) => [
        TYPES[ResourceType] ?? ResourceType,
        ReportingTagKeys,
      ]),
    )
  } catch (error) {
    log.warn('the organisation’s tag policies cannot be read', { error })
    return last
  }
}
