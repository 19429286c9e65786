import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CreateFunctionRequest, InvocationResponse } from '@aws-sdk/client-lambda'
import type { ReceiveMessageResult } from '@aws-sdk/client-sqs'
import type { Caller } from '../../local/aws/aws.ts'
import { Logs } from '../../local/aws/cloudwatch-logs/logs.ts'
import { DynamoDb } from '../../local/aws/dynamodb/dynamodb.ts'
import { DynamoDbStreams } from '../../local/aws/dynamodb/streams.ts'
import { Lambda } from '../../local/aws/lambda/lambda.ts'
import type { SdkConfiguration } from '../../local/aws/lambda/runtime.ts'
import { queueUrlOf } from '../../local/aws/sqs/queue-url.ts'
import { Sqs } from '../../local/aws/sqs/sqs.ts'
import { Account, PERSON } from './account.ts'
import { temporaryDirectory } from './temporary.ts'

export const ROLE = 'arn:aws:iam::123456789012:role/orders'

/** The answer of a stub of HTTP, after so many simulated milliseconds. */
type Answer = { body: unknown; after?: number }

/** An account with functions that are written on the spot. */
export class Functions extends Account {
  readonly lambda: Lambda
  /** What functions asked of the world outside. */
  readonly requests: string[] = []
  /** By host. */
  readonly web: Record<string, Answer> = {}
  readonly #directory = temporaryDirectory()
  #bundles = 0

  constructor() {
    super([], 7)
    this.lambda = new Lambda(this.aws, {
      sdk: (caller) => this.#sdk(caller),
      fetch: (input) => this.#fetch(new Request(input)),
      code: async ({ S3Key = '' }) => S3Key,
    })
    this.aws.register(new Logs(this.aws))
    this.aws.register(this.lambda)
    const tables = new DynamoDb(this.aws)
    this.aws.register(tables)
    this.aws.register(new DynamoDbStreams(tables))
    this.aws.register(new Sqs(this.aws))
  }

  /** A bundle whose handler is `(event, context, platform) => …`, as its directory. */
  bundle(handler: string): string {
    const directory = join(this.#directory, `bundle-${this.#bundles++}`)
    mkdirSync(directory)
    const source = `const run = ${handler}
      export const handler = Object.assign(() => {}, {
        on: (platform) => async (event, context) => run(event, context, platform),
      })`
    writeFileSync(join(directory, 'index.mjs'), source)
    return directory
  }

  /** Creates the function `orders` (or another) of this handler. */
  async create(handler: string, more: Partial<CreateFunctionRequest> = {}): Promise<void> {
    await this.call('lambda', 'CreateFunction', {
      FunctionName: 'orders',
      Role: ROLE,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { S3Key: this.bundle(handler) },
      ...more,
    })
  }

  /** Makes a call and lets as much simulated time pass as it needs. */
  override async call<Output = Record<string, unknown>>(
    service: string,
    operation: string,
    input: object,
    caller = PERSON,
  ): Promise<Output> {
    let ended = false
    const answer = this.aws.call<Output>(service, operation, input, caller).finally(() => {
      ended = true
    })
    answer.catch(() => {
      // Whoever awaits the answer hears of it.
    })
    await this.world.settle()
    while (!ended && (await this.world.step())) {
      // each step is one moment
    }
    return answer
  }

  /** Invokes `orders` and gives its answer, read. */
  async invoke(event: unknown, more: object = {}) {
    const { Payload, ...answer } = await this.call<InvocationResponse>('lambda', 'Invoke', {
      FunctionName: 'orders',
      Payload: new TextEncoder().encode(JSON.stringify(event)),
      ...more,
    })
    return { ...answer, ...(Payload && { payload: JSON.parse(new TextDecoder().decode(Payload)) }) }
  }

  /** Creates a queue. @returns its ARN. */
  async queue(name: string): Promise<string> {
    await this.call('sqs', 'CreateQueue', { QueueName: name })
    return this.aws.arn('sqs', name)
  }

  /** What a queue holds, read as JSON. */
  async messages(name: string): Promise<Record<string, unknown>[]> {
    const QueueUrl = queueUrlOf(this.aws.arn('sqs', name))
    const { Messages = [] } = await this.call<ReceiveMessageResult>('sqs', 'ReceiveMessage', {
      QueueUrl,
      MaxNumberOfMessages: 10,
    })
    return Messages.map(({ Body = '' }) => JSON.parse(Body) as Record<string, unknown>)
  }

  /** Every line of a function's log group. */
  async log(group = '/aws/lambda/orders'): Promise<string[]> {
    const { events } = await this.call<{ events: { message: string }[] }>(
      'cloudwatch-logs',
      'FilterLogEvents',
      { logGroupName: group },
    )
    return events.map(({ message }) => message)
  }

  /** The SDK's place between client and network: `handle({ service, operation, input })`. */
  #sdk(caller: Caller): SdkConfiguration {
    const handle = (request: { service: string; operation: string; input: object }) =>
      this.world.idle(() =>
        this.aws.call(request.service, request.operation, request.input, caller),
      )
    return { requestHandler: { handle } }
  }

  #fetch(request: Request): Promise<Response> {
    const { host } = new URL(request.url)
    const { body, after = 50 } = this.web[host] ?? { body: {} }
    return this.world.idle(async () => {
      await this.world.sleep(after, host)
      this.requests.push(`${request.method} ${request.url}`)
      return Response.json(body)
    })
  }
}
