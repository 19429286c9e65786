import type { Catalog, Environment } from '../../catalog/schema.ts'
import { NIGHT, SLEEP_FACT } from '../../domain/table/keys.ts'
import { ApplicationAutoScaling } from '../aws/application-auto-scaling/application-auto-scaling.ts'
import { AutoScaling } from '../aws/auto-scaling/auto-scaling.ts'
import { Aws, type Service } from '../aws/aws.ts'
import { Budgets } from '../aws/budgets/budgets.ts'
import { CloudMap } from '../aws/cloud-map/cloud-map.ts'
import { CloudTrail } from '../aws/cloudtrail/cloudtrail.ts'
import { CloudWatch } from '../aws/cloudwatch/cloudwatch.ts'
import { publishVended } from '../aws/cloudwatch/vended.ts'
import { Logs } from '../aws/cloudwatch-logs/logs.ts'
import { constraints } from '../aws/constraints/check.ts'
import { CostExplorer } from '../aws/cost-explorer/cost-explorer.ts'
import { DynamoDb } from '../aws/dynamodb/dynamodb.ts'
import { DynamoDbStreams } from '../aws/dynamodb/streams.ts'
import { Ec2 } from '../aws/ec2/ec2.ts'
import { Ecr } from '../aws/ecr/ecr.ts'
import { layerHost } from '../aws/ecr/layers.ts'
import { Ecs } from '../aws/ecs/ecs.ts'
import { Efs } from '../aws/efs/efs.ts'
import { ElasticLoadBalancing } from '../aws/elastic-load-balancing/elastic-load-balancing.ts'
import { ElastiCache } from '../aws/elasticache/elasticache.ts'
import { EventBridge } from '../aws/eventbridge/eventbridge.ts'
import { Faults } from '../aws/faults.ts'
import { enforcement } from '../aws/iam/enforcement.ts'
import { Iam } from '../aws/iam/iam.ts'
import { recordUsage } from '../aws/iam/usage-files.ts'
import type { Invoked } from '../aws/lambda/invoker.ts'
import { Lambda } from '../aws/lambda/lambda.ts'
import { urlDomain } from '../aws/lambda/url/config.ts'
import { throttle } from '../aws/limits.ts'
import { Rds } from '../aws/rds/rds.ts'
import { S3 } from '../aws/s3/s3.ts'
import { Scheduler } from '../aws/scheduler/scheduler.ts'
import { SecretsManager } from '../aws/secrets-manager/secrets-manager.ts'
import { Sns } from '../aws/sns/sns.ts'
import { Sqs } from '../aws/sqs/sqs.ts'
import { Ssm } from '../aws/ssm/ssm.ts'
import { Sfn } from '../aws/stepfunctions/service.ts'
import { Sts } from '../aws/sts/sts.ts'
import { Tagging } from '../aws/tagging/tagging.ts'
import { World } from '../aws/world.ts'
import { CloudFormation } from '../cloudformation/cloudformation.ts'
import { deploy } from '../cloudformation/deploy.ts'
import type { Deployed } from '../cloudformation/deployed.ts'
import { functionUrls } from '../outside/function-urls.ts'
import { Internet } from '../outside/internet.ts'
import { balancerDomain, loadBalancers } from '../outside/load-balancers.ts'
import { NatInstances } from '../outside/nat-instances.ts'
import { usersOf } from '../outside/slack/catalog-users.ts'
import { Slack, type SlackMessage } from '../outside/slack/slack.ts'
import { Traffic } from '../outside/traffic/traffic.ts'
import { Records } from '../views/records.ts'
import { sdkConfiguration, shortConfiguration } from '../wire/request-handler.ts'
import { shortClient } from '../wire/short-client.ts'
import { catalogOf } from './catalogs.ts'
import { connectSlack, SCOPES } from './slack-app.ts'
import { templatesOf } from './synth.ts'

