import { Duration } from 'aws-cdk-lib'
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler'
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import type { Construct } from 'constructs'
import { named } from './names.ts'

export type CaretakerScheduleProps = {
  description: string
  every: Duration
  target: IStateMachine
  /** The execution's input. */
  input: Record<string, unknown>
  /** Where a firing goes that could not start its execution. */
  deadLetters: IQueue
}

/**
 * A schedule that starts an execution, with bounded retry and a dead-letter queue.
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
  return new Schedule(scope, id, {
    scheduleName: named(scope, id),
    description: props.description,
    schedule: ScheduleExpression.rate(props.every),
    target: new StepFunctionsStartExecution(props.target, {
      input: ScheduleTargetInput.fromObject(props.input),
      deadLetterQueue: props.deadLetters,
      retryAttempts: 5,
      maxEventAge: Duration.seconds(Math.max(60, Math.min(props.every.toSeconds(), 86_400))),
    }),
  })
}
