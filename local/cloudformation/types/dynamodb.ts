import type { CreateTableCommandOutput } from '@aws-sdk/client-dynamodb'
import type { Context } from '../context.ts'
import { given, type Properties, type TypeTable } from '../resource-type.ts'

/** DynamoDB. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_DynamoDB.html */
export const DYNAMODB: TypeTable = {
  'AWS::DynamoDB::Table': {
    effect: [
      'TableName',
      'AttributeDefinitions',
      'KeySchema',
      'BillingMode',
      'DeletionProtectionEnabled',
      'GlobalSecondaryIndexes',
      'LocalSecondaryIndexes',
      'StreamSpecification',
      'TimeToLiveSpecification',
      'PointInTimeRecoverySpecification',
    ],
    noEffect: {
      SSESpecification: 'Nothing is written to a disk.',
      ProvisionedThroughput: 'Capacity is endless; no request is throttled.',
      OnDemandThroughput: 'Capacity is endless; no request is throttled.',
      TableClass: 'It changes the price alone.',
      ContributorInsightsSpecification: 'It is for people who look at the real table.',
    },
    replacedBy: ['TableName', 'KeySchema', 'LocalSecondaryIndexes'],
    create: async (context, properties) => {
      const { TimeToLiveSpecification, PointInTimeRecoverySpecification, ...table } = properties
      const stream = table.StreamSpecification as object | undefined
      const { TableDescription } = await context.call<CreateTableCommandOutput>(
        'dynamodb',
        'CreateTable',
        {
          ...table,
          ...given({ StreamSpecification: stream && { StreamEnabled: true, ...stream } }),
          TableName: context.name(table.TableName, { most: 255 }),
        },
      )
      const { TableName = '', TableArn, LatestStreamArn } = TableDescription ?? {}
      await configure(context, TableName, properties)
      return { ref: TableName, attributes: given({ Arn: TableArn, StreamArn: LatestStreamArn }) }
    },
    update: async (context, properties, { ref, properties: before }) => {
      const { TimeToLiveSpecification, PointInTimeRecoverySpecification, ...table } = properties
      const { TimeToLiveSpecification: _, PointInTimeRecoverySpecification: __, ...old } = before
      if (JSON.stringify(table) !== JSON.stringify(old)) {
        await context.call('dynamodb', 'UpdateTable', { ...table, TableName: ref })
      }
      await configure(context, ref, properties)
    },
    delete: (context, { ref }) => context.call('dynamodb', 'DeleteTable', { TableName: ref }),
  },
}

/** What DynamoDB takes in calls of its own. */
async function configure(
  context: Context,
  TableName: string,
  { TimeToLiveSpecification, PointInTimeRecoverySpecification }: Properties,
): Promise<void> {
  if (TimeToLiveSpecification !== undefined) {
    await context.call('dynamodb', 'UpdateTimeToLive', { TableName, TimeToLiveSpecification })
  }
  if (PointInTimeRecoverySpecification !== undefined) {
    await context.call('dynamodb', 'UpdateContinuousBackups', {
      TableName,
      PointInTimeRecoverySpecification,
    })
  }
}
