import type {
  CreateListenerOutput,
  CreateLoadBalancerOutput,
  CreateRuleOutput,
  CreateTargetGroupOutput,
  DescribeRulesOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { Ecs } from '../../local/aws/ecs/ecs.ts'
import { ElasticLoadBalancing } from '../../local/aws/elastic-load-balancing/elastic-load-balancing.ts'
import { Internet } from '../../local/outside/internet.ts'
import { balancerDomain, loadBalancers } from '../../local/outside/load-balancers.ts'
import { Traffic } from '../../local/outside/traffic/traffic.ts'
import { answerTo } from './entrances.ts'
import { Functions } from './functions.ts'

const ELB = 'elastic-load-balancing-v2'

/** Who lets a load balancer invoke a function: AWS's own service, for a target group. */
export const BALANCER = 'elasticloadbalancing.amazonaws.com'

/** A fixed response that says this. */
export const saying = (MessageBody: string, StatusCode = '200') => ({
  Type: 'fixed-response',
  FixedResponseConfig: { StatusCode, ContentType: 'text/plain', MessageBody },
})

export const path = (...Values: string[]) => ({ Field: 'path-pattern', Values })

/** An account with a load balancer `dev` that listens on port 80, and the internet before it. */
export class Balancers extends Functions {
  readonly internet = new Internet(this.world)
  listener = ''
  balancer = ''
  #name = ''

  static async open(more: object = {}): Promise<Balancers> {
    const account = new Balancers()
    const { aws } = account
    aws.register(new ElasticLoadBalancing(aws))
    const ecs = new Ecs(aws)
    aws.register(ecs)
    const server = loadBalancers(aws, new Traffic(aws, ecs), account.internet)
    account.internet.domain(balancerDomain(aws.region), server)
    const { LoadBalancers: [made] = [] } = await account.elb<CreateLoadBalancerOutput>(
      'CreateLoadBalancer',
      { Name: 'dev', Subnets: ['subnet-a', 'subnet-b'] },
    )
    account.balancer = made?.LoadBalancerArn ?? ''
    account.#name = made?.DNSName ?? ''
    account.listener = await account.listen(more)
    return account
  }

  elb<Output = Record<string, unknown>>(operation: string, input: object): Promise<Output> {
    return this.call<Output>(ELB, operation, input)
  }

  /** Another listener. @returns its ARN. */
  async listen(more: object = {}): Promise<string> {
    const { Listeners: [made] = [] } = await this.elb<CreateListenerOutput>('CreateListener', {
      LoadBalancerArn: this.balancer,
      Protocol: 'HTTP',
      Port: 80,
      DefaultActions: [saying('default', '404')],
      ...more,
    })
    return made?.ListenerArn ?? ''
  }

  /** A rule of the listener. @returns its ARN. */
  async rule(Priority: number, Conditions: object[], Actions: object[]): Promise<string> {
    const input = { ListenerArn: this.listener, Priority, Conditions, Actions }
    const { Rules: [made] = [] } = await this.elb<CreateRuleOutput>('CreateRule', input)
    return made?.RuleArn ?? ''
  }

  async priorities(): Promise<string[]> {
    const input = { ListenerArn: this.listener }
    const { Rules = [] } = await this.elb<DescribeRulesOutput>('DescribeRules', input)
    return Rules.map(({ Priority = '' }) => Priority)
  }

  /** A target group. @returns its ARN. */
  async group(Name: string, more: object = {}): Promise<string> {
    const usual = { Protocol: 'HTTP', Port: 8080, TargetType: 'ip', VpcId: 'vpc-1' }
    const { TargetGroups: [made] = [] } = await this.elb<CreateTargetGroupOutput>(
      'CreateTargetGroup',
      { Name, ...usual, ...more },
    )
    return made?.TargetGroupArn ?? ''
  }

  /** The group of the function `orders`, which answers `/wake` through it. @returns its ARN. */
  async functionGroup(handler: string, more: object = {}): Promise<string> {
    await this.create(handler, more)
    const lambda = { TargetType: 'lambda', Protocol: undefined, Port: undefined, VpcId: undefined }
    const TargetGroupArn = await this.group('wake', lambda)
    await this.permit(TargetGroupArn)
    await this.elb('RegisterTargets', { TargetGroupArn, Targets: [{ Id: this.functionArn }] })
    await this.rule(5, [path('/wake', '/wake/*')], [{ Type: 'forward', TargetGroupArn }])
    return TargetGroupArn
  }

  get functionArn(): string {
    return this.aws.arn('lambda', 'function:orders')
  }

  permit(SourceArn: string): Promise<unknown> {
    return this.call('lambda', 'AddPermission', {
      FunctionName: 'orders',
      StatementId: 'balancer',
      Action: 'lambda:InvokeFunction',
      Principal: BALANCER,
      SourceArn,
    })
  }

  /** A request from outside to the load balancer, at the port of the scheme or another. */
  ask(asked: string, init: RequestInit = {}, { scheme = 'http', port = '' } = {}) {
    return answerTo(this, new Request(`${scheme}://${this.#name}${port}${asked}`, init))
  }

  /** What comes back: the status and the text. */
  async get(asked: string, init: RequestInit = {}): Promise<string> {
    const { status, text } = await this.ask(asked, init)
    return `${status} ${text}`
  }
}
