import type { Aws } from '../aws.ts'
import { addressIn, sizeOf } from '../ec2/address.ts'
import { Ec2 } from '../ec2/ec2.ts'
import type { Faults } from '../faults.ts'
import type { World } from '../world.ts'
import { duration } from './durations.ts'
import type { Cluster, Definition, EcsService, Task } from './model.ts'

/** Where a task's network interface is. */
export type Place = { subnet: string; zone: string; address: string }

/** All of ECS's state. */
export class EcsState {
  readonly aws: Aws
  readonly world: World
  readonly faults: Faults
  readonly clusters = new Map<string, Cluster>()
  /** By ARN. */
  readonly definitions = new Map<string, Definition>()
  /** Family -> its revisions, oldest first. */
  readonly families = new Map<string, Definition[]>()
  readonly services = new Map<string, EcsService>()
  readonly tasks = new Map<string, Task>()
  /** What a call of RunTask with this token has started: the same token starts nothing more. */
  readonly tokens = new Map<string, Task[]>()
  /** Private address -> the task that has it. */
  readonly addresses = new Map<string, Task>()
  /** Runs the service scheduler once for a service; set by `Ecs`. */
  runScheduler: (service: EcsService) => void = () => {}
  #hosts = 0

  constructor(aws: Aws, faults: Faults) {
    this.aws = aws
    this.world = aws.world
    this.faults = faults
  }

  /** Something about a service changed: its scheduler runs soon, once for many changes. */
  changed(service: EcsService | undefined): void {
    if (service !== undefined)
      this.scheduleBy(service, this.world.now + duration(this.world, 'scheduling'))
  }

  /** The scheduler runs for a service at `at`, or earlier if that is already planned. */
  scheduleBy(service: EcsService, at: number): void {
    if (service.timer !== undefined && service.timer.at <= at) return
    service.timer?.cancel()
    service.timer = this.world.at(at, `ECS schedules ${service.name}`, () => {
      delete service.timer
      this.runScheduler(service)
    })
  }

  /** One of these subnets, its zone, and a private address in it that no other task has. */
  place(subnets: readonly string[]): Place {
    const chance = this.world.random.next('ecs/zone')
    const subnet = subnets[Math.floor(chance * subnets.length)] ?? 'subnet-0'
    // Nothing is known of a subnet in an account without EC2.
    const known = this.aws.find(Ec2)?.subnet(subnet)
    const { CidrBlock: block = '10.0.0.0/16', AvailabilityZone: zone } = known ?? {}
    const half = sizeOf(block) / 2
    let address: string
    // The lower half of a subnet is for whatever else is in it.
    do address = addressIn(block, half + (this.#hosts++ % (half - 1)))
    while (this.addresses.has(address))
    return { subnet, address, zone: zone ?? `${this.aws.region}${'abc'[Math.floor(chance * 3)]}` }
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
