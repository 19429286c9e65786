import { RemovalPolicy } from 'aws-cdk-lib'
import {
  AttributeType,
  BillingMode,
  type ITable,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb'
import type { Construct } from 'constructs'
import { named } from '../names.ts'

/** Caretaker's memory, `<environment>-caretaker`; what is in it: `domain/record.ts`. */
export function caretakerTable(scope: Construct, id: string): ITable {
  return new Table(scope, id, {
    tableName: named(scope, 'caretaker'),
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    timeToLiveAttribute: 'expires',
    stream: StreamViewType.NEW_AND_OLD_IMAGES,
    // The key AWS owns: it holds verdicts, not secrets, and any other key is paid per request.
    encryption: TableEncryption.DEFAULT,
    // The record of what was done outlives the stack; deleting it by hand stays possible.
    removalPolicy: RemovalPolicy.RETAIN,
    deletionProtection: false,
  }) as ITable
}
