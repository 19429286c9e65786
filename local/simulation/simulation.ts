import type { Catalog, Environment } from '../../catalog/schema.ts'
import { NIGHT, SLEEP_FACT } from '../../domain/table/keys.ts'
import { recordUsage } from '../aws/iam/usage-files.ts'
import { SecretsManager } from '../aws/secrets-manager/secrets-manager.ts'
import { deploy } from '../cloudformation/deploy.ts'
import type { Deployed } from '../cloudformation/deployed.ts'
import { usersOf } from '../outside/slack/catalog-users.ts'
import { Slack, type SlackMessage } from '../outside/slack/slack.ts'
import { Records } from '../views/records.ts'
import { Account } from './account.ts'
import { catalogOf } from './catalogs.ts'
import { connectSlack, SCOPES } from './slack-app.ts'
import { sharedCode, templatesOf } from './synth.ts'

export type SimulationOptions = {
  /** The catalog's directory. */
  catalog?: string
  /** The cloud assembly (`cdk.out`) to load; made of the catalog and the sources when absent. */
  assembly?: string
  seed: number
  /** The instant at which the environment is deployed and simulation begins. */
  start: Date
  /**
   * `real`: what functions say to AWS is written and read by the SDK's own protocols, and each has
   * its bundle to itself. `short` (default) leaves that out where it makes no difference, which is
   * many times faster.
   */
  wire?: 'real' | 'short'
  /** Whether the account is empty: nothing is deployed, and `deployed` and `records` are not there. */
  empty?: boolean
}

/** Within this a catalog's stacks are deployed, and within this more for each database server. */
const DEPLOYMENT_MILLISECONDS = 45 * 60_000
const DATABASE_MILLISECONDS = 15 * 60_000

/** What the client secret of a catalog's sign-in is, here. */
export const CLIENT_SECRET = 'the-client-secret'

/** How long before the start the stacks are deployed, so that they are complete by then. */
function deploymentTime({ services }: Catalog): number {
  const servers = services.filter(({ database }) => database === 'own').length
  return DEPLOYMENT_MILLISECONDS + servers * DATABASE_MILLISECONDS
}

/** One environment on the simulated AWS: the deployed templates, and the world around them. */
export class Simulation extends Account {
  readonly start: Date
  readonly catalog: Catalog
  readonly environment: Environment
  readonly slack: Slack
  #deployed: Deployed | undefined
  #records: Records | undefined

  private constructor({ seed, start, wire = 'short' }: SimulationOptions, catalog: Catalog) {
    const { environment } = catalog
    const begin = new Date(start.getTime() - deploymentTime(catalog))
    super({ seed, begin, region: environment.region, wire, shared: sharedCode })
    this.start = start
    this.catalog = catalog
    this.environment = environment
    this.slack = new Slack(this.world, {
      channels: channelsOf(environment),
      scopes: SCOPES,
      ...usersOf(environment),
    })
    for (const name of Slack.HOSTS) {
      this.internet.host(name, (request) => this.slack.handle(request))
    }
    // What the catalog names and nothing deploys.
    const { signIn } = environment
    if (signIn) this.aws.the(SecretsManager).exists(signIn.clientSecret, CLIENT_SECRET)
  }

  /**
   * Builds, synthesizes, loads the templates, and connects Slack.
   *
   * @throws CatalogError for a catalog that cannot be used.
   */
  static async open(options: SimulationOptions): Promise<Simulation> {
    const { catalog = 'catalog', assembly, start } = options
    const read = catalogOf(catalog)
    const simulation = new Simulation(options, read)
    if (options.empty === true) return simulation
    const templates = assembly ?? (await templatesOf(catalog))
    // `npm run check` puts together what all runs of the test suite needed.
    const grants = process.env.CARETAKER_GRANTS
    if (grants !== undefined) recordUsage(simulation.iam, grants)
    simulation.#deployed = await deploy(simulation.aws, templates, {
      publish: (assets) => {
        simulation.cloudFormation.publish(assets)
      },
    })
    simulation.cloudFormation.adopt(templates, simulation.#deployed)
    simulation.cloudFormation.bootstrap()
    simulation.#records = new Records(simulation.dynamodb)
    await connectSlack(simulation, simulation.#deployed)
    await simulation.world.runUntil(start)
    // Calls before the start are not reported.
    simulation.aws.calls.length = 0
    return simulation
  }

  get deployed(): Deployed {
    if (this.#deployed === undefined) throw new Error('The templates are not loaded yet')
    return this.#deployed
  }

  get records(): Records {
    if (this.#records === undefined) throw new Error('The templates are not loaded yet')
    return this.#records
  }

  /** The repositories of the services, each once. */
  get repositories(): string[] {
    const own = this.catalog.services.filter(({ image }) => image === undefined)
    return [...new Set(own.map(({ repository }) => repository))]
  }

  /**
   * The Slack messages that name a service in their first words, without those of a night and of
   * what was started or stopped by hand: they name whatever sleeps.
   */
  messagesAbout(service: string): SlackMessage[] {
    const name = new RegExp(`(^|[^\\w-])${service}([^\\w-]|$)`)
    return this.slack.messages.filter(({ text, metadata }) => {
      const key = String(metadata?.event_payload.key ?? '')
      return !isOfSleep(key) && name.test(text.split(':')[0] ?? '')
    })
  }
}

const channelsOf = ({ teams }: Environment): string[] =>
  Object.values(teams).map(({ channel }) => channel)

/** By the key of the record that a message tells. */
const isOfSleep = (key: string): boolean => key.startsWith(NIGHT) || key.startsWith(SLEEP_FACT)
