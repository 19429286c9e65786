import type { Aws, Operations, Service } from '../aws.ts'
import type { Faults } from '../faults.ts'
import { type Tags, taggable, tagsByArn } from '../tags.ts'
import { Buses, busOperations } from './buses.ts'
import { type JournalEntry, notFound } from './model.ts'
import { eventOperations } from './put-events.ts'
import { Router } from './router.ts'
import { RuleSchedules } from './rule-schedules.ts'
import { targetOperations } from './rule-targets.ts'
import { ruleOperations } from './rules.ts'

/**
 * Amazon EventBridge: event buses, rules and their targets. Events of AWS services (`aws.emit`)
 * arrive on the default bus.
 *
 * Not simulated, and refused by name: archives and replays, API destinations, partner sources,
 * global endpoints, bus policies, and targets other than functions, state machines, queues, topics,
 * buses and ECS tasks.
 */
export class EventBridge implements Service {
  readonly id = 'eventbridge'
  readonly operations: Operations
  readonly #buses: Buses
  readonly #router: Router

  constructor(aws: Aws, faults: Faults) {
    const buses = new Buses(aws)
    const router = new Router(aws, buses, faults)
    const schedules = new RuleSchedules(aws.world, (rule, due) => router.fire(rule, due))
    this.#buses = buses
    this.#router = router
    this.operations = {
      ...busOperations(buses),
      ...ruleOperations(buses, schedules),
      ...targetOperations(buses),
      ...eventOperations(router),
      ...taggable(
        { resource: 'ResourceARN' },
        tagsByArn(
          () => this.tagged(),
          (arn) => notFound(`Resource ${arn}`),
        ),
      ),
    }
    aws.onEvent((event) => router.emit(event))
  }

  /** Every event that reached a bus or was lost before, in order, with its deliveries. */
  get journal(): readonly JournalEntry[] {
    return this.#router.journal
  }

  /** Called with each rule of the default bus that matches an event. */
  onTriggered(listener: (ruleName: string) => void): void {
    this.#router.onTriggered.push(({ bus, name }) => {
      if (bus === 'default') listener(name)
    })
  }

  *tagged(): Iterable<{ arn: string; tags: Tags }> {
    for (const { arn, tags, rules } of this.#buses.all) {
      yield { arn, tags }
      for (const rule of rules.values()) yield { arn: rule.arn, tags: rule.tags }
    }
  }
}
