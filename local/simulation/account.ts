import { ApplicationAutoScaling } from '../aws/application-auto-scaling/application-auto-scaling.ts'
import { AutoScaling } from '../aws/auto-scaling/auto-scaling.ts'
import { Aws, type Service } from '../aws/aws.ts'
import { Budgets } from '../aws/budgets/budgets.ts'
import { disturbCalls } from '../aws/call-faults.ts'
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
import { NotImplemented } from '../aws/errors.ts'
import { EventBridge } from '../aws/eventbridge/eventbridge.ts'
import { Faults } from '../aws/faults.ts'
import { enforcement } from '../aws/iam/enforcement.ts'
import { Iam } from '../aws/iam/iam.ts'
import type { Invoked } from '../aws/lambda/invoker.ts'
import { Lambda } from '../aws/lambda/lambda.ts'
import type { CodeLocation, Runtime } from '../aws/lambda/runtime.ts'
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
import { functionUrls } from '../outside/function-urls.ts'
import { Internet } from '../outside/internet.ts'
import { balancerDomain, loadBalancers } from '../outside/load-balancers.ts'
import { NatInstances } from '../outside/nat-instances.ts'
import { Traffic } from '../outside/traffic/traffic.ts'
import { sdkConfiguration, shortConfiguration } from '../wire/request-handler.ts'
import { shortClient } from '../wire/short-client.ts'

export type AccountOptions = {
  seed: number
  /** The first instant. */
  begin: Date
  region: string
  /** 12 digits. */
  account?: string
  /**
   * `real`: what functions say to AWS is written and read by the SDK's own protocols. `short` leaves
   * that out where it makes no difference, which is many times faster.
   */
  wire?: 'real' | 'short'
  /** Code that runs in place of a function's bundle. */
  standIn?: Runtime['standIn']
  /** With the short wire: what is loaded in place of a bundle, as it is the same code. */
  shared?: Runtime['shared']
}

/** A simulated account in one Region, with the world around it; nothing is deployed. */
export class Account {
  readonly world: World
  readonly aws: Aws
  readonly faults: Faults
  readonly internet: Internet
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

  constructor({ seed, begin, region, account, wire = 'short', ...more }: AccountOptions) {
    this.world = new World({ seed, start: begin })
    const aws = new Aws(this.world, { region, ...(account === undefined ? {} : { account }) })
    this.aws = aws
    this.faults = new Faults(this.world.random)
    this.internet = new Internet(this.world)
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
        : {
            sdk: (caller) => shortConfiguration(aws, caller),
            client: shortClient,
            ...(more.shared === undefined ? {} : { shared: more.shared }),
          }),
      fetch: this.internet.fetch,
      code: async (location) => this.#code(location),
      ...(more.standIn === undefined ? {} : { standIn: more.standIn }),
    })
    this.cloudwatch = new CloudWatch(aws)
    this.sns = new Sns(aws)
    this.sts = new Sts(aws)
    this.cloudFormation = new CloudFormation(aws)
    this.lambda.onInvoked((invoked) => this.invocations.push(invoked))
    for (const service of this.#services()) aws.register(service)
    disturbCalls(aws, this.faults)
    this.lambda.killer = () => this.faults.happens('kill')
    publishVended(aws)
    this.natInstances = new NatInstances(aws)
    this.internet.host(layerHost(aws), (request) => this.#layer(request))
    this.internet.domain(urlDomain(aws.region), functionUrls(this.world, this.lambda))
    this.internet.domain(
      balancerDomain(aws.region),
      loadBalancers(aws, this.traffic, this.internet),
    )
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

  #code({ S3Key = '', ZipFile }: CodeLocation): string {
    if (ZipFile === undefined) return this.cloudFormation.assets(S3Key)
    throw new NotImplemented(
      'code that stands in the template itself; say what it does where you load the stacks (`functions`, docs/library.md)',
    )
  }

  #layer(request: Request): Response {
    const layer = this.ecr.layer(request.url)
    return layer === undefined
      ? new Response('Not found', { status: 404 })
      : new Response(new Uint8Array(layer))
  }
}
