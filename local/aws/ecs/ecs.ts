import type { TaskDefinition } from '@aws-sdk/client-ecs'
import type { Aws, Operations, Service } from '../aws.ts'
import { ElasticLoadBalancing } from '../elastic-load-balancing/elastic-load-balancing.ts'
import { AwsError } from '../errors.ts'
import { Faults } from '../faults.ts'
import { type Tags, taggable, tagsByArn } from '../tags.ts'
import { clusterOperations } from './clusters.ts'
import { isPending, isRunning } from './deployments.ts'
import { findDefinition } from './find.ts'
import type { Task } from './model.ts'
import { protectionOperations } from './protection.ts'
import { schedule } from './scheduler.ts'
import { serviceDeploymentOperations } from './service-deployments.ts'
import { serviceOperations } from './services.ts'
import { EcsState } from './state.ts'
import { taskDefinitionOperations } from './task-definitions.ts'
import { probe, targetChanged } from './task-health.ts'
import { drained, interruptTask } from './task-stop.ts'
import { taskOperations } from './tasks.ts'

type ServiceCounts = { desired: number; running: number; pending: number }

/** A container that answers on its port: whose it is, and what it was started with. */
type Listening = { service: string; digest: string; environment: Record<string, string> }

/**
 * Amazon ECS: rolling deployments of services on Fargate, and their tasks. It finds ECR, Elastic
 * Load Balancing and Cloud Map among the account's services.
 */
export class Ecs implements Service {
  readonly id = 'ecs'
  readonly operations: Operations
  readonly #state: EcsState
  #watching = false

  constructor(aws: Aws, faults = new Faults(aws.world.random)) {
    const ecs = new EcsState(aws, faults)
    this.#state = ecs
    ecs.runScheduler = (service) => {
      this.#watchTargets()
      schedule(ecs, service)
    }
    this.operations = {
      ...clusterOperations(ecs),
      ...taskDefinitionOperations(ecs),
      ...serviceOperations(ecs),
      ...serviceDeploymentOperations(ecs),
      ...taskOperations(ecs),
      ...protectionOperations(ecs),
      ...taggable(
        { resource: 'resourceArn', members: ['tags', 'tagKeys'], form: 'lower-case list' },
        tagsByArn(() => this.#tagged(['ACTIVE']), noResource),
      ),
    }
  }

  /**
   * A deleted service is listed for as long as ECS remembers it, also after its cluster.
   * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteService.html
   */
  tagged(): Iterable<{ arn: string; tags: Tags }> {
    return this.#tagged(['ACTIVE', 'DRAINING', 'INACTIVE'])
  }

  *#tagged(ofServices: readonly string[]): Iterable<{ arn: string; tags: Tags }> {
    for (const { arn, tags, status } of this.#state.clusters.values()) {
      if (status === 'ACTIVE') yield { arn, tags }
    }
    for (const { arn, tags, status } of this.#state.services.values()) {
      if (ofServices.includes(status)) yield { arn, tags }
    }
    yield* this.#state.definitions.values()
    for (const { arn, tags, status } of this.#state.tasks.values()) {
      if (status !== 'STOPPED') yield { arn, tags }
    }
  }

  /** What listens at an address and port inside the network, if it answers at this moment. */
  listener(address: string, port: number): Listening | undefined {
    const task = this.#taskAt(address)
    if (task === undefined || !probe(this.#state, task, port)) return undefined
    const containers = task.definition.shape.containerDefinitions ?? []
    const at = containers.findIndex(({ portMappings }) =>
      portMappings?.some(({ containerPort }) => containerPort === port),
    )
    if (at < 0) return undefined
    return {
      service: task.service?.name ?? task.group,
      digest: task.containers[at]?.shape.imageDigest ?? '',
      environment: Object.fromEntries(
        (containers[at]?.environment ?? []).map(({ name = '', value = '' }) => [name, value]),
      ),
    }
  }

  /** The revision that `family`, `family:revision` or an ARN names at the moment. */
  definition(named: string): Readonly<TaskDefinition> | undefined {
    return findDefinition(this.#state, named)?.shape
  }

  /** How many tasks a service has; undefined when there is no such service. */
  counts(cluster: string, service: string): ServiceCounts | undefined {
    const found = this.#state.services.get(
      this.#state.aws.arn('ecs', `service/${cluster}/${service}`),
    )
    if (found?.status !== 'ACTIVE') return undefined
    const counts = { desired: found.desired, running: 0, pending: 0 }
    for (const task of found.tasks) {
      if (isRunning(task)) counts.running++
      if (isPending(task)) counts.pending++
    }
    return counts
  }

  /** Fargate takes back the Spot capacity of all tasks of a service. @returns how many it had. */
  interrupt(cluster: string, service: string): number {
    const found = this.#state.services.get(
      this.#state.aws.arn('ecs', `service/${cluster}/${service}`),
    )
    const spot = [...(found?.tasks ?? [])].filter(
      ({ capacityProvider, status }) => capacityProvider === 'FARGATE_SPOT' && status === 'RUNNING',
    )
    for (const task of spot) interruptTask(this.#state, task)
    return spot.length
  }

  /** The load balancer reads from ECS how tasks answer, and reports changes of their health to it. */
  #watchTargets(): void {
    const loadBalancing = this.#state.aws.find(ElasticLoadBalancing)
    if (this.#watching || loadBalancing === undefined) return
    this.#watching = true
    loadBalancing.watch({
      probe: (address, port) => {
        const task = this.#taskAt(address)
        return task !== undefined && probe(this.#state, task, port)
      },
      changed: (groupArn, address, state) => {
        const task = this.#taskAt(address)
        if (task === undefined) return
        if (state === 'unused') drained(this.#state, task)
        else targetChanged(this.#state, task, groupArn, state)
      },
    })
  }

  #taskAt(address: string): Task | undefined {
    return this.#state.addresses.get(address)
  }
}

const noResource = (): AwsError =>
  new AwsError(
    'InvalidParameterException',
    'The specified resource does not exist. Specify a valid resource ARN and try again.',
  )
