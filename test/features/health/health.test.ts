import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { catalogOf } from '../../kits/catalog.ts'
import { Stage } from '../../kits/roll-outs.ts'

/**
 * A service behind the load balancer whose unhealthy tasks ECS leaves alone for an hour, so that
 * the circuit is what callers depend on.
 */
const PRODUCTS = `team: storefront
healthPath: /health
route: { path: /products/*, priority: 100 }
health: { grace: 3600, interval: 5 }
circuit: true
`
const ACTS = 'features: { health: act }\n'

/** Answers for 20 minutes, and then runs on without answering. */
const FAILS = { behaviour: 'unhealthy', after: 20 * 60 } as const

let catalog: string
beforeAll(() => {
  const environment = readFileSync('catalog/environment.yaml', 'utf8')
  catalog = catalogOf({
    'environment.yaml': `${environment}\n${ACTS}`,
    'services/products.yaml': PRODUCTS,
  })
})

type Found = { Instances: { InstanceId: string; HealthStatus: string }[] }

class Callers {
  readonly stage: Stage

  constructor(stage: Stage) {
    this.stage = stage
  }

  /** A service with two tasks, the first of which stops answering ten minutes before the second. */
  static async open(): Promise<Callers> {
    const stage = await Stage.open({ catalog })
    stage.push(FAILS, 'products')
    await stage.minutes(10)
    await stage.call('ecs', 'UpdateService', {
      cluster: 'dev-backend',
      service: 'products',
      desiredCount: 2,
    })
    await stage.minutes(3)
    return new Callers(stage)
  }

  async found(): Promise<string[]> {
    const { Instances } = await this.stage.call<Found>('servicediscovery', 'DiscoverInstances', {
      NamespaceName: 'dev.internal',
      ServiceName: 'products',
      HealthStatus: 'HEALTHY',
    })
    return Instances.map(({ InstanceId }) => InstanceId)
  }

  async circuit(): Promise<Record<string, string>> {
    const { Services } = await this.stage.call<{ Services: { Id: string; Name: string }[] }>(
      'servicediscovery',
      'ListServices',
      {},
    )
    const { ServiceAttributes } = await this.stage.call<{
      ServiceAttributes: { Attributes: Record<string, string> }
    }>('servicediscovery', 'GetServiceAttributes', {
      ServiceId: Services.find(({ Name }) => Name === 'products')?.Id,
    })
    return ServiceAttributes.Attributes
  }

  /** @returns whether it is so within that many minutes, looked at every ten seconds. */
  async within(minutes: number, isSo: () => Promise<boolean>): Promise<number | undefined> {
    for (let seconds = 0; seconds <= minutes * 60; seconds += 10) {
      if (await isSo()) return seconds
      await this.stage.minutes(1 / 6)
    }
    return undefined
  }

  async isRed(): Promise<boolean> {
    return this.stage.simulation.cloudwatch.alarms.some(
      ({ name, state }) => name === 'dev-products-unhealthy' && state.value === 'ALARM',
    )
  }
}

describe('a backend that goes red', () => {
  it('is not found by others within 60 seconds where it fails, and is again once it answers', async () => {
    const callers = await Callers.open()
    const { stage } = callers
    const both = await callers.found()
    expect(both).toHaveLength(2)
    expect(await callers.within(20, () => callers.isRed())).toBeDefined()

    const seconds = await callers.within(3, async () => (await callers.found()).length === 1)
    expect(seconds).toBeLessThanOrEqual(60)
    expect(await callers.circuit()).toMatchObject({
      'caretaker.circuit': 'open',
      'caretaker.circuit.reason': 'dev-products-unhealthy is red; 1 instance taken out',
    })

    // Both fail by now: the one that callers find stays.
    await stage.minutes(15)
    expect(await callers.found()).toHaveLength(1)
    expect((await callers.circuit())['caretaker.circuit.reason']).toContain('last instance kept')

    const good = stage.push({ behaviour: 'healthy' }, 'products')
    const closed = await callers.within(
      30,
      async () => (await callers.circuit())['caretaker.circuit'] === 'closed',
    )
    expect(closed).toBeDefined()
    await stage.minutes(2)
    const now = await callers.found()
    expect(now).toHaveLength(2)
    expect(now.some((id) => both.includes(id))).toBe(false)
    expect((await stage.service('products')).running?.digest).toBe(good)
  })
})
