import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb'
import type { Table } from './table.ts'
import { itemSize } from './value.ts'

/** AWS takes some seconds; here a table can be used meanwhile. */
const CREATED_AFTER_MILLISECONDS = 5_000

/** A table as CreateTable, DescribeTable and DeleteTable show it. */
export function describeTable(table: Table, now: number) {
  const { definition, stream } = table
  const status = now < table.created.getTime() + CREATED_AFTER_MILLISECONDS ? 'CREATING' : 'ACTIVE'
  return {
    TableName: table.name,
    TableArn: table.arn,
    TableId: table.id,
    TableStatus: status,
    CreationDateTime: table.created,
    AttributeDefinitions: definition.AttributeDefinitions,
    KeySchema: definition.KeySchema,
    ItemCount: table.count,
    TableSizeBytes: table.items().reduce((sum, item) => sum + itemSize(item), 0),
    DeletionProtectionEnabled: definition.DeletionProtectionEnabled ?? false,
    ...capacityOf(table),
    ...classOf(table),
    GlobalSecondaryIndexes: indexes(table, definition.GlobalSecondaryIndexes, status),
    LocalSecondaryIndexes: indexes(table, definition.LocalSecondaryIndexes, status),
    ...(stream === undefined
      ? {}
      : {
          LatestStreamArn: stream.arn,
          LatestStreamLabel: stream.label,
          StreamSpecification: { StreamEnabled: true, StreamViewType: stream.viewType },
        }),
  }
}

/** A table that pays per request says zeros, and since when; another says nothing of its mode. */
function capacityOf({ definition, created }: Table) {
  const { BillingMode, ProvisionedThroughput } = definition
  const { ReadCapacityUnits = 0, WriteCapacityUnits = 0 } = ProvisionedThroughput ?? {}
  const summary = { BillingMode, LastUpdateToPayPerRequestDateTime: created }
  return {
    ...(BillingMode === 'PAY_PER_REQUEST' ? { BillingModeSummary: summary } : {}),
    ProvisionedThroughput: { NumberOfDecreasesToday: 0, ReadCapacityUnits, WriteCapacityUnits },
  }
}

const classOf = ({ definition: { TableClass } }: Table) =>
  TableClass === undefined ? {} : { TableClassSummary: { TableClass } }

function indexes(
  table: Table,
  list: CreateTableCommandInput['GlobalSecondaryIndexes'] | undefined,
  IndexStatus: string,
) {
  return list?.map((index) => ({
    ...index,
    IndexStatus,
    IndexArn: `${table.arn}/index/${index.IndexName}`,
  }))
}
