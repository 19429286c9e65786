import type { CompiledCatalog } from '../compiled-catalog.ts'
import { rateOf } from '../ledger/rate.ts'
import { PRICES } from '../prices.ts'
import type { Subject } from './wanted.ts'

/** What an hour costs at list price, and the names of what no price is known of. */
export type Price = { hour: number; unknown: string[] }

/** The class that databases of the catalog have unless their file says otherwise. */
const DATABASE_HOUR = PRICES.databaseHour['db.t4g.micro']

/** What these cost in an hour while they are awake, in US dollars at list price. */
export function priceOf(
  subjects: readonly Subject[],
  { services }: Pick<CompiledCatalog, 'services'>,
): Price {
  const price: Price = { hour: 0, unknown: [] }
  for (const one of subjects) {
    const hour = hourOf(one, services)
    if (hour === undefined) price.unknown.push(one.seen.name)
    else price.hour += hour
  }
  return price
}

/** By the catalog, by what the read says of its size, or as large as it was put to sleep last. */
function hourOf(
  { seen, kept }: Subject,
  services: CompiledCatalog['services'],
): number | undefined {
  const { kind, service = '', size, usual = 1, runs } = seen
  const known = Object.hasOwn(services, service) ? services[service] : undefined
  const count = size?.desired || usual
  if (kind === 'service' && known?.task !== undefined) {
    const { task } = known
    return rateOf({ of: 'tasks', ...task, arm: task.platform === 'arm64' }, count).hour
  }
  const hour = rateOf(runs, count).hour ?? kept?.rate?.hour
  if (hour !== undefined || kind !== 'database') return hour
  const isShared =
    service === '' && Object.values(services).some(({ database }) => database === 'shared')
  return known?.database === 'own' || isShared ? DATABASE_HOUR : undefined
}

/** `about $0.42`; `less than $0.01`; empty where nothing has a price. */
export function sayDollars(dollars: number): string {
  if (dollars <= 0) return ''
  return dollars < 0.01 ? 'less than $0.01' : `about $${dollars.toFixed(2)}`
}
