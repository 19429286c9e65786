import { nextInstant } from '../schedule/expression.ts'
import type { World } from '../world.ts'
import type { Schedule } from './model.ts'

/** Every schedule fires some time within the minute it is due in. */
const PRECISION_MILLISECONDS = 60_000

/** Sets schedules off when they are due. */
export class Clock {
  readonly #world: World
  readonly #fire: (schedule: Schedule, due: number, last: boolean) => void

  /**
   * @param fire called within the schedule's window with the instant it was due at, and whether it
   *   will never be due again.
   */
  constructor(world: World, fire: (schedule: Schedule, due: number, last: boolean) => void) {
    this.#world = world
    this.#fire = fire
  }

  /** Starts, sets or stops the clock of a schedule that is new or changed. */
  arm(schedule: Schedule): void {
    const { startDate } = schedule.settings
    // "After" leaves out the instant itself, at which a schedule may already be due.
    this.#next(schedule, Math.max(this.#world.now, startDate?.getTime() ?? 0) - 1)
  }

  #next(schedule: Schedule, after: number): void {
    schedule.timer?.cancel()
    schedule.timer = undefined
    const due = schedule.settings.state === 'ENABLED' ? dueAfter(schedule, after) : undefined
    if (due === undefined) return
    const { name } = schedule
    const late = Math.floor(this.#world.random.between(`scheduler/${name}`, 0, windowOf(schedule)))
    schedule.timer = this.#world.at(due + late, `schedule ${name}`, () => {
      schedule.lastDue = due
      this.#next(schedule, due)
      this.#fire(schedule, due, schedule.timer === undefined)
    })
  }
}

/**
 * The next time a schedule is due. A one-time schedule that was off when its time came is due as
 * soon as it is on.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/troubleshooting.html
 */
function dueAfter(schedule: Schedule, after: number): number | undefined {
  const { settings, since, lastDue = Number.NEGATIVE_INFINITY } = schedule
  const { expression, zone, endDate } = settings
  const counting = { since, zone }
  if (expression.kind === 'at') return nextInstant(expression, lastDue, counting)
  const due = nextInstant(expression, Math.max(after, lastDue), counting)
  return due === undefined || due > (endDate?.getTime() ?? due) ? undefined : due
}

function windowOf({ settings: { window } }: Schedule): number {
  return (window.MaximumWindowInMinutes ?? 1) * PRECISION_MILLISECONDS
}
