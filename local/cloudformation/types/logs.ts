import { given, type TypeTable } from '../resource-type.ts'

/** CloudWatch Logs. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_Logs.html */
export const LOGS: TypeTable = {
  'AWS::Logs::LogGroup': {
    effect: ['LogGroupName', 'RetentionInDays', 'LogGroupClass'],
    noEffect: {
      KmsKeyId: 'Nothing is written to a disk.',
      DataProtectionPolicy: 'Nobody but you reads these logs.',
    },
    replacedBy: ['LogGroupName'],
    create: async (context, { LogGroupName, LogGroupClass, RetentionInDays }) => {
      const logGroupName = context.name(LogGroupName, { most: 512 })
      await context.call('cloudwatch-logs', 'CreateLogGroup', {
        logGroupName,
        ...given({ logGroupClass: LogGroupClass }),
      })
      if (RetentionInDays !== undefined) {
        await context.call('cloudwatch-logs', 'PutRetentionPolicy', {
          logGroupName,
          RetentionInDays,
        })
      }
      const arn = context.aws.arn('logs', `log-group:${logGroupName}`)
      return { ref: logGroupName, arn, attributes: { Arn: `${arn}:*` } }
    },
    update: async (context, { RetentionInDays }, { ref: logGroupName }) => {
      if (RetentionInDays === undefined) {
        await context.call('cloudwatch-logs', 'DeleteRetentionPolicy', { logGroupName })
      } else {
        const input = { logGroupName, RetentionInDays }
        await context.call('cloudwatch-logs', 'PutRetentionPolicy', input)
      }
    },
    delete: (context, { ref }) =>
      context.call('cloudwatch-logs', 'DeleteLogGroup', { logGroupName: ref }),
  },
  'AWS::Logs::MetricFilter': {
    effect: ['FilterName', 'FilterPattern', 'LogGroupName', 'MetricTransformations'],
    replacedBy: ['FilterName', 'LogGroupName'],
    create: async (context, { FilterName, ...filter }) => {
      const name = context.name(FilterName, { most: 512 })
      await context.call('cloudwatch-logs', 'PutMetricFilter', { FilterName: name, ...filter })
      return { ref: name }
    },
    update: async (context, properties, { ref }) => {
      await context.call('cloudwatch-logs', 'PutMetricFilter', { ...properties, FilterName: ref })
    },
    delete: (context, { ref, properties: { LogGroupName } }) =>
      context.call('cloudwatch-logs', 'DeleteMetricFilter', { FilterName: ref, LogGroupName }),
  },
  'AWS::Logs::SubscriptionFilter': {
    effect: [
      'FilterName',
      'FilterPattern',
      'LogGroupName',
      'DestinationArn',
      'RoleArn',
      'Distribution',
    ],
    replacedBy: ['FilterName', 'LogGroupName'],
    create: async (context, { FilterName, ...filter }) => {
      const name = context.name(FilterName, { most: 512 })
      await context.call('cloudwatch-logs', 'PutSubscriptionFilter', {
        FilterName: name,
        ...filter,
      })
      return { ref: name }
    },
    update: async (context, properties, { ref }) => {
      const input = { ...properties, FilterName: ref }
      await context.call('cloudwatch-logs', 'PutSubscriptionFilter', input)
    },
    delete: (context, { ref, properties: { LogGroupName } }) =>
      context.call('cloudwatch-logs', 'DeleteSubscriptionFilter', {
        FilterName: ref,
        LogGroupName,
      }),
  },
}
