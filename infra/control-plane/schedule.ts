import { Duration, Stack, TimeZone } from 'aws-cdk-lib'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler'
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import { named } from '../names.ts'
import { handleAsynchronously } from './event-rule.ts'

export type CaretakerScheduleProps = {
  description: string
  /** A rate; or every day at a local time such as `07:00`, and so many hours after, all day. */
  every: Duration | Daily
  target: LambdaFunction
  /** The function's event. */
  input: Record<string, unknown>
  /** Where a firing goes that could not be handed on, or that the function failed on. */
  deadLetters: IQueue
}

type Daily = { at: string; timeZone: string; everyHours?: number }

const HOUR_SECONDS = 3_600
/** What happens once a day, and fails for so long, is for a person. */
const LONGEST_SECONDS = 6 * 60 * 60

/** `24:00` is the day's own midnight, which is the next day's first minute. */
function expressionOf(every: Duration | Daily): ScheduleExpression {
  if (every instanceof Duration) return ScheduleExpression.rate(every)
  const [hour = 0, minute = 0] = every.at.split(':').map(Number)
  return ScheduleExpression.cron({
    hour: every.everyHours === undefined ? String(hour % 24) : `${hour % 24}/${every.everyHours}`,
    minute: String(minute),
    timeZone: TimeZone.of(every.timeZone),
  })
}

const secondsBetween = (every: Duration | Daily): number =>
  every instanceof Duration ? every.toSeconds() : (every.everyHours ?? 24) * HOUR_SECONDS

/**
 * A schedule that invokes a function, with bounded retry and a dead-letter queue.
 *
 * A firing is worth retrying only until the next one does the same; Scheduler's own bounds are
 * 185 attempts and 24 hours. Its shortest age is a minute.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule.html
 */
export function caretakerSchedule(
  scope: Construct,
  id: string,
  props: CaretakerScheduleProps,
): Schedule {
  handleAsynchronously(props.target, props.deadLetters)
  return new Schedule(scope, id, {
    scheduleName: named(scope, id),
    description: props.description,
    schedule: expressionOf(props.every),
    target: new LambdaInvoke(props.target, {
      role: invokeRole(scope, id, props).withoutPolicyUpdates(),
      input: ScheduleTargetInput.fromObject(props.input),
      deadLetterQueue: props.deadLetters,
      retryAttempts: 5,
      maxEventAge: Duration.seconds(
        Math.max(60, Math.min(secondsBetween(props.every), LONGEST_SECONDS)),
      ),
    }),
  })
}

/** The target's own role would also allow every version of the function, and we have none. */
function invokeRole(
  scope: Construct,
  id: string,
  { target, deadLetters }: Pick<CaretakerScheduleProps, 'target' | 'deadLetters'>,
): Role {
  const { account } = Stack.of(scope)
  const role = new Role(scope, `${id}-role`, {
    // Scheduler acts for the schedule's group; no other account's may use the role.
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': account } },
    }),
  })
  role.addToPolicy(
    new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [target.functionArn] }),
  )
  role.addToPolicy(
    new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] }),
  )
  return role
}
