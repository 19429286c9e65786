import type {
  DescribeStreamCommandOutput,
  GetRecordsCommandOutput,
  GetShardIteratorCommandOutput,
} from '@aws-sdk/client-dynamodb-streams'
import { DynamoDb } from '../../dynamodb/dynamodb.ts'
import { AwsError } from '../../errors.ts'
import type { Invoker } from '../invoker.ts'
import { lambdaFor } from '../model.ts'
import { compileFilters, type Mapping, type Poller } from './mapping.ts'
import { deliverBatch } from './stream-batch.ts'
import { type StreamRecord, streamRecord } from './stream-record.ts'

/** Lambda asks each shard four times a second. */
const POLL = { low: 10, high: 250 }

/** Milliseconds until a stream that could not be read is asked again. */
const UNREADABLE = 60_000

/** The most GetRecords gives. */
const PAGE = 1_000

/**
 * Reads a stream with the function's role and hands its records on in batches.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 */
export class StreamPoller implements Poller {
  readonly #invoker: Invoker
  readonly #mapping: Mapping
  readonly #unsubscribe: () => void
  #iterator: string | undefined
  #stopped = false
  /** Whether something was added since the stream was last read. */
  #news = true
  #wake: () => void = () => {}

  constructor(invoker: Invoker, mapping: Mapping) {
    this.#invoker = invoker
    this.#mapping = mapping
    this.#iterator = mapping.checkpoint
    const { aws } = invoker.store
    const listen = aws
      .find(DynamoDb)
      ?.stream(mapping.source)
      ?.onRecord(() => {
        this.#news = true
        this.#wake()
      })
    this.#unsubscribe = listen ?? (() => {})
    this.#run().catch((error: unknown) => aws.world.fail(error))
  }

  stop(): void {
    this.#stopped = true
    this.#unsubscribe()
    this.#wake()
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const batch = await this.#gather()
      if (batch.length > 0 && !this.#stopped) {
        await deliverBatch(this.#invoker, this.#mapping, batch)
      }
      if (!this.#stopped && this.#iterator !== undefined) this.#mapping.checkpoint = this.#iterator
    }
  }

  /** A full batch, or what there is when the window since the first record closes. */
  async #gather(): Promise<StreamRecord[]> {
    const { world } = this.#invoker.store.aws
    const { BatchSize, MaximumBatchingWindowInSeconds: window } = this.#mapping.settings
    const batch: StreamRecord[] = []
    let closes = Number.POSITIVE_INFINITY
    while (!this.#stopped) {
      const again = await this.#read(batch)
      if (batch.length > 0 && closes === Number.POSITIVE_INFINITY) {
        closes = world.now + window * 1000
      }
      if (batch.length >= BatchSize || world.now >= closes) break
      await this.#arrival(Math.min(closes, again))
    }
    return batch
  }

  /**
   * Adds what is new and wanted to the batch, until that is full or nothing is left.
   *
   * @returns when to read again even if nothing arrives.
   */
  async #read(batch: StreamRecord[]): Promise<number> {
    const { source, settings } = this.#mapping
    const wanted = compileFilters(settings)
    this.#news = false
    try {
      while (batch.length < settings.BatchSize) {
        const Limit = Math.min(PAGE, settings.BatchSize - batch.length)
        const { Records = [] } = await this.#page(Limit)
        if (Records.length === 0) break
        batch.push(...Records.map((one) => streamRecord(one, source)).filter(wanted))
      }
      return Number.POSITIVE_INFINITY
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      this.#mapping.lastResult = `PROBLEM: ${error.name}: ${error.message}`
      return this.#invoker.store.aws.world.now + UNREADABLE
    }
  }

  async #page(Limit: number): Promise<GetRecordsCommandOutput> {
    const ShardIterator = this.#iterator ?? (await this.#first())
    const page = await this.#call<GetRecordsCommandOutput>('GetRecords', { ShardIterator, Limit })
    this.#iterator = page.NextShardIterator
    return page
  }

  async #first(): Promise<string | undefined> {
    const { source: StreamArn, settings } = this.#mapping
    const { StreamDescription } = await this.#call<DescribeStreamCommandOutput>('DescribeStream', {
      StreamArn,
    })
    // A simulated stream has one shard, which never splits.
    const ShardId = StreamDescription?.Shards?.[0]?.ShardId ?? ''
    this.#mapping.shard = ShardId
    const input = { StreamArn, ShardId, ShardIteratorType: settings.StartingPosition }
    const answer = await this.#call<GetShardIteratorCommandOutput>('GetShardIterator', input)
    return answer.ShardIterator
  }

  #call<Output>(operation: string, input: object): Promise<Output> {
    const { aws } = this.#invoker.store
    return aws.call('dynamodb-streams', operation, input, lambdaFor(this.#mapping.fn))
  }

  /** Waits for something new, and for the next look at the shard after it; at most until `until`. */
  async #arrival(until: number): Promise<void> {
    const { world } = this.#invoker.store.aws
    if (!this.#news) {
      await new Promise<void>((resolve) => {
        const timer =
          until === Number.POSITIVE_INFINITY
            ? undefined
            : world.at(until, `${this.#mapping.fn.name}: the batch closes`, resolve)
        this.#wake = () => {
          timer?.cancel()
          resolve()
        }
      })
    }
    if (this.#news && !this.#stopped) {
      const wait = Math.round(world.random.between('lambda/poll', POLL.low, POLL.high))
      await world.sleep(Math.max(0, Math.min(wait, until - world.now)), 'Lambda asks a stream')
    }
  }
}
