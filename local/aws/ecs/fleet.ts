import type { Aws } from '../aws.ts'
import { CloudMap } from '../cloud-map/cloud-map.ts'
import { Ecr } from '../ecr/ecr.ts'
import { ElasticLoadBalancing } from '../elastic-load-balancing/elastic-load-balancing.ts'
import type { World } from '../world.ts'
import type { Cluster, Definition, EcsService, Task } from './model.ts'
import { duration } from './physics.ts'

/** All of ECS's state, and its neighbours in the account. */
export class Fleet {
  readonly aws: Aws
  readonly world: World
  readonly clusters = new Map<string, Cluster>()
  /** By ARN. */
  readonly definitions = new Map<string, Definition>()
  /** Family -> its revisions, oldest first. */
  readonly families = new Map<string, Definition[]>()
  readonly services = new Map<string, EcsService>()
  readonly tasks = new Map<string, Task>()
  /** Private address -> the task that has it. */
  readonly addresses = new Map<string, Task>()
  /** One pass of the service scheduler over a service; set by the scheduler. */
  pass: (service: EcsService) => void = () => {}
  #hosts = 0

  constructor(aws: Aws) {
    this.aws = aws
    this.world = aws.world
  }

  get ecr(): Ecr | undefined {
    return this.aws.services.find((service) => service instanceof Ecr)
  }

  get loadBalancing(): ElasticLoadBalancing | undefined {
    return this.aws.services.find((service) => service instanceof ElasticLoadBalancing)
  }

  get cloudMap(): CloudMap | undefined {
    return this.aws.services.find((service) => service instanceof CloudMap)
  }

  /** Something about a service changed: the scheduler will look at it, once for many changes. */
  changed(service: EcsService | undefined): void {
    if (service !== undefined)
      this.lookAt(service, this.world.now + duration(this.world, 'scheduling'))
  }

  /** The scheduler looks at a service at `at`, or earlier if it was going to anyway. */
  lookAt(service: EcsService, at: number): void {
    if (service.timer !== undefined && service.timer.at <= at) return
    service.timer?.cancel()
    service.timer = this.world.at(at, `ECS schedules ${service.name}`, () => {
      delete service.timer
      this.pass(service)
    })
  }

  /** A private address that no other task has had. */
  newAddress(): string {
    const host = this.#hosts++
    return `10.0.${Math.floor(host / 240) % 250}.${10 + (host % 240)}`
  }

  /** Digits, as ids of deployments and revisions are. */
  digits(label: string, length: number): string {
    const { random } = this.world
    return Array.from({ length }, (_, index) => {
      const digit = Math.floor(random.next(`ecs/${label}`) * 10)
      return index === 0 ? 1 + (digit % 9) : digit
    }).join('')
  }
}
