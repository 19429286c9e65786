import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb'
import { validation } from './value.ts'

const invalid = (why: string) => validation(`One or more parameter values were invalid: ${why}`)

/**
 * Refuses a definition whose keys, attributes and capacity do not fit together.
 *
 * @throws AwsError ValidationException, in words recorded by
 *   https://github.com/getmoto/moto/blob/master/tests/test_dynamodb/exceptions/test_dynamodb_exceptions.py
 */
export function checkDefinition(input: CreateTableCommandInput): void {
  const { GlobalSecondaryIndexes, LocalSecondaryIndexes } = input
  if (GlobalSecondaryIndexes?.length === 0) throw invalid('List of GlobalSecondaryIndexes is empty')
  if (LocalSecondaryIndexes?.length === 0) throw invalid('List of LocalSecondaryIndexes is empty')
  checkAttributes(input)
  checkCapacity(input)
}

function checkAttributes(input: CreateTableCommandInput): void {
  const indexes = [...(input.GlobalSecondaryIndexes ?? []), ...(input.LocalSecondaryIndexes ?? [])]
  const named = (schema: CreateTableCommandInput['KeySchema']) =>
    (schema ?? []).map(({ AttributeName = '' }) => AttributeName)
  const own = named(input.KeySchema)
  const keys = [...new Set([...own, ...indexes.flatMap(({ KeySchema }) => named(KeySchema))])]
  const defined = (input.AttributeDefinitions ?? []).map(({ AttributeName = '' }) => AttributeName)
  const list = (names: string[]) => `[${names.toSorted().join(', ')}]`
  const undefinedKeys = keys.filter((name) => !defined.includes(name))
  if (undefinedKeys.length > 0) {
    if (indexes.length === 0 && defined.length === keys.length - undefinedKeys.length) {
      throw validation('Invalid KeySchema: Some index key attribute have no definition')
    }
    throw invalid(
      `Some index key attributes are not defined in AttributeDefinitions. Keys: ${list(undefinedKeys)}, AttributeDefinitions: ${list(defined)}`,
    )
  }
  if (defined.length === keys.length) return
  if (indexes.length === 0) {
    throw invalid(
      'Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
    )
  }
  throw invalid(
    `Some AttributeDefinitions are not used. AttributeDefinitions: ${list(defined)}, keys used: ${list(keys)}`,
  )
}

function checkCapacity({ BillingMode, ProvisionedThroughput }: CreateTableCommandInput): void {
  if (BillingMode === 'PAY_PER_REQUEST') {
    if (ProvisionedThroughput === undefined) return
    throw invalid(
      'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
    )
  }
  if (ProvisionedThroughput !== undefined) return
  throw invalid(
    'ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
  )
}
