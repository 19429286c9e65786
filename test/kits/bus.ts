import type { Target } from '@aws-sdk/client-eventbridge'
import type { ReceiveMessageResult } from '@aws-sdk/client-sqs'
import type { AwsEvent, Caller, Operations } from '../../local/aws/aws.ts'
import { AwsError } from '../../local/aws/errors.ts'
import { EventBridge } from '../../local/aws/eventbridge/eventbridge.ts'
import { type FaultRates, Faults } from '../../local/aws/faults.ts'
import { Sqs } from '../../local/aws/sqs/sqs.ts'
import { Account, PERSON } from './account.ts'

export const FUNCTION = 'arn:aws:lambda:eu-central-1:123456789012:function:plan'
export const MACHINE = 'arn:aws:states:eu-central-1:123456789012:stateMachine:roll-out'
export const ROLE = 'arn:aws:iam::123456789012:role/start'
export const QUEUE = 'arn:aws:sqs:eu-central-1:123456789012:events'
export const SECOND = 1_000
export const HOUR = 3_600_000

export const PUSH: AwsEvent = {
  source: 'aws.ecr',
  detailType: 'ECR Image Action',
  resources: [],
  detail: { 'action-type': 'PUSH', 'image-tag': 'main', 'repository-name': 'orders' },
  delivery: 'best-effort',
}

export const PUSHES = { source: ['aws.ecr'], detail: { 'action-type': ['PUSH'] } }

/** The policy that lets the rules of this account send to the queue. */
const ADMITS_RULES = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: QUEUE,
      Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:events:*:123456789012:rule/*' } },
    },
  ],
}

type Invocation = { at: number; payload: unknown; caller: Caller }

export const throttled = () =>
  new AwsError('TooManyRequestsException', 'Rate Exceeded.', { statusCode: 429 })

/** An account with a rule `pushes`, a queue `events`, and a function whose answers a test decides. */
export class Bus extends Account {
  readonly sqs = new Sqs(this.aws)
  readonly eventbridge: EventBridge
  readonly invocations: Invocation[] = []
  readonly executions: { name: string; input: unknown; caller: Caller }[] = []
  /** Thrown by the function's Invoke, attempt by attempt; then it takes everything. */
  readonly failures: AwsError[] = []

  constructor(rates: Partial<FaultRates> = {}) {
    super()
    this.eventbridge = new EventBridge(this.aws, new Faults(this.world.random, rates))
    this.aws.register(this.eventbridge)
    this.aws.register(this.sqs)
    this.aws.register({ id: 'lambda', operations: this.#lambda() })
    this.aws.register({ id: 'sfn', operations: this.#sfn() })
  }

  static async open(targets: Partial<Target>[], rates: Partial<FaultRates> = {}) {
    const account = new Bus(rates)
    await account.call('sqs', 'CreateQueue', {
      QueueName: 'events',
      Attributes: { Policy: JSON.stringify(ADMITS_RULES) },
    })
    await account.call('eventbridge', 'PutRule', {
      Name: 'pushes',
      EventPattern: JSON.stringify(PUSHES),
    })
    const Targets = targets.map((target, index) => ({ Id: `target-${index}`, ...target }))
    if (Targets.length > 0) {
      await account.call('eventbridge', 'PutTargets', { Rule: 'pushes', Targets })
    }
    return account
  }

  put(entry: object, caller = PERSON) {
    const asked = this.call<{ Entries: { EventId?: string; ErrorCode?: string }[] }>(
      'eventbridge',
      'PutEvents',
      { Entries: [{ Source: 'shop', DetailType: 'sold', Detail: '{}', ...entry }] },
      caller,
    )
    return asked
  }

  async messages(queue = 'events') {
    const { Messages = [] } = await this.call<ReceiveMessageResult>('sqs', 'ReceiveMessage', {
      QueueUrl: `https://sqs.eu-central-1.amazonaws.com/123456789012/${queue}`,
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ['All'],
    })
    return Messages.map(({ Body = '', MessageAttributes = {} }) => ({
      body: JSON.parse(Body) as Record<string, unknown>,
      attributes: Object.fromEntries(
        Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]),
      ),
    }))
  }

  /** How the deliveries of the last event went. */
  get deliveries() {
    return this.eventbridge.journal.at(-1)?.deliveries ?? []
  }

  #lambda(): Operations {
    return {
      Invoke: ({ Payload }: { Payload: Uint8Array }, caller: Caller) => {
        const payload: unknown = JSON.parse(new TextDecoder().decode(Payload))
        this.invocations.push({ at: this.world.now, payload, caller })
        const failure = this.failures.shift()
        if (failure !== undefined) throw failure
        return { StatusCode: 202 }
      },
    }
  }

  #sfn(): Operations {
    return {
      StartExecution: ({ name, input }: { name: string; input: string }, caller: Caller) => {
        this.executions.push({ name, input: JSON.parse(input), caller })
        return {}
      },
    }
  }
}
