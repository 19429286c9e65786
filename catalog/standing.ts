import type { Stays } from '../domain/compiled-catalog.ts'
import { PRICES } from '../domain/prices.ts'
import type { Catalog } from './schema.ts'

/**
 * What the environment pays by the hour whether anything sleeps or not: AWS has no way to stop it.
 * `test/features/savings/standing.test.ts` holds it against the templates.
 */
export function standingOf({ environment, services }: Catalog): Stays[] {
  const { nat, natGateways, availabilityZones: zones } = environment
  // An instance in its place is stopped with the rest; its address stays.
  const gateways = nat === 'gateway' ? natGateways : 0
  const balancers = 1 + (services.some(({ nlb }) => nlb !== undefined) ? 1 : 0)
  const caches = services.some(({ cache }) => cache) ? 1 : 0
  const stays = (what: string, count: number, price: number): Stays[] =>
    count === 0 ? [] : [{ what: count === 1 ? what : `${count} × ${what}`, hour: count * price }]
  return [
    ...stays('NAT gateway', gateways, PRICES.natGatewayHour),
    ...stays('load balancer', balancers, PRICES.loadBalancerHour),
    // One for each way out, and for each load balancer one in each zone.
    ...stays('public address', Math.max(gateways, 1) + balancers * zones, PRICES.publicAddressHour),
    ...stays('cache', caches, PRICES.cacheHour['cache.t4g.micro']),
  ]
}
