import type {
  DeploymentConfiguration,
  DeploymentLifecycleHook,
  LoadBalancer,
} from '@aws-sdk/client-ecs'
import type {
  CreateListenerOutput,
  CreateLoadBalancerOutput,
  CreateRuleOutput,
  CreateTargetGroupOutput,
  DescribeRulesOutput,
  DescribeTargetHealthOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Caller } from '../../local/aws/aws.ts'
import { AwsError } from '../../local/aws/errors.ts'
import { Cluster } from './cluster.ts'

const ELB = 'elastic-load-balancing-v2'

/** What the function of a hook is told. */
export type HookEvent = {
  executionDetails: {
    testTrafficWeights: Record<string, number>
    productionTrafficWeights: Record<string, number>
    serviceArn: string
    targetServiceRevisionArn: string
  }
  lifecycleStage: string
  resourceArn: string
  hookDetails?: unknown
}

/** Makes calls of an account. */
type Call = <Output>(service: string, operation: string, input: object) => Promise<Output>

/** Two target groups `blue` and `green` behind two rules of a listener: all has the blue one. */
export class TwoGroups {
  readonly blue: string
  readonly green: string
  readonly production: string
  readonly test: string
  readonly #call: Call

  private constructor(call: Call, arns: Record<'blue' | 'green' | 'production' | 'test', string>) {
    this.#call = call
    this.blue = arns.blue
    this.green = arns.green
    this.production = arns.production
    this.test = arns.test
  }

  /** @param listener of the load balancer. */
  static async make(call: Call, listener: string, vpc = 'vpc-1'): Promise<TwoGroups> {
    const group = async (Name: string) => {
      const { TargetGroups: [made] = [] } = await call<CreateTargetGroupOutput>(
        ELB,
        'CreateTargetGroup',
        {
          ...{ Name, Protocol: 'HTTP', Port: 8080, TargetType: 'ip', VpcId: vpc },
          HealthCheckIntervalSeconds: 10,
        },
      )
      const TargetGroupArn = made?.TargetGroupArn ?? ''
      const Attributes = [{ Key: 'deregistration_delay.timeout_seconds', Value: '5' }]
      await call(ELB, 'ModifyTargetGroupAttributes', { TargetGroupArn, Attributes })
      return TargetGroupArn
    }
    const [blue, green] = [await group('blue'), await group('green')]
    const rule = async (Priority: number, path: string) => {
      const TargetGroups = [
        { TargetGroupArn: blue, Weight: 1 },
        { TargetGroupArn: green, Weight: 0 },
      ]
      const { Rules: [made] = [] } = await call<CreateRuleOutput>(ELB, 'CreateRule', {
        ...{ ListenerArn: listener, Priority },
        Conditions: [{ Field: 'path-pattern', Values: [path] }],
        Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups } }],
      })
      return made?.RuleArn ?? ''
    }
    const arns = { blue, green, production: await rule(901, '/p/*'), test: await rule(902, '/t/*') }
    return new TwoGroups(call, arns)
  }

  balancers(
    containerName: string,
    { roleArn = 'arn:aws:iam::123456789012:role/elb', containerPort = 8080, tested = true } = {},
  ): LoadBalancer[] {
    const advancedConfiguration = {
      alternateTargetGroupArn: this.green,
      productionListenerRule: this.production,
      ...(tested ? { testListenerRule: this.test } : {}),
      roleArn,
    }
    return [{ targetGroupArn: this.blue, containerName, containerPort, advancedConfiguration }]
  }

  /** The weights of blue and green. */
  async weights(rule: 'production' | 'test' = 'production'): Promise<(number | undefined)[]> {
    const { Rules: [found] = [] } = await this.#call<DescribeRulesOutput>(ELB, 'DescribeRules', {
      RuleArns: [this[rule]],
    })
    const groups = found?.Actions?.[0]?.ForwardConfig?.TargetGroups ?? []
    return [this.blue, this.green].map(
      (arn) => groups.find(({ TargetGroupArn }) => TargetGroupArn === arn)?.Weight,
    )
  }

  /** How many targets blue and green have that do not leave. */
  async targets(): Promise<number[]> {
    const counts: number[] = []
    for (const TargetGroupArn of [this.blue, this.green]) {
      const { TargetHealthDescriptions = [] } = await this.#call<DescribeTargetHealthOutput>(
        ELB,
        'DescribeTargetHealth',
        { TargetGroupArn },
      )
      const here = TargetHealthDescriptions.filter(
        ({ TargetHealth }) => TargetHealth?.State !== 'draining',
      )
      counts.push(here.length)
    }
    return counts
  }
}

