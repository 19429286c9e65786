import type { CompiledCatalog } from '../compiled-catalog.ts'
import { taskHour } from '../ledger/rate.ts'
import { PRICES } from '../prices.ts'
import type { Seen } from './resource.ts'

/** What an hour costs at list price, and the names of what no price is known of. */
export type Price = { hour: number; unknown: string[] }

/** The class of every database of the catalog: `infra/environment/data/database.ts`. */
const DATABASE_HOUR = PRICES.databaseHour['db.t4g.micro']

/**
 * What these cost in an hour while they are awake, in US dollars at list price. What did not come
 * from the catalog has no price that is known.
 */
export function priceOf(
  resources: readonly Pick<Seen, 'kind' | 'name' | 'service' | 'size' | 'usual'>[],
  { services }: Pick<CompiledCatalog, 'services'>,
): Price {
  const price: Price = { hour: 0, unknown: [] }
  for (const one of resources) {
    const hour = hourOf(one, services)
    if (hour === undefined) price.unknown.push(one.name)
    else price.hour += hour
  }
  return price
}

function hourOf(
  { kind, service = '', size, usual = 1 }: Pick<Seen, 'kind' | 'service' | 'size' | 'usual'>,
  services: CompiledCatalog['services'],
): number | undefined {
  const known = Object.hasOwn(services, service) ? services[service] : undefined
  if (kind === 'service' && known?.task !== undefined) {
    const { cpu, memory, spot, platform } = known.task
    return (
      taskHour(cpu, memory, platform === 'arm64') *
      (spot ? PRICES.fargateSpotShare : 1) *
      (size?.desired || usual)
    )
  }
  if (kind !== 'database') return undefined
  const isShared =
    service === '' && Object.values(services).some(({ database }) => database === 'shared')
  return known?.database === 'own' || isShared ? DATABASE_HOUR : undefined
}

/** `about $0.42`; `less than $0.01`; empty where nothing has a price. */
export function sayDollars(dollars: number): string {
  if (dollars <= 0) return ''
  return dollars < 0.01 ? 'less than $0.01' : `about $${dollars.toFixed(2)}`
}
