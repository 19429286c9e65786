import type {
  GetRecordsCommandInput,
  GetShardIteratorCommandInput,
} from '@aws-sdk/client-dynamodb-streams'
import type { Operations, Service } from '../aws.ts'
import { AwsError } from '../errors.ts'
import type { DynamoDb } from './dynamodb.ts'
import type { Stream } from './stream.ts'

/** Amazon DynamoDB Streams: one shard a table that never splits. */
export class DynamoDbStreams implements Service {
  readonly id = 'dynamodb-streams'
  readonly operations: Operations
  readonly #tables: DynamoDb

  constructor(tables: DynamoDb) {
    this.#tables = tables
    this.operations = {
      ListStreams: () => ({
        Streams: tables.tables.flatMap(({ stream }) =>
          stream === undefined
            ? []
            : [{ StreamArn: stream.arn, StreamLabel: stream.label, TableName: stream.tableName }],
        ),
      }),
      DescribeStream: ({ StreamArn }: never) => this.#describe(this.#stream(StreamArn)),
      GetShardIterator: (input: never) => this.#iterator(input),
      GetRecords: (input: never) => this.#records(input),
    }
  }

  #stream(arn: string | undefined): Stream {
    const stream = this.#tables.stream(arn ?? '')
    if (stream === undefined) {
      throw new AwsError(
        'ResourceNotFoundException',
        `Requested resource not found: Stream: ${arn} not found`,
      )
    }
    return stream
  }

  #describe({ arn, label, tableName, viewType, shardId }: Stream) {
    const table = this.#tables.table(tableName)
    return {
      StreamDescription: {
        StreamArn: arn,
        StreamLabel: label,
        StreamStatus: 'ENABLED',
        StreamViewType: viewType,
        TableName: tableName,
        KeySchema: table.definition.KeySchema,
        Shards: [
          {
            ShardId: shardId,
            SequenceNumberRange: { StartingSequenceNumber: '100000000000000000001' },
          },
        ],
      },
    }
  }

  /** An iterator is the stream's ARN and the sequence number after which it reads. */
  #iterator({ StreamArn, ShardIteratorType, SequenceNumber = '' }: GetShardIteratorCommandInput) {
    const stream = this.#stream(StreamArn)
    const given = Number(SequenceNumber.replace(/^10*(?=\d)/, '')) || 0
    const after =
      ShardIteratorType === 'LATEST'
        ? stream.newest
        : ShardIteratorType === 'AFTER_SEQUENCE_NUMBER'
          ? given
          : ShardIteratorType === 'AT_SEQUENCE_NUMBER'
            ? given - 1
            : 0
    return { ShardIterator: `${stream.arn}|${after}` }
  }

  #records({ ShardIterator = '', Limit = 1000 }: GetRecordsCommandInput) {
    const [arn, after] = ShardIterator.split('|')
    const { records, last } = this.#stream(arn).after(Number(after), Limit)
    return { Records: records, NextShardIterator: `${arn}|${last}` }
  }
}
