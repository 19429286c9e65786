import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { DescribeTasksResponse } from '@aws-sdk/client-ecs'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import type { Caller, Operations } from '../../local/aws/aws.ts'
import { CloudMap } from '../../local/aws/cloud-map/cloud-map.ts'
import { Ecs } from '../../local/aws/ecs/ecs.ts'
import { AwsError } from '../../local/aws/errors.ts'
import type { Files } from './catalog.ts'
import { Stage } from './roll-outs.ts'

/** Answers for 20 minutes, and then runs on without answering. */
const FAILS = { behaviour: 'unhealthy', after: 20 * 60 } as const

/**
 * A catalog's file of a service behind the load balancer whose unhealthy tasks ECS leaves alone for
 * an hour, so that the circuit is what callers depend on.
 */
export const PRODUCTS: Files = {
  'services/products.yaml': `team: storefront
healthPath: /health
route: { path: /products/*, priority: 100 }
health: { grace: 3600, interval: 5 }
circuit: true
`,
}

type Found = { Instances: { InstanceId: string; HealthStatus: string }[] }

/** Those who call the service `products`, and find it in Cloud Map. */
export class Callers {
  readonly stage: Stage

  constructor(stage: Stage) {
    this.stage = stage
  }

  /** A service with two tasks, the first of which stops answering ten minutes before the second. */
  static async open(catalog: string, tasks = 2): Promise<Callers> {
    return Callers.of(await Stage.open({ catalog }), tasks)
  }

  /** The same on a stage whose catalog has the service. */
  static async of(stage: Stage, desiredCount = 2): Promise<Callers> {
    stage.push(FAILS, 'products')
    await stage.minutes(10)
    await stage.call('ecs', 'UpdateService', {
      cluster: 'dev-backend',
      service: 'products',
      desiredCount,
    })
    await stage.minutes(3)
    return new Callers(stage)
  }

  async found(): Promise<string[]> {
    const { Instances } = await this.stage.call<Found>('servicediscovery', 'DiscoverInstances', {
      NamespaceName: 'dev.internal',
      ServiceName: 'products',
      HealthStatus: 'HEALTHY',
      MaxResults: 1000,
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

  /** What the threads of its alarms were told. */
  async notes(): Promise<{ text: string; notifies: boolean }[]> {
    const { Items } = await this.stage.call<{ Items: Record<string, AttributeValue>[] }>(
      'dynamodb',
      'Scan',
      { TableName: 'dev-caretaker' },
    )
    return Items.map((item) => unmarshall(item))
      .filter(({ kind }) => kind === 'alarm')
      .flatMap(({ notes = [] }) => notes)
  }

  async isRed(): Promise<boolean> {
    return this.stage.simulation.cloudwatch.alarms.some(
      ({ name, state }) => name === 'dev-products-unhealthy' && state.value === 'ALARM',
    )
  }

  /** From now on this call is throttled for functions; the answer stops that. */
  fail(service: string, operation: string): () => void {
    const { guards } = this.stage.simulation.aws
    const guard: (typeof guards)[number] = (call) => {
      if (call.service !== service || call.operation !== operation) return
      if (call.caller.kind !== 'function') return
      throw new AwsError('ThrottlingException', 'Rate exceeded')
    }
    guards.push(guard)
    return () => void guards.splice(guards.indexOf(guard), 1)
  }

  /** From now on ECS describes one task alone of those that it is asked for; the answer stops that. */
  fewerTasks(): () => void {
    const operations = this.stage.simulation.aws.the(Ecs).operations as Operations
    const { DescribeTasks } = operations
    operations.DescribeTasks = (input: never, caller: Caller) => {
      const answer = DescribeTasks?.(input, caller) as DescribeTasksResponse
      return { ...answer, tasks: answer.tasks?.slice(0, 1) }
    }
    return () => void Object.assign(operations, { DescribeTasks })
  }

  /** From now on Cloud Map lists no instance; the answer stops that. */
  emptyList(): () => void {
    const { operations } = this.stage.simulation.aws.the(CloudMap)
    const { DiscoverInstances } = operations
    Object.assign(operations, { DiscoverInstances: () => ({ Instances: [] }) })
    return () => void Object.assign(operations, { DiscoverInstances })
  }

  /** How often functions have changed what callers find. */
  changes(): number {
    return this.stage.simulation.aws.calls.filter(
      ({ operation, outcome }) =>
        operation === 'UpdateInstanceCustomHealthStatus' && outcome === 'ok',
    ).length
  }
}