/** A cluster with a load balancer, and functions for hooks that answer as a test says. */
export class Shifted extends Cluster {
  readonly told: HookEvent[] = []
  readonly asked: Caller[] = []
  /** What the functions answer. */
  hook: (event: HookEvent) => unknown = () => ({ hookStatus: 'SUCCEEDED' })
  #groups: TwoGroups | undefined

  static override async open(seed = 1): Promise<Shifted> {
    const account = new Shifted(seed)
    account.aws.register({ id: 'lambda', operations: { Invoke: account.#invoke.bind(account) } })
    await account.call('ecs', 'CreateCluster', { clusterName: 'dev' })
    await account.call('ecr', 'CreateRepository', { repositoryName: 'orders' })
    const { LoadBalancers: [balancer] = [] } = await account.call<CreateLoadBalancerOutput>(
      ELB,
      'CreateLoadBalancer',
      { Name: 'dev', Subnets: ['subnet-a', 'subnet-b'] },
    )
    const { Listeners: [listener] = [] } = await account.call<CreateListenerOutput>(
      ELB,
      'CreateListener',
      {
        LoadBalancerArn: balancer?.LoadBalancerArn,
        ...{ Protocol: 'HTTP', Port: 80 },
        DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
      },
    )
    account.#groups = await TwoGroups.make(
      (service, operation, input) => account.call(service, operation, input),
      listener?.ListenerArn ?? '',
    )
    return account
  }

  get groups(): TwoGroups {
    if (this.#groups === undefined) throw new Error('The account is not open')
    return this.#groups
  }

  /** A service of this strategy that runs its first image, and one more that it deploys then. */
  async begin(configuration: DeploymentConfiguration, more: object = {}): Promise<void> {
    const deploymentConfiguration = {
      deploymentCircuitBreaker: {
        ...{ enable: true, rollback: true },
        thresholdConfiguration: { type: 'COUNT' as const, value: 2 },
      },
      ...configuration,
    }
    const loadBalancers = this.groups.balancers('orders')
    const first = await this.revision({})
    await this.create(first, { loadBalancers, ...more })
    await this.run(5 * 60_000)
    await this.update({ deploymentConfiguration })
    this.events.length = 0
  }

  /** Where the newest deployment is. */
  async stage() {
    const [newest] = await this.deployments()
    return newest?.lifecycleStage
  }

  #invoke(input: { FunctionName: string; Payload: Uint8Array }, caller: Caller) {
    const event = JSON.parse(new TextDecoder().decode(input.Payload)) as HookEvent
    this.told.push(event)
    this.asked.push(caller)
    const answer = this.hook(event)
    if (answer instanceof AwsError) throw answer
    return { StatusCode: 200, Payload: new TextEncoder().encode(JSON.stringify(answer)) }
  }
}

export const FUNCTION = 'arn:aws:lambda:eu-central-1:123456789012:function:check'

/** A hook that asks the function. */
export const asks = (
  ...lifecycleStages: NonNullable<DeploymentLifecycleHook['lifecycleStages']>
): DeploymentLifecycleHook => ({
  hookTargetArn: FUNCTION,
  roleArn: 'arn:aws:iam::123456789012:role/hooks',
  lifecycleStages,
})
