import { AwsError } from '../../../local/aws/errors.ts'
import { servicesOf } from '../../../local/views/services.ts'
import { Stage } from '../roll-outs.ts'

/** A stage on which chance decides what happens next, and what has happened on it so far. */
export class Stormy {
  readonly stage: Stage
  /** What was done, a line each, with the simulated time. */
  readonly history: string[] = []
  /** Digests by repository, oldest first. */
  readonly pushed = new Map<string, string[]>()
  /** Cluster by service. */
  readonly clusters: ReadonlyMap<string, string>

  /** The directory of its catalog; absent: the repository's. */
  readonly catalog: string | undefined

  private constructor(stage: Stage, clusters: ReadonlyMap<string, string>, catalog?: string) {
    this.stage = stage
    this.clusters = clusters
    this.catalog = catalog
  }

  static async open(seed: number, start?: Date, catalog?: string): Promise<Stormy> {
    const from = { ...(start && { start }), ...(catalog !== undefined && { catalog }) }
    const stage = await Stage.open({ seed, ...from })
    const services = await servicesOf(stage.simulation)
    const clusters = new Map(services.map(({ name, cluster }) => [name, cluster]))
    return new Stormy(stage, clusters, catalog)
  }

  /** From 0 to 1; each purpose has numbers of its own. */
  chance(what: string): number {
    return this.stage.simulation.world.random.next(`storm/${what}`)
  }

  pick<Item>(what: string, items: readonly Item[]): Item {
    return items[Math.floor(this.chance(what) * items.length)] as Item
  }

  note(line: string): void {
    this.history.push(`${this.stage.simulation.world.date.toISOString().slice(11, 19)} ${line}`)
  }

  /** What names a service in requests of ECS. */
  named(service: string): { cluster: string; service: string } {
    return { cluster: this.clusters.get(service) ?? '', service }
  }

  arn(service: string): string {
    const { aws } = this.stage.simulation
    return aws.arn('ecs', `service/${this.clusters.get(service)}/${service}`)
  }

  /** A call of a person to ECS. @throws AwsError */
  ecs<Output>(operation: string, input: object): Promise<Output> {
    return this.stage.call<Output>('ecs', operation, input)
  }

  /** Does something that AWS may refuse, as it refuses a person who is late; notes how it ended. */
  async attempt(what: string, run: () => Promise<unknown>): Promise<void> {
    try {
      await run()
      this.note(what)
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      this.note(`${what}: ${error.name}: ${error.message}`)
    }
  }
}
