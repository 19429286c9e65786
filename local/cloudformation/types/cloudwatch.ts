import { jsonText, type ResourceType, type TypeTable } from '../resource-type.ts'

/** CloudWatch. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_CloudWatch.html */
export const CLOUDWATCH: TypeTable = {
  'AWS::CloudWatch::Alarm': {
    effect: [
      'ActionConfiguration',
      'ActionsEnabled',
      'AlarmActions',
      'AlarmDescription',
      'AlarmName',
      'ComparisonOperator',
      'DatapointsToAlarm',
      'Dimensions',
      'EvaluationPeriods',
      'ExtendedStatistic',
      'InsufficientDataActions',
      'MetricName',
      'Metrics',
      'Namespace',
      'OKActions',
      'Period',
      'Statistic',
      'Threshold',
      'ThresholdMetricId',
      'TreatMissingData',
      'Unit',
    ],
    noEffect: {
      EvaluateLowSampleCountPercentile:
        'A scenario says how long answers take, not how many there were.',
    },
    ...putBy('PutMetricAlarm'),
  },
  'AWS::CloudWatch::CompositeAlarm': {
    effect: [
      'ActionConfiguration',
      'ActionsEnabled',
      'ActionsSuppressor',
      'ActionsSuppressorExtensionPeriod',
      'ActionsSuppressorWaitPeriod',
      'AlarmActions',
      'AlarmDescription',
      'AlarmName',
      'AlarmRule',
      'InsufficientDataActions',
      'OKActions',
    ],
    ...putBy('PutCompositeAlarm'),
  },
  'AWS::CloudWatch::Dashboard': {
    effect: ['DashboardName', 'DashboardBody'],
    replacedBy: ['DashboardName'],
    create: async (context, { DashboardName, DashboardBody }) => {
      const name = context.name(DashboardName, { most: 255 })
      const body = jsonText(DashboardBody)
      await context.call('cloudwatch', 'PutDashboard', { DashboardName: name, DashboardBody: body })
      return { ref: name }
    },
    update: async (context, { DashboardBody }, { ref }) => {
      const body = jsonText(DashboardBody)
      await context.call('cloudwatch', 'PutDashboard', { DashboardName: ref, DashboardBody: body })
    },
    // Dashboards have no tags.
    retag: async () => {},
    delete: (context, { ref }) =>
      context.call('cloudwatch', 'DeleteDashboards', { DashboardNames: [ref] }),
  },
}

/** Alarms of both kinds are made and changed by one operation, named by `AlarmName`. */
function putBy(
  operation: 'PutMetricAlarm' | 'PutCompositeAlarm',
): Pick<ResourceType, 'replacedBy' | 'create' | 'update' | 'delete'> {
  return {
    replacedBy: ['AlarmName'],
    create: async (context, properties) => {
      const AlarmName = context.name(properties.AlarmName, { most: 255 })
      await context.call('cloudwatch', operation, { ...properties, AlarmName })
      return { ref: AlarmName, attributes: { Arn: alarmArn(context, AlarmName) } }
    },
    update: async (context, properties, { ref }) => {
      await context.call('cloudwatch', operation, { ...properties, AlarmName: ref })
    },
    delete: (context, { ref }) => context.call('cloudwatch', 'DeleteAlarms', { AlarmNames: [ref] }),
  }
}

const alarmArn = (
  { aws }: { aws: { arn(service: string, resource: string): string } },
  name: string,
) => aws.arn('cloudwatch', `alarm:${name}`)
