import type { _Record } from '@aws-sdk/client-dynamodb-streams'
import type { Aws } from '../aws.ts'
import { type Change, type Item, itemSize, same } from './value.ts'

/** Streams keep a day: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html */
const KEPT_MILLISECONDS = 24 * 60 * 60 * 1000

/** A table's stream: one shard, every change in the order it was made. */
export class Stream {
  readonly arn: string
  readonly label: string
  readonly viewType: string
  readonly tableName: string
  readonly shardId: string
  readonly #aws: Aws
  readonly #listeners = new Set<() => void>()
  #records: { sequence: number; at: number; record: _Record }[] = []
  #sequence = 0

  constructor(aws: Aws, tableName: string, tableArn: string, viewType: string) {
    this.#aws = aws
    this.tableName = tableName
    this.viewType = viewType
    this.label = aws.world.date.toISOString().slice(0, 23)
    this.arn = `${tableArn}/stream/${this.label}`
    this.shardId = `shardId-${String(aws.world.now).padStart(20, '0')}-${aws.world.random.hex('dynamodb/shard', 8)}`
  }

  /** Called after each new record; returns how to stop. */
  onRecord(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  append({ key, before, after }: Change, byTimeToLive: boolean): void {
    if (before === undefined && after === undefined) return
    if (before !== undefined && after !== undefined && isSame(before, after)) return
    const { world } = this.#aws
    const wants = (view: string) => this.viewType === view || this.viewType === 'NEW_AND_OLD_IMAGES'
    const sequence = ++this.#sequence
    const images = {
      ...(after !== undefined && wants('NEW_IMAGE') ? { NewImage: after } : {}),
      ...(before !== undefined && wants('OLD_IMAGE') ? { OldImage: before } : {}),
    }
    const record = {
      eventID: world.random.hex('dynamodb/event', 32),
      eventName: before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: this.#aws.region,
      dynamodb: {
        ApproximateCreationDateTime: new Date(Math.floor(world.now / 1000) * 1000),
        Keys: key,
        ...images,
        SequenceNumber: sequenceText(sequence),
        SizeBytes: itemSize(key) + itemSize(after ?? {}) + itemSize(before ?? {}),
        StreamViewType: this.viewType,
      },
      ...(byTimeToLive
        ? { userIdentity: { Type: 'Service', PrincipalId: 'dynamodb.amazonaws.com' } }
        : {}),
    } as unknown as _Record
    this.#records.push({ sequence, at: world.now, record })
    this.#trim()
    for (const listener of this.#listeners) listener()
  }

  /** Records after a sequence number (0: from the oldest kept). */
  after(sequence: number, limit: number): { records: _Record[]; last: number } {
    this.#trim()
    const found = this.#records.filter((one) => one.sequence > sequence).slice(0, limit)
    return { records: found.map(({ record }) => record), last: found.at(-1)?.sequence ?? sequence }
  }

  get newest(): number {
    return this.#sequence
  }

  #trim(): void {
    const oldest = this.#aws.world.now - KEPT_MILLISECONDS
    if ((this.#records[0]?.at ?? oldest) < oldest) {
      this.#records = this.#records.filter(({ at }) => at >= oldest)
    }
  }
}

/** As long as AWS's, and increasing as text too. */
const sequenceText = (sequence: number): string =>
  String(sequence).padStart(21, '100000000000000000000')

/** Whether all attributes are the same; the first that is not ends it. */
function isSame(before: Item, after: Item): boolean {
  const names = Object.keys(before)
  if (names.length !== Object.keys(after).length) return false
  return names.every((name) => same(before[name], after[name]))
}
