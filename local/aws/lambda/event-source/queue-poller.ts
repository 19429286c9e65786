import type { Message, ReceiveMessageResult } from '@aws-sdk/client-sqs'
import { AwsError } from '../../errors.ts'
import type { Queue } from '../../sqs/queue.ts'
import { queueUrlOf } from '../../sqs/queue-url.ts'
import { Sqs } from '../../sqs/sqs.ts'
import type { Invoker } from '../invoker.ts'
import { lambdaFor } from '../model.ts'
import { compileFilters, type Mapping, type Poller, reportedFailures } from './mapping.ts'

/** Batches that Lambda hands on at the same time before it scales up, which it does not do here. */
const CONCURRENT = 5

/** The longest SQS lets one wait, in seconds. */
const LONG_POLL = 20

/** Milliseconds until a queue that could not be read is asked again. */
const UNREADABLE = 60_000

/** The most SQS gives at once. */
const PAGE = 10

/**
 * Receives messages with the function's role and hands them on in batches. What the function has
 * done is deleted; the rest comes back when its visibility timeout is over.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
export class QueuePoller implements Poller {
  readonly #invoker: Invoker
  readonly #mapping: Mapping
  readonly #url: string
  #stopped = false
  #underWay = 0
  #freed: () => void = () => {}

  constructor(invoker: Invoker, mapping: Mapping) {
    this.#invoker = invoker
    this.#mapping = mapping
    this.#url = queueUrlOf(mapping.source)
    this.#run().catch((error: unknown) => invoker.store.aws.world.fail(error))
  }

  stop(): void {
    this.#stopped = true
  }

  async #run(): Promise<void> {
    const { world } = this.#invoker.store.aws
    const most = this.#mapping.settings.ScalingConfig?.MaximumConcurrency ?? CONCURRENT
    while (!this.#stopped) {
      if (this.#underWay >= most) await new Promise<void>((resolve) => (this.#freed = resolve))
      const batch = await this.#gather()
      if (batch.length === 0) {
        // It would only ask again and again, and that is most of what a quiet day consists of.
        await this.#queue()?.untilFilled()
        continue
      }
      this.#underWay++
      this.#deliver(batch)
        .catch((error: unknown) => world.fail(error))
        .finally(() => {
          this.#underWay--
          this.#freed()
        })
    }
  }

  /** A full batch, or what there is when the window since the first message closes. */
  async #gather(): Promise<Message[]> {
    const { world } = this.#invoker.store.aws
    const { BatchSize, MaximumBatchingWindowInSeconds: window } = this.#mapping.settings
    const batch: Message[] = []
    let closes = world.now + LONG_POLL * 1000
    while (!this.#stopped && batch.length < BatchSize && world.now < closes) {
      const seconds = Math.min(LONG_POLL, Math.floor((closes - world.now) / 1000))
      const received = await this.#receive(Math.min(PAGE, BatchSize - batch.length), seconds)
      if (batch.length === 0 && received.length > 0) closes = world.now + window * 1000
      batch.push(...received)
      if (received.length === 0 && seconds === 0) break
    }
    return batch
  }

  /** @returns the messages that pass the filters; the others are deleted, as AWS does. */
  async #receive(MaxNumberOfMessages: number, WaitTimeSeconds: number): Promise<Message[]> {
    const { world } = this.#invoker.store.aws
    const wanted = compileFilters(this.#mapping.settings)
    try {
      const { Messages = [] } = await this.#call<ReceiveMessageResult>('ReceiveMessage', {
        MaxNumberOfMessages,
        WaitTimeSeconds,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      })
      const passes = (message: Message) => wanted(this.#filterable(message))
      await this.#delete(Messages.filter((message) => !passes(message)))
      return Messages.filter(passes)
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      this.#mapping.lastResult = `PROBLEM: ${error.name}: ${error.message}`
      await world.sleep(UNREADABLE, 'Lambda asks a queue again')
      return []
    }
  }

  #queue(): Queue | undefined {
    const queues = this.#invoker.store.aws.find(Sqs)?.queues ?? []
    return queues.find(({ arn }) => arn === this.#mapping.source)
  }

  async #deliver(batch: readonly Message[]): Promise<void> {
    const { store } = this.#invoker
    const invocation = {
      payload: JSON.stringify({ Records: batch.map((message) => this.#record(message)) }),
      requestId: store.aws.world.random.uuid('lambda/request'),
      source: 'EventSourceMapping',
    } as const
    try {
      const { payload, failure } = await this.#invoker.run(this.#mapping.fn, invocation)
      if (failure !== undefined) return
      const failed = reportedFailures(this.#mapping.settings, payload)
      if (failed === undefined) return
      const done = batch.filter(({ MessageId = '' }) => !failed.includes(MessageId))
      await this.#delete(done)
    } catch (error) {
      // Throttled, or the messages cannot be deleted: they come back.
      if (!(error instanceof AwsError)) throw error
      this.#mapping.lastResult = `PROBLEM: ${error.name}: ${error.message}`
    }
  }

  async #delete(messages: readonly Message[]): Promise<void> {
    for (const { ReceiptHandle } of messages) await this.#call('DeleteMessage', { ReceiptHandle })
  }

  /** A message as the function sees it. */
  #record(message: Message): Record<string, unknown> {
    const attributes = Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [
      name,
      {
        ...(value.StringValue === undefined ? {} : { stringValue: value.StringValue }),
        ...(value.BinaryValue === undefined
          ? {}
          : { binaryValue: Buffer.from(value.BinaryValue).toString('base64') }),
        stringListValues: [],
        binaryListValues: [],
        dataType: value.DataType,
      },
    ])
    return {
      messageId: message.MessageId,
      receiptHandle: message.ReceiptHandle,
      body: message.Body,
      attributes: message.Attributes ?? {},
      messageAttributes: Object.fromEntries(attributes),
      md5OfBody: message.MD5OfBody,
      eventSource: 'aws:sqs',
      eventSourceARN: this.#mapping.source,
      awsRegion: this.#invoker.store.aws.region,
    }
  }

  /** Filters look into a body that is JSON. */
  #filterable(message: Message): object {
    const record = this.#record(message)
    try {
      return { ...record, body: JSON.parse(message.Body ?? '') as unknown }
    } catch {
      return record
    }
  }

  #call<Output>(operation: string, input: object): Promise<Output> {
    const { aws } = this.#invoker.store
    const caller = lambdaFor(this.#mapping.fn)
    return aws.call('sqs', operation, { QueueUrl: this.#url, ...input }, caller)
  }
}
