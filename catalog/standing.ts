import type { Stays } from '../domain/compiled-catalog.ts'
import { PRICES } from '../domain/prices.ts'
import type { Catalog } from './schema.ts'

/**
 * What the environment pays by the hour whether anything sleeps or not: AWS has no way to stop it.
 * `test/features/savings/standing.test.ts` holds it against the templates.
 */
export function standingOf({ environment, services }: Catalog): Stays[] {
  const { natGateways, availabilityZones: zones } = environment
  const balancers = 1 + (services.some(({ nlb }) => nlb !== undefined) ? 1 : 0)
  const caches = services.some(({ cache }) => cache) ? 1 : 0
  const stays = (what: string, count: number, price: number): Stays[] =>
    count === 0 ? [] : [{ what: count === 1 ? what : `${count} × ${what}`, hour: count * price }]
  return [
    ...stays('NAT gateway', natGateways, PRICES.natGatewayHour),
    ...stays('load balancer', balancers, PRICES.loadBalancerHour),
    // One for each NAT gateway, and for each load balancer one in each zone.
    ...stays('public address', natGateways + balancers * zones, PRICES.publicAddressHour),
    ...stays('cache', caches, PRICES.cacheHour['cache.t4g.micro']),
  ]
}
