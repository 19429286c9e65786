import { readFileSync } from 'node:fs'
import type { RouteTable } from '@aws-sdk/client-ec2'
import { expect, it } from 'vitest'
import type { Caller } from '../../local/aws/aws.ts'
import { catalogOf } from '../kits/catalog.ts'
import { Workplace } from '../kits/deployments.ts'

const PERSON: Caller = { kind: 'person', name: 'ana' }
const MINUTE = 60_000

const withWayOut = (nat: 'gateway' | 'instance'): string =>
  catalogOf({
    'environment.yaml': `${readFileSync('catalog/environment.yaml', 'utf8')}\nnat: ${nat}\n`,
    'services/shop.yaml': 'team: ordering\nport: 8080\n',
  })

/** An account, and where its private subnets' default routes lead. */
class Account {
  readonly workplace: Workplace

  constructor(workplace: Workplace) {
    this.workplace = workplace
  }

  async call<Output>(service: string, operation: string, input: object): Promise<Output> {
    const { aws, world } = this.workplace.simulation
    const output = await aws.call<Output>(service, operation, input, PERSON)
    await world.settle()
    return output
  }

  /** `nat active`, `i active`, by route table; public ones aside. */
  async ways(): Promise<Map<string, string>> {
    const { RouteTables } = await this.call<{ RouteTables: RouteTable[] }>(
      'ec2',
      'DescribeRouteTables',
      {},
    )
    const routes = RouteTables.flatMap(({ RouteTableId = '', Routes = [] }) =>
      Routes.flatMap((route): [string, string][] => {
        const target = route.NatGatewayId ?? route.InstanceId
        if (route.DestinationCidrBlock !== '0.0.0.0/0' || target === undefined) return []
        return [[RouteTableId, `${target.split('-')[0]} ${route.State}`]]
      }),
    )
    return new Map(routes)
  }

  async where(): Promise<string[]> {
    return [...(await this.ways()).values()]
  }

  minutes(count: number): Promise<void> {
    return this.workplace.simulation.world.run(count * MINUTE)
  }
}

/** docs/sleep.md says so. */
it('a gateway becomes an instance, and an instance a gateway', async () => {
  const [gateway, instance] = [withWayOut('gateway'), withWayOut('instance')]
  const account = new Account(await Workplace.withCatalog(gateway))
  const { workplace } = account
  expect(await account.where()).toEqual(['nat active', 'nat active'])
  expect(await workplace.deploy(instance)).toBe(true)
  await account.minutes(5)
  expect(await account.where()).toEqual(['i active', 'i active'])
  expect(await workplace.deploy(gateway)).toBe(true)
  await account.minutes(5)
  expect(await account.where()).toEqual(['nat active', 'nat active'])
})
