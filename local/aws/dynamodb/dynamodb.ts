import type {
  CreateTableCommandInput,
  ListTablesCommandInput,
  QueryCommandInput,
  ScanCommandInput,
  UpdateContinuousBackupsCommandInput,
  UpdateTimeToLiveCommandInput,
} from '@aws-sdk/client-dynamodb'
import type { Aws, Operations, Service } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { type Tags, taggable } from '../tags.ts'
import { checkDefinition } from './definition.ts'
import { describeTable } from './describe.ts'
import * as items from './items.ts'
import { query, scan } from './read.ts'
import { Stream } from './stream.ts'
import { Table } from './table.ts'
import { validation } from './value.ts'

/** AWS deletes expired items within a few days; here within some minutes. */
const EXPIRY_DELAY_MILLISECONDS = 10 * 60 * 1000

/** Amazon DynamoDB: tables, items and expressions. Indexes are consistent, capacity is endless. */
export class DynamoDb implements Service {
  readonly id = 'dynamodb'
  readonly operations: Operations
  readonly #aws: Aws
  readonly #tables = new Map<string, Table>()

  constructor(aws: Aws) {
    this.#aws = aws
    const find = (name: string | undefined) => this.table(name)
    const about =
      <Input extends object>(run: (input: Input) => unknown) =>
      (input: never) => {
        items.refuseLegacy(input)
        return run(input)
      }
    this.operations = {
      CreateTable: (input: never) => this.#create(input),
      DescribeTable: ({ TableName }: never) => ({ Table: this.#describe(this.table(TableName)) }),
      DeleteTable: ({ TableName }: never) => this.#delete(TableName),
      ListTables: (input: never) => this.#list(input),
      UpdateTimeToLive: (input: never) => this.#timeToLive(input),
      DescribeTimeToLive: ({ TableName }: never) => this.#describeTimeToLive(this.table(TableName)),
      UpdateContinuousBackups: (input: never) => this.#backups(input),
      DescribeContinuousBackups: ({ TableName }: never) =>
        this.#describeBackups(this.table(TableName)),
      GetItem: about((input: never) => items.getItem(find, input)),
      PutItem: about((input: never) => this.#expiring(input, items.putItem(find, input))),
      UpdateItem: about((input: never) => this.#expiring(input, items.updateItem(find, input))),
      DeleteItem: about((input: never) => items.deleteItem(find, input)),
      Query: about((input: QueryCommandInput) => query(this.table(input.TableName), input)),
      Scan: about((input: ScanCommandInput) => scan(this.table(input.TableName), input)),
      BatchGetItem: (input: never) => items.batchGet(find, input),
      BatchWriteItem: (input: never) => items.batchWrite(find, input),
      TransactGetItems: (input: never) => items.transactGet(find, input),
      TransactWriteItems: (input: never) => items.transactWrite(find, input),
      ...taggable(
        {
          operations: ['TagResource', 'UntagResource', 'ListTagsOfResource'],
          resource: 'ResourceArn',
        },
        (arn) => this.table(arn?.split(':table/')[1]).tags,
      ),
    }
  }

  /** By name or ARN. */
  find(name: string | undefined): Table | undefined {
    return this.#tables.get(name?.split('/')[1] ?? name ?? '')
  }

  /** @throws ResourceNotFoundException */
  table(name: string | undefined): Table {
    const table = this.find(name)
    if (table === undefined) {
      throw new AwsError('ResourceNotFoundException', 'Requested resource not found')
    }
    return table
  }

  get tables(): readonly Table[] {
    return [...this.#tables.values()]
  }

  stream(arn: string): Stream | undefined {
    return this.tables.find(({ stream }) => stream?.arn === arn)?.stream
  }

  *tagged(): Iterable<{ arn: string; tags: Tags }> {
    for (const { arn, tags } of this.#tables.values()) yield { arn, tags }
  }

  #create(input: CreateTableCommandInput) {
    const name = input.TableName ?? ''
    if (!/^[A-Za-z0-9_.-]{3,255}$/.test(name)) {
      throw validation(
        `Invalid table/index name. Table/index names must be between 3 and 255 characters long, and may contain only the characters a-z, A-Z, 0-9, '_', '-', and '.'`,
      )
    }
    if (this.#tables.has(name)) {
      throw new AwsError('ResourceInUseException', `Table already exists: ${name}`)
    }
    checkDefinition(input)
    const { world } = this.#aws
    const id = world.random.uuid('dynamodb/table')
    const table = new Table(input, this.#aws.arn('dynamodb', `table/${name}`), world.date, id)
    const { StreamEnabled, StreamViewType = 'NEW_AND_OLD_IMAGES' } = input.StreamSpecification ?? {}
    if (StreamEnabled) table.stream = new Stream(this.#aws, name, table.arn, StreamViewType)
    this.#tables.set(name, table)
    return { TableDescription: this.#describe(table) }
  }

  /** In alphabetical order; the next page begins behind the last name. */
  #list({ ExclusiveStartTableName: last = '', Limit = 100 }: ListTablesCommandInput) {
    const after = [...this.#tables.keys()].toSorted().filter((name) => name > last)
    const TableNames = after.slice(0, Limit)
    const more = after.length > Limit ? { LastEvaluatedTableName: TableNames.at(-1) } : {}
    return { TableNames, ...more }
  }

  #describe(table: Table) {
    return describeTable(table, this.#aws.world.now)
  }

  #delete(name: string) {
    const table = this.table(name)
    if (table.definition.DeletionProtectionEnabled) {
      throw validation(
        `1 validation error detected: Table '${name}' can't be deleted while DeletionProtectionEnabled is set to True`,
      )
    }
    this.#tables.delete(table.name)
    return { TableDescription: { ...this.#describe(table), TableStatus: 'DELETING' } }
  }

  #timeToLive({ TableName, TimeToLiveSpecification }: UpdateTimeToLiveCommandInput) {
    const table = this.table(TableName)
    const { Enabled, AttributeName } = TimeToLiveSpecification ?? {}
    if (Enabled && AttributeName !== undefined) table.timeToLive = AttributeName
    else delete table.timeToLive
    return { TimeToLiveSpecification }
  }

  #describeTimeToLive({ timeToLive }: Table) {
    const TimeToLiveDescription =
      timeToLive === undefined
        ? { TimeToLiveStatus: 'DISABLED' }
        : { TimeToLiveStatus: 'ENABLED', AttributeName: timeToLive }
    return { TimeToLiveDescription }
  }

  #backups({
    TableName,
    PointInTimeRecoverySpecification: specification,
  }: UpdateContinuousBackupsCommandInput) {
    const table = this.table(TableName)
    table.pointInTimeRecovery = specification?.PointInTimeRecoveryEnabled ?? false
    return this.#describeBackups(table)
  }

  #describeBackups({ pointInTimeRecovery }: Table) {
    const PointInTimeRecoveryStatus = pointInTimeRecovery ? 'ENABLED' : 'DISABLED'
    return {
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: 'ENABLED',
        PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus },
      },
    }
  }

  /** An item with a time to live gets a timer for the moment after it; nothing ticks meanwhile. */
  #expiring<Answer>({ TableName }: { TableName?: string }, answer: Answer): Answer {
    const table = this.table(TableName)
    if (table.timeToLive !== undefined && !this.#sweeping.has(table)) this.#sweepLater(table)
    return answer
  }

  readonly #sweeping = new Set<Table>()

  #sweepLater(table: Table): void {
    const { world } = this.#aws
    const expiries = table.items().flatMap((item) => {
      const expires = item[table.timeToLive ?? '']?.N
      return expires === undefined ? [] : [Number(expires) * 1000]
    })
    const soonest = Math.min(...expiries)
    if (!Number.isFinite(soonest)) return
    this.#sweeping.add(table)
    world.at(soonest + EXPIRY_DELAY_MILLISECONDS, `dynamodb: items of ${table.name} expire`, () => {
      this.#sweeping.delete(table)
      for (const before of table.items()) {
        const expires = Number(before[table.timeToLive ?? '']?.N) * 1000
        if (expires <= world.now)
          table.apply({ key: table.keyOf(before), before, after: undefined }, true)
      }
      this.#sweepLater(table)
    })
  }
}
