import type { Expression } from '../schedule/expression.ts'
import { nextInstant } from '../schedule/expression.ts'
import type { World } from '../world.ts'
import type { Rule } from './model.ts'

/** A rule fires some time within its minute. */
const MINUTE = 60_000

/** The clockwork of rules with a schedule, which count in UTC. */
export class RuleSchedules {
  readonly #world: World
  readonly #fire: (rule: Rule, scheduled: number) => void

  /** @param fire called when a rule is due, with the instant it was due at. */
  constructor(world: World, fire: (rule: Rule, scheduled: number) => void) {
    this.#world = world
    this.#fire = fire
  }

  /** Sets or stops the clock of a rule that was put, enabled or disabled. */
  arm(rule: Rule): void {
    rule.timer?.cancel()
    rule.timer = undefined
    if (rule.schedule === undefined || rule.state === 'DISABLED') return
    // A rate counts from now: it is first due after one interval.
    this.#next(rule, rule.schedule, this.#world.now, this.#world.now)
  }

  #next(rule: Rule, schedule: Expression, after: number, since: number): void {
    const due = nextInstant(schedule, after, { since, zone: 'UTC' })
    if (due === undefined) return
    const late = Math.floor(this.#world.random.between(`events/schedule/${rule.name}`, 0, MINUTE))
    rule.timer = this.#world.at(due + late, `rule ${rule.name}`, () => {
      this.#next(rule, schedule, due, since)
      this.#fire(rule, due)
    })
  }
}