export type SimulationOptions = {
  /** The catalog's directory. */
  catalog?: string
  /** The cloud assembly (`cdk.out`) to load; made of the catalog and the sources when absent. */
  assembly?: string
  seed: number
  /** The instant at which the environment is deployed and simulation begins. */
  start: Date
  /**
   * `real`: what functions say to AWS is written and read by the SDK's own protocols. `short`
   * (default) leaves that out where it makes no difference, which is many times faster.
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
export class Simulation {
  readonly start: Date
  readonly catalog: Catalog
  readonly environment: Environment
  readonly world: World
  readonly aws: Aws
  readonly faults: Faults
  readonly internet: Internet
  readonly slack: Slack
  readonly traffic: Traffic
  readonly natInstances: NatInstances
  readonly iam: Iam
  readonly ecr: Ecr
  readonly sfn: Sfn
  readonly dynamodb: DynamoDb
  readonly eventbridge: EventBridge
  readonly lambda: Lambda
  readonly sns: Sns
  readonly cloudwatch: CloudWatch
  readonly cloudFormation: CloudFormation
  readonly sts: Sts
  /** Every invocation of a function, oldest first. */
  readonly invocations: Invoked[] = []
  readonly #ecs: Ecs
  #deployed: Deployed | undefined
  #records: Records | undefined

  private constructor({ seed, start, wire = 'short' }: SimulationOptions, catalog: Catalog) {
    this.start = start
    this.catalog = catalog
    this.environment = catalog.environment
    const { environment } = catalog
    const begin = new Date(start.getTime() - deploymentTime(catalog))
    this.world = new World({ seed, start: begin })
    const aws = new Aws(this.world, { region: environment.region })
    this.aws = aws
    this.faults = new Faults(this.world.random)
    this.internet = new Internet(this.world)
    this.slack = new Slack(this.world, {
      channels: channelsOf(environment),
      scopes: SCOPES,
      ...usersOf(environment),
    })
    this.iam = new Iam(aws)
    aws.guards.push(constraints, throttle(this.world), enforcement(aws))
    this.ecr = new Ecr(aws)
    this.#ecs = new Ecs(aws, this.faults)
    this.traffic = new Traffic(aws, this.#ecs)
    this.sfn = new Sfn(aws)
    this.dynamodb = new DynamoDb(aws)
    this.eventbridge = new EventBridge(aws, this.faults)
    this.lambda = new Lambda(aws, {
      ...(wire === 'real'
        ? { sdk: (caller) => sdkConfiguration(aws, caller) }
        : { sdk: (caller) => shortConfiguration(aws, caller), client: shortClient }),
      fetch: this.internet.fetch,
      code: async ({ S3Key = '' }) => this.cloudFormation.assets(S3Key),
    })
    this.cloudwatch = new CloudWatch(aws)
    this.sns = new Sns(aws)
    this.sts = new Sts(aws)
    this.cloudFormation = new CloudFormation(aws)
    this.lambda.onInvoked((invoked) => this.invocations.push(invoked))
    for (const service of this.#services()) aws.register(service)
    // What the catalog names and nothing deploys.
    const { signIn } = environment
    if (signIn) aws.the(SecretsManager).exists(signIn.clientSecret, CLIENT_SECRET)
    publishVended(aws)
    this.natInstances = new NatInstances(aws)
    for (const name of Slack.HOSTS) {
      this.internet.host(name, (request) => this.slack.handle(request))
    }
    this.internet.host(layerHost(aws), (request) => this.#layer(request))
    this.internet.domain(urlDomain(aws.region), functionUrls(this.world, this.lambda))
    this.internet.domain(
      balancerDomain(aws.region),
      loadBalancers(aws, this.traffic, this.internet),
    )
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
    return [...new Set(this.catalog.services.map(({ repository }) => repository))]
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

  #services(): Service[] {
    const { aws } = this
    return [
      this.iam,
      this.ecr,
      this.sfn,
      this.dynamodb,
      this.eventbridge,
      this.lambda,
      new DynamoDbStreams(this.dynamodb),
      this.#ecs,
      new ApplicationAutoScaling(aws),
      new AutoScaling(aws),
      new Budgets(aws),
      new CostExplorer(aws),
      new Ec2(aws, this.faults),
      new Efs(aws),
      new ElastiCache(aws),
      new ElasticLoadBalancing(aws),
      new CloudMap(aws),
      new CloudTrail(aws),
      this.cloudwatch,
      this.cloudFormation,
      new Logs(aws),
      new Rds(aws),
      new S3(aws),
      new Scheduler(aws, this.faults),
      new SecretsManager(aws),
      this.sns,
      new Sqs(aws),
      new Ssm(aws),
      this.sts,
      new Tagging(aws),
    ]
  }

  #layer(request: Request): Response {
    const layer = this.ecr.layer(request.url)
    return layer === undefined
      ? new Response('Not found', { status: 404 })
      : new Response(new Uint8Array(layer))
  }
}

const channelsOf = ({ teams }: Environment): string[] =>
  Object.values(teams).map(({ channel }) => channel)

/** By the key of the record that a message tells. */
const isOfSleep = (key: string): boolean => key.startsWith(NIGHT) || key.startsWith(SLEEP_FACT)
