import type { Target } from '@aws-sdk/client-scheduler'
import type { Aws, Caller } from '../aws.ts'
import { eventTime } from '../eventbridge/model.ts'
import { operationSchema, recase } from '../schema.ts'
import { tagList } from '../tags.ts'
import { type TargetCall, targetCall, universalCall, universalOperation } from '../target-call.ts'
import type { DeadLetterQueue, Delivery } from '../targets.ts'
import type { Schedule } from './model.ts'

/** What one invocation of a schedule hands to its target, and how often it may try. */
export function deliveryOf(aws: Aws, schedule: Schedule, due: number): Delivery {
  const { target } = schedule.settings
  const executionId = aws.world.random.hex('scheduler/execution', 16)
  const caller: Caller = {
    kind: 'aws',
    name: 'scheduler',
    // Scheduler acts for the group, not for the schedule:
    // https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
    sourceArn: aws.arn('scheduler', `schedule-group/${schedule.group}`),
    ...(target.RoleArn === undefined ? {} : { roleArn: target.RoleArn }),
  }
  const input = target.Input ?? scheduledEvent(aws, schedule, due)
  const call = (attempt: number) =>
    callOf(aws, target, withContext(input, { schedule, due, executionId, attempt }))
  const deadLetterQueue = deadLetterQueueOf({ schedule, due, executionId, caller, call })
  return {
    caller,
    call,
    since: aws.world.now,
    retry: target.RetryPolicy,
    ...(deadLetterQueue === undefined ? {} : { deadLetterQueue }),
  }
}

function callOf(aws: Aws, target: Target, input: string): TargetCall {
  const { Arn: arn = '', EcsParameters, EventBridgeParameters: events } = target
  const operation = universalOperation(aws, arn)
  if (operation !== undefined) return universalCall(operation, input)
  // Scheduler keeps a task's tags as maps.
  const ecs = EcsParameters && { ...EcsParameters, Tags: EcsParameters.Tags?.flatMap(tagList) }
  return targetCall({ arn, ecs, events }, input)
}

type Context = { schedule: Schedule; due: number; executionId: string; attempt: number }

/**
 * Puts what is known of this invocation in place of its keywords.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
function withContext(text: string, { schedule, due, executionId, attempt }: Context): string {
  return text
    .replaceAll('<aws.scheduler.schedule-arn>', schedule.arn)
    .replaceAll('<aws.scheduler.scheduled-time>', eventTime(new Date(due)))
    .replaceAll('<aws.scheduler.execution-id>', executionId)
    .replaceAll('<aws.scheduler.attempt-number>', String(attempt))
}

/** What a target without an input is given; an ECS task is given nothing. */
function scheduledEvent({ world, account, region }: Aws, schedule: Schedule, due: number): string {
  if (schedule.settings.target.EcsParameters !== undefined) return ''
  return JSON.stringify({
    version: '0',
    id: world.random.uuid('scheduler/event'),
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account,
    time: eventTime(new Date(due)),
    region,
    resources: [schedule.arn],
    detail: '{}',
  })
}

type Failed = {
  schedule: Schedule
  due: number
  executionId: string
  caller: Caller
  call: Delivery['call']
}

/**
 * The request that was refused, with what went wrong in the message's attributes.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
 */
function deadLetterQueueOf({
  schedule,
  due,
  executionId,
  caller,
  call,
}: Failed): DeadLetterQueue | undefined {
  const { Arn: targetArn = '', DeadLetterConfig, Input } = schedule.settings.target
  const queue = DeadLetterConfig?.Arn
  if (queue === undefined) return undefined
  return {
    arn: queue,
    caller,
    message: ({ error, attempts, exhausted }) => {
      const universal = targetArn.startsWith('arn:aws:scheduler:')
      const request = universal ? undefined : call(attempts)
      return {
        body: request === undefined ? (Input ?? '') : requestText(request),
        attributes: {
          ERROR_CODE: error.name,
          ERROR_MESSAGE: error.message,
          EXECUTION_ID: executionId,
          ...(exhausted === undefined ? {} : { EXHAUSTED_RETRY_CONDITION: exhausted }),
          IS_PAYLOAD_TRUNCATED: 'false',
          RETRY_ATTEMPTS: String(attempts - 1),
          SCHEDULED_TIME: eventTime(new Date(due)),
          SCHEDULE_ARN: schedule.arn,
          TARGET_ARN: request === undefined ? targetArn : actionArn(request),
        },
      }
    },
  }
}

/** A request as the target's API spells it. */
function requestText({ service, operation, input }: TargetCall): string {
  const schema = operationSchema(service, operation)
  return JSON.stringify(schema ? recase(input, schema.input, 'pascal') : input)
}

/** `arn:aws:scheduler:::aws-sdk:sfn:startExecution` */
function actionArn({ service, operation }: TargetCall): string {
  const action = operation.charAt(0).toLowerCase() + operation.slice(1)
  return `arn:aws:scheduler:::aws-sdk:${service.replaceAll('-', '')}:${action}`
}
