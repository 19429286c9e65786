import { enforcement } from '../../local/aws/iam/enforcement.ts'
import { Iam } from '../../local/aws/iam/iam.ts'
import { urlDomain } from '../../local/aws/lambda/url/config.ts'
import { Sts } from '../../local/aws/sts/sts.ts'
import type { World } from '../../local/aws/world.ts'
import { functionUrls } from '../../local/outside/function-urls.ts'
import { Internet } from '../../local/outside/internet.ts'
import { Functions, ROLE } from './functions.ts'

type Statement = Record<string, unknown>

/** Functions with URLs, and the internet from which they are asked. */
export class Entrances extends Functions {
  readonly iam = new Iam(this.aws)
  readonly sts = new Sts(this.aws)
  readonly internet = new Internet(this.world)

  constructor() {
    super()
    this.aws.register(this.iam)
    this.aws.register(this.sts)
    this.aws.guards.push(enforcement(this.aws))
    this.internet.domain(urlDomain(this.aws.region), functionUrls(this.world, this.lambda))
  }

  /** The function `orders`, its role, and its URL. @returns the URL. */
  async open(handler: string, AuthType: 'NONE' | 'AWS_IAM', more: object = {}): Promise<string> {
    const logs = { Effect: 'Allow', Action: 'logs:*', Resource: '*' }
    await this.role('orders', [logs], { Service: 'lambda.amazonaws.com' })
    await this.create(handler)
    const { FunctionUrl } = await this.call<{ FunctionUrl: string }>(
      'lambda',
      'CreateFunctionUrlConfig',
      { FunctionName: 'orders', AuthType, ...more },
    )
    return FunctionUrl
  }

  /** Lets everybody through the URL of `orders`, by both of the permissions it takes. */
  async letEverybody(): Promise<void> {
    await this.permit('url', 'lambda:InvokeFunctionUrl', { FunctionUrlAuthType: 'NONE' })
    await this.permit('function', 'lambda:InvokeFunction', { InvokedViaFunctionUrl: true })
  }

  permit(StatementId: string, Action: string, more: object = {}): Promise<unknown> {
    const permission = { FunctionName: 'orders', StatementId, Action, Principal: '*', ...more }
    return this.call('lambda', 'AddPermission', permission)
  }

  /** A role of these statements. @returns its ARN. */
  async role(
    RoleName: string,
    statements: Statement[],
    Principal: object = { AWS: this.aws.account },
  ): Promise<string> {
    const trust = { Statement: { Effect: 'Allow', Principal, Action: 'sts:AssumeRole' } }
    const AssumeRolePolicyDocument = JSON.stringify(trust)
    await this.call('iam', 'CreateRole', { RoleName, AssumeRolePolicyDocument })
    if (statements.length > 0) {
      const PolicyDocument = JSON.stringify({ Statement: statements })
      await this.call('iam', 'PutRolePolicy', { RoleName, PolicyName: 'own', PolicyDocument })
    }
    return ROLE.replace(/orders$/, RoleName)
  }

  /** A request from outside, with as much simulated time as it takes. */
  ask(request: Request): Promise<Answer> {
    return answerTo(this, request)
  }
}

type Answer = { status: number; headers: Headers; text: string }

/** Sends a request from outside AWS, and lets as much simulated time pass as its answer takes. */
export async function answerTo(
  { world, internet }: { world: World; internet: Internet },
  request: Request,
): Promise<Answer> {
  let ended = false
  const answer = internet.deliver(request).finally(() => {
    ended = true
  })
  // Whoever awaits the answer hears of what went wrong.
  answer.catch(() => {})
  await world.settle()
  while (!ended && (await world.step())) {
    // each step is one moment
  }
  const response = await answer
  return { status: response.status, headers: response.headers, text: await response.text() }
}

/** What lets a role through a function's URL. */
export const throughUrl = (resource: string): Statement[] => [
  { Effect: 'Allow', Action: 'lambda:InvokeFunctionUrl', Resource: resource },
  {
    Effect: 'Allow',
    Action: 'lambda:InvokeFunction',
    Resource: resource,
    Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } },
  },
]
