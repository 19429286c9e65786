import type { Catalog, Service } from '../../catalog/schema.ts'

/** What a catalog needs of an account's quotas. */
export type Demand = {
  vpcs: number
  elasticIps: number
  /** Of the fuller cluster. */
  servicesPerCluster: number
  /** vCPU while everything is rolled out at once, each service at its most tasks. */
  onDemandVcpu: number
  spotVcpu: number
  /** Rules of the load balancer, while everything that visitors may wake sleeps. */
  balancerRules: number
}

/** A roll-out runs the new tasks beside the old ones: `maxHealthyPercent` 200. */
const DURING_A_ROLL_OUT = 2

/** Pure. Each NAT gateway has an address of its own; an instance has one of AWS's. */
export function demandOf({ environment, services }: Catalog): Demand {
  const inCluster = (cluster: Service['cluster']) =>
    services.filter((one) => one.cluster === cluster && one.kind !== 'job').length
  const vcpu = (spot: boolean) =>
    services
      .filter((service) => service.spot === spot)
      .reduce((sum, service) => sum + vcpuOf(service), 0)
  return {
    vpcs: 1,
    elasticIps: environment.nat === 'gateway' ? environment.natGateways : 0,
    servicesPerCluster: Math.max(inCluster('frontend'), inCluster('backend')),
    onDemandVcpu: vcpu(false),
    spotVcpu: vcpu(true),
    balancerRules: rulesOf({ environment, services }),
  }
}

/** One for each route, one before it while its service sleeps, and one where visitors sign in. */
function rulesOf({ environment: { signIn }, services }: Catalog): number {
  const routed = services.filter(({ route }) => route !== undefined)
  const woken = routed.filter(({ wakeOnRequest = true }) => wakeOnRequest)
  return routed.length + woken.length + (signIn === undefined ? 0 : 1)
}

function vcpuOf({ kind, cpu, count, scaling }: Service): number {
  const tasks = Math.max(count, scaling?.max ?? 0)
  return (cpu / 1024) * tasks * (kind === 'job' ? 1 : DURING_A_ROLL_OUT)
}
