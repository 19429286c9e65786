import { type Place, type PlaceOptions, placeOf } from './asking/place.ts'
import { oneOf, serviceNamed } from './hands/catalog.ts'
import type { Terminal } from './terminal.ts'

type Options = PlaceOptions & { print?: boolean | undefined; json?: boolean | undefined }

/**
 * Prints where to look at the environment, or at one service of it: the console of the simulation
 * that runs here, else AWS's own; on a terminal it is opened too.
 *
 * @throws UsageError for a service that is not there.
 */
export async function open(
  service: string | undefined,
  options: Options,
  terminal: Terminal,
): Promise<number> {
  const place = await placeOf(options, terminal)
  const url =
    place.console === undefined ? atAws(place, service, options.catalog) : own(place, service)
  terminal.out(options.json ? JSON.stringify({ url }) : url)
  if (!options.print && !options.json) terminal.browse?.(url)
  return 0
}

/** A page of the console (docs/console.md). */
function own({ console = '', services = [] }: Place, service: string | undefined): string {
  if (service === undefined) return console
  oneOf(
    'service',
    service,
    services.map(({ name }) => name),
  )
  return `${console}/services/${service}`
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/viewing-service-console.html */
function atAws(
  { region, environment }: Place,
  service: string | undefined,
  catalog: string,
): string {
  const base = `https://${region}.console.aws.amazon.com/ecs/v2/clusters`
  if (service === undefined) return `${base}?region=${region}`
  const { cluster } = serviceNamed(service, catalog)
  return `${base}/${environment}-${cluster}/services/${service}/health?region=${region}`
}
