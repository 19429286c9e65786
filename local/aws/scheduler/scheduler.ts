import type { Aws, Operations, Service } from '../aws.ts'
import { Faults } from '../faults.ts'
import type { Tags } from '../tags.ts'
import { deliver } from '../targets.ts'
import { Clock } from './clock.ts'
import { Groups, groupOperations } from './groups.ts'
import { deliveryOf } from './invocation.ts'
import type { Invocation, Schedule } from './model.ts'
import { remove, scheduleOperations } from './schedules.ts'

/**
 * Amazon EventBridge Scheduler: schedules that call a target at a rate, by a cron in any time zone,
 * or once.
 *
 * Not simulated, and refused by name: customer-managed keys, and targets other than functions,
 * state machines, queues, topics, buses, ECS tasks and operations of simulated services.
 */
export class Scheduler implements Service {
  readonly id = 'scheduler'
  readonly operations: Operations
  /** Every time a schedule was due, in order, and what became of it. */
  readonly invocations: Invocation[] = []
  readonly #aws: Aws
  readonly #groups: Groups

  constructor(aws: Aws, faults = new Faults(aws.world.random)) {
    this.#aws = aws
    this.#groups = new Groups(aws)
    const clock = new Clock(aws.world, (schedule, due, last) => {
      const isOnce = schedule.settings.expression.kind === 'at'
      // It is not deleted either: it has completed nothing.
      if (isOnce && faults.leavesUnfired(schedule.arn, aws.world.now)) return
      this.#invoke(schedule, due, last).catch((error: unknown) => aws.world.fail(error))
    })
    this.operations = {
      ...groupOperations(this.#groups),
      ...scheduleOperations(this.#groups, clock),
    }
  }

  /** Only groups carry tags. */
  tagged(): Iterable<{ arn: string; tags: Tags }> {
    return this.#groups.all.map(({ arn, tags }) => ({ arn, tags }))
  }

  /** Calls the target. Scheduler does so at least once: a repetition would be one more call here. */
  async #invoke(schedule: Schedule, due: number, last: boolean): Promise<void> {
    const { world } = this.#aws
    const noted: Invocation = {
      schedule: schedule.name,
      due,
      outcome: 'pending',
      attempts: 0,
      at: world.now,
    }
    this.invocations.push(noted)
    const outcome = await deliver(this.#aws, deliveryOf(this.#aws, schedule, due))
    Object.assign(noted, outcome, { at: world.now })
    // Only the schedule this was, not one of the same name made since.
    const present = this.#groups.all.some(
      (group) => group.schedules.get(schedule.name) === schedule,
    )
    if (last && present && completes(schedule)) remove(this.#groups, schedule)
  }
}

/** A recurring schedule comes to its end only when it has an end date. */
function completes({ settings, timer }: Schedule): boolean {
  return (
    settings.afterCompletion === 'DELETE' && settings.state === 'ENABLED' && timer === undefined
  )
}
