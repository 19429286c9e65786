import { given, nameFrom, standIn, type TypeTable } from '../resource-type.ts'

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
  'AWS::Logs::MetricFilter': standIn(
    'Services report their metrics themselves; none is read out of log lines here.',
    nameFrom('FilterName', { most: 512 }),
  ),
  'AWS::Logs::SubscriptionFilter': standIn(
    'Log lines stay in their group, where people read them.',
    nameFrom('FilterName', { most: 512 }),
  ),
}
