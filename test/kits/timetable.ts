import type { CreateScheduleInput } from '@aws-sdk/client-scheduler'
import type { ReceiveMessageResult } from '@aws-sdk/client-sqs'
import type { Caller } from '../../local/aws/aws.ts'
import type { AwsError } from '../../local/aws/errors.ts'
import { Faults } from '../../local/aws/faults.ts'
import { Scheduler } from '../../local/aws/scheduler/scheduler.ts'
import { Sqs } from '../../local/aws/sqs/sqs.ts'
import { Account } from './account.ts'

export const ROLE = 'arn:aws:iam::123456789012:role/sweep'
export const MACHINE = 'arn:aws:states:eu-central-1:123456789012:stateMachine:roll-out'
export const QUEUE_ARN = 'arn:aws:sqs:eu-central-1:123456789012:letters'
export const QUEUE_URL = 'https://sqs.eu-central-1.amazonaws.com/123456789012/letters'

/** An account with Scheduler, a queue `letters` and a machine whose answers a test decides. */
export class Timetable extends Account {
  readonly faults = new Faults(this.world.random)
  readonly scheduler = new Scheduler(this.aws, this.faults)
  readonly started: { at: number; input: string; caller: Caller }[] = []
  /** Thrown by StartExecution, attempt by attempt; then it takes everything. */
  readonly failures: AwsError[] = []

  static async open() {
    const account = new Timetable()
    account.aws.register(account.scheduler)
    account.aws.register(new Sqs(account.aws))
    const StartExecution = ({ input }: { input: string }, caller: Caller) => {
      account.started.push({ at: account.world.now, input, caller })
      const failure = account.failures.shift()
      if (failure !== undefined) throw failure
      return {}
    }
    account.aws.register({ id: 'sfn', operations: { StartExecution } })
    await account.call('sqs', 'CreateQueue', { QueueName: 'letters' })
    return account
  }

  schedule(ScheduleExpression: string, more: Partial<CreateScheduleInput> = {}) {
    return this.call('scheduler', 'CreateSchedule', {
      Name: 'sweep',
      ScheduleExpression,
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: MACHINE, RoleArn: ROLE, Input: '{"sweep":true}' },
      ...more,
    })
  }

  change(ScheduleExpression: string, more: Partial<CreateScheduleInput> = {}) {
    return this.call('scheduler', 'UpdateSchedule', {
      Name: 'sweep',
      ScheduleExpression,
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: MACHINE, RoleArn: ROLE },
      ...more,
    })
  }

  async letters() {
    const { Messages = [] } = await this.call<ReceiveMessageResult>('sqs', 'ReceiveMessage', {
      QueueUrl: QUEUE_URL,
      MessageAttributeNames: ['All'],
      MaxNumberOfMessages: 10,
    })
    return Messages.map(({ Body, MessageAttributes = {} }) => ({
      body: Body,
      attributes: Object.fromEntries(
        Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]),
      ),
    }))
  }

  /** The minutes in which the target was called. */
  get minutes(): string[] {
    return this.started.map(({ at }) => new Date(at).toISOString().slice(0, 16))
  }
}
