import {
  GetResourcesCommand,
  type ResourceGroupsTaggingAPIClient,
} from '@aws-sdk/client-resource-groups-tagging-api'
import { typeOf, type WatchedType } from '../../../domain/tagging/types.ts'
import { tagsIn } from '../../../domain/tags.ts'
import { everyPage } from './reader.ts'

/** `GetResources` answers a hundred at most. */
const AT_ONCE = 100
/** Two thirds of the fifteen a second that `GetResources` is published with. */
const PAUSE_MS = 100

type Clients = {
  tagging: ResourceGroupsTaggingAPIClient
  pause(milliseconds: number): Promise<void>
}

/**
 * The tags of all resources of some types that ever had one, by their ARNs: one list for all types,
 * read when it is asked for first. It holds what was deleted hours ago, and lags behind; what is
 * there is said by each type's own service.
 * https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
 */
export class TagIndex {
  readonly #clients: Clients
  readonly #types: readonly WatchedType[]
  #tags: Promise<Map<string, Record<string, string>>> | undefined

  constructor(clients: Clients, types: readonly WatchedType[]) {
    this.#clients = clients
    this.#types = types
  }

  /** @throws what the Tagging API says, to each type that asks. */
  async tagsOf(arn: string): Promise<Record<string, string>> {
    this.#tags ??= this.#read()
    return (await this.#tags).get(arn) ?? {}
  }

  async #read(): Promise<Map<string, Record<string, string>>> {
    const { tagging, pause } = this.#clients
    const pages = await everyPage(async (token) => {
      if (token !== undefined) await pause(PAUSE_MS)
      const page = await tagging.send(
        new GetResourcesCommand({
          ResourceTypeFilters: this.#types.map(filterOf),
          ResourcesPerPage: AT_ONCE,
          ...(token !== undefined && { PaginationToken: token }),
        }),
      )
      return { items: page.ResourceTagMappingList ?? [], next: page.PaginationToken }
    })
    return new Map(pages.map(({ ResourceARN = '', Tags }) => [ResourceARN, tagsIn(Tags)]))
  }
}

/** Queues and topics are named by their service alone. */
const filterOf = (type: WatchedType): string =>
  typeOf(type).before === '' ? typeOf(type).service : type
