import { CreateScheduleCommand, type SchedulerClient } from '@aws-sdk/client-scheduler'
import type * as z from 'zod/mini'
import { armedAs, isArmed } from '../../domain/sleep/armed.ts'
import { sleepStateKey } from '../../domain/table/keys.ts'
import type { SleepState } from '../../domain/table/sleeper.ts'
import type { Table } from '../shared/table/table.ts'
import { updateItem } from '../shared/table/update.ts'
import type { environment } from './contract.ts'

type Settings = Pick<
  z.output<typeof environment>,
  'SCHEDULE_GROUP' | 'SCHEDULE_ROLE' | 'SLEEP_MACHINE' | 'DEAD_LETTERS'
>

/** Instants of which it is remembered that they are armed. */
const REMEMBERED = 20

/**
 * Makes the one-time schedule that starts the machine at an instant, unless there is one. Its name
 * is the instant, so that a second one cannot be made; it deletes itself when it has fired, and one
 * whose reason is gone finds nothing to do.
 * https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
 *
 * The instant is UTC: of a local time that the clocks repeat or leave out Scheduler has its own
 * reading (docs/adr/0025-sleep.md).
 */
export async function arm(
  scheduler: SchedulerClient,
  table: Table,
  settings: Settings,
  state: SleepState,
  at: Date,
): Promise<void> {
  if (isArmed(state, at)) return
  const instant = armedAs(at)
  try {
    await scheduler.send(
      new CreateScheduleCommand({
        Name: `look-${instant.replaceAll(/[:]/g, '')}`,
        GroupName: settings.SCHEDULE_GROUP,
        Description: 'Something may have to sleep or wake, or somebody to be told',
        ScheduleExpression: `at(${instant})`,
        ScheduleExpressionTimezone: 'UTC',
        FlexibleTimeWindow: { Mode: 'OFF' },
        ActionAfterCompletion: 'DELETE',
        Target: {
          Arn: settings.SLEEP_MACHINE,
          RoleArn: settings.SCHEDULE_ROLE,
          Input: JSON.stringify({ why: `the clock: ${instant}Z` }),
          DeadLetterConfig: { Arn: settings.DEAD_LETTERS },
          RetryPolicy: { MaximumRetryAttempts: 5, MaximumEventAgeInSeconds: 3600 },
        },
      }),
    )
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ConflictException') throw error
  }
  await updateItem(table, {
    key: sleepStateKey,
    expression: 'SET armed = :armed',
    values: { ':armed': [...state.armed, instant].slice(-REMEMBERED) },
  })
}
