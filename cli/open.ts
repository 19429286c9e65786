import { readCatalog } from '../catalog/read.ts'
import { nearest } from '../domain/acts/typed.ts'
import { type PlaceOptions, placeOf } from './asking/place.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage.ts'

type Options = PlaceOptions & { print?: boolean | undefined }

/**
 * Prints where to look at the environment, or at one service of it: the console of the simulation
 * that runs here, else AWS's own; on a terminal it is opened too.
 *
 * @throws UsageError for a service that the catalog does not have.
 */
export async function open(
  service: string | undefined,
  options: Options,
  terminal: Terminal,
): Promise<number> {
  const { console, region, environment } = await placeOf(options, terminal)
  const path = service === undefined ? 'clusters' : pathOf(service, environment, options.catalog)
  const url = console ?? `https://${region}.console.aws.amazon.com/ecs/v2/${path}?region=${region}`
  terminal.out(url)
  if (!options.print) terminal.browse?.(url)
  return 0
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/viewing-service-console.html */
function pathOf(service: string, environment: string, catalog: string): string {
  const { services } = readCatalog(catalog)
  const found = services.find(({ name }) => name === service)
  if (found !== undefined) {
    return `clusters/${environment}-${found.cluster}/services/${service}/health`
  }
  const names = services.map(({ name }) => name)
  const [like] = nearest(service, names, 1)
  const meant = like === undefined ? '' : ` Did you mean ${like}?`
  throw new UsageError(
    `The catalog has no service ${JSON.stringify(service)}.${meant} It has: ${names.join(', ')}.`,
  )
}
