import { readCatalog } from '../../catalog/read.ts'
import { deploy } from '../../cli/deploy/deploy.ts'
import { destroy } from '../../cli/destroy/destroy.ts'
import { localCdk, type Turn } from '../../local/cloudformation/cdk.ts'
import { Simulation } from '../../local/simulation/simulation.ts'
import { templatesOf } from '../../local/simulation/synth.ts'
import { sdkConfiguration } from '../../local/wire/request-handler.ts'

const START = new Date('2026-03-02T09:00:00Z')

/** A person at the keyboard: `npx caretaker environment deploy` and `npx caretaker environment destroy` against one local account. */
export class Workplace {
  readonly simulation: Simulation
  /** What the commands have printed. */
  readonly said: string[] = []
  /** The words of each run of the CDK. */
  readonly words: string[][] = []
  /** What becomes of a stack at its turn; `leave` is Ctrl-C while CloudFormation works on it. */
  turn: Turn = () => 'deploy'

  /** Runs before the CDK deletes stacks. */
  meanwhile: () => Promise<void> = async () => {}

  private constructor(simulation: Simulation) {
    this.simulation = simulation
  }

  /** An account in which this catalog is deployed, or what a cloud assembly holds of it. */
  static async withCatalog(catalog: string, assembly?: string): Promise<Workplace> {
    const from = { ...(assembly !== undefined && { assembly }) }
    return new Workplace(await Simulation.open({ seed: 1, start: START, catalog, ...from }))
  }

  /** At an account that stands already. */
  static at(simulation: Simulation): Workplace {
    return new Workplace(simulation)
  }

  /** A new account: nothing is in it, not even the roles that AWS makes at the first use. */
  static async empty(catalog: string): Promise<Workplace> {
    const simulation = await Simulation.open({ seed: 1, start: START, catalog, empty: true })
    simulation.iam.serviceLinkedRoles.forget()
    return new Workplace(simulation)
  }

  /**
   * @param assembly the catalog's cloud assembly, made when absent.
   * @returns whether all is as wanted, as the command's exit code says.
   */
  async deploy(catalog: string, assembly?: string): Promise<boolean> {
    const { environment } = readCatalog(catalog)
    const interruption = new AbortController()
    const { world } = this.simulation
    return deploy(assembly ?? (await templatesOf(catalog)), environment, {
      configuration: this.#configuration,
      cdk: (words) => this.#cdk(words, interruption),
      print: (line) => this.said.push(line),
      ask: async () => true,
      now: () => world.date,
      sleep: (milliseconds) => this.#sleep(milliseconds),
      interrupted: interruption.signal,
    })
  }

  async destroy(catalog: string, { deleteData = false } = {}): Promise<boolean> {
    const { environment } = readCatalog(catalog)
    const { aws, cloudFormation } = this.simulation
    return destroy(
      await templatesOf(catalog),
      environment,
      { deleteData },
      {
        configuration: this.#configuration,
        cdk: async (words) => {
          this.words.push([...words])
          await this.meanwhile()
          return localCdk(aws, cloudFormation)(words)
        },
        print: (line) => this.said.push(line),
        ask: async () => environment.name,
        sleep: (milliseconds) => this.#sleep(milliseconds),
        interrupted: new AbortController().signal,
      },
    )
  }

  async #sleep(milliseconds: number): Promise<void> {
    await this.simulation.world.run(milliseconds)
    await this.simulation.cloudFormation.settle()
  }

  /** The states of all stacks but the CDK's own, by name. */
  get states(): Record<string, string | undefined> {
    const { cloudFormation } = this.simulation
    const names = cloudFormation.deployed.map(({ name }) => name)
    return Object.fromEntries(
      names
        .filter((name) => name !== 'CDKToolkit')
        .map((name) => [name, cloudFormation.statusOf(name)]),
    )
  }

  get #configuration() {
    return sdkConfiguration(this.simulation.aws, { kind: 'person', name: 'ann' })
  }

  #cdk(words: readonly string[], interruption: AbortController): Promise<void> {
    this.words.push([...words])
    const { aws, cloudFormation } = this.simulation
    const turn: Turn = (stack) => {
      const answer = this.turn(stack)
      if (answer === 'leave') interruption.abort()
      return answer
    }
    return localCdk(aws, cloudFormation, turn)(words)
  }
}
