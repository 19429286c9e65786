import { type ECSClient, ListClustersCommand } from '@aws-sdk/client-ecs'
import { everyPage } from './reader.ts'

/** ECS's lists answer a hundred at most. */
export const LISTED_AT_ONCE = 100

/** The ARNs of all clusters. */
export const clustersIn = (ecs: ECSClient): Promise<string[]> =>
  everyPage(async (nextToken) => {
    const page = await ecs.send(new ListClustersCommand({ nextToken, maxResults: LISTED_AT_ONCE }))
    return { items: page.clusterArns ?? [], next: page.nextToken }
  })
