import type { CreateScheduleGroupOutput, CreateScheduleOutput } from '@aws-sdk/client-scheduler'
import type { TypeTable } from '../resource-type.ts'

/** EventBridge Scheduler. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_Scheduler.html */
export const SCHEDULER: TypeTable = {
  'AWS::Scheduler::Schedule': {
    effect: [
      'Name',
      'GroupName',
      'Description',
      'ScheduleExpression',
      'ScheduleExpressionTimezone',
      'FlexibleTimeWindow',
      'StartDate',
      'EndDate',
      'State',
      'Target',
    ],
    noEffect: { KmsKeyArn: 'Nothing is written to a disk.' },
    replacedBy: ['Name', 'GroupName'],
    create: async (context, properties) => {
      const Name = context.name(properties.Name)
      const { ScheduleArn } = await context.call<CreateScheduleOutput>(
        'scheduler',
        'CreateSchedule',
        { ...properties, Name },
      )
      return { ref: Name, attributes: { Arn: ScheduleArn } }
    },
    update: async (context, properties, { ref }) => {
      await context.call('scheduler', 'UpdateSchedule', { ...properties, Name: ref })
    },
    delete: (context, { ref, properties: { GroupName } }) =>
      context.call('scheduler', 'DeleteSchedule', { Name: ref, GroupName }),
  },
  'AWS::Scheduler::ScheduleGroup': {
    effect: ['Name'],
    replacedBy: ['Name'],
    create: async (context, properties) => {
      const Name = context.name(properties.Name)
      const { ScheduleGroupArn } = await context.call<CreateScheduleGroupOutput>(
        'scheduler',
        'CreateScheduleGroup',
        { Name },
      )
      return { ref: Name, attributes: { Arn: ScheduleGroupArn } }
    },
    delete: (context, { ref }) => context.call('scheduler', 'DeleteScheduleGroup', { Name: ref }),
  },
}
