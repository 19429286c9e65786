import type { Target } from '@aws-sdk/client-eventbridge'
import type { Aws, AwsEvent, Caller } from '../aws.ts'
import { clone } from '../clone.ts'
import type { Faults } from '../faults.ts'
import { type TargetCall, targetCall } from '../target-call.ts'
import { errorCode } from '../target-errors.ts'
import { type DeadLetterQueue, deliver } from '../targets.ts'
import type { Buses } from './buses.ts'
import {
  type BusEvent,
  type DeliveryEntry,
  eventTime,
  type JournalEntry,
  type Rule,
} from './model.ts'
import { targetInput } from './transform.ts'

/** Where an event goes, how safely, and whether a rule of another bus sent it there. */
type Routing = {
  bus: string
  delivery: AwsEvent['delivery']
  forwarded?: boolean
}

/** Takes events to a bus, matches them with its rules and hands them to the rules' targets. */
export class Router {
  readonly aws: Aws
  readonly journal: JournalEntry[] = []
  /** Called with each rule that matches an event. */
  readonly onTriggered: ((rule: Rule) => void)[] = []
  readonly #buses: Buses
  readonly #faults: Faults

  constructor(aws: Aws, buses: Buses, faults: Faults) {
    this.aws = aws
    this.#buses = buses
    this.#faults = faults
  }

  /** Events of AWS services go to the default bus. */
  emit({ source, detailType, resources, detail, delivery, time }: AwsEvent): void {
    const at = time === undefined ? {} : { time: eventTime(time) }
    const event = this.#event({ source, 'detail-type': detailType, resources, detail, ...at })
    this.take(event, { bus: 'default', delivery })
  }

  /** Carries an event to its bus, where a copy of it may arrive once, several times or never. */
  take(event: BusEvent, routing: Routing): void {
    const { world } = this.aws
    const { copies, faults } = this.#faults.carry(event.id, routing.delivery, world.now)
    const fault = faults.length === 0 ? {} : { fault: faults.join('+') }
    if (copies.length === 0) this.#note({ event, bus: routing.bus, ...fault })
    for (const late of copies) {
      if (late === 0) this.#arrive(event, routing, fault)
      else world.after(late, `event ${event.id}`, () => this.#arrive(event, routing, fault))
    }
  }

  /** A rule's schedule is due: the event goes to that rule's targets only. */
  fire(rule: Rule, scheduled: number): void {
    const event = this.#event({
      source: 'aws.events',
      'detail-type': 'Scheduled Event',
      resources: [rule.arn],
      detail: {},
      time: eventTime(new Date(scheduled)),
    })
    const entry = this.#note({ event, bus: rule.bus })
    this.#handOver(entry, rule, {})
  }

  #event(
    given: Pick<BusEvent, 'source' | 'detail-type' | 'resources' | 'detail'> & { time?: string },
  ): BusEvent {
    const { world, account, region } = this.aws
    return {
      version: '0',
      id: world.random.uuid('events/id'),
      account,
      time: eventTime(world.date),
      region,
      ...clone(given),
    }
  }

  /** An event for a bus that is not there is taken and dropped, as AWS does. */
  #arrive(event: BusEvent, routing: Routing, fault: { fault?: string }): void {
    const bus = this.#buses.find(routing.bus)
    const entry = this.#note({ event, bus: bus?.name ?? routing.bus, ...fault })
    for (const rule of bus?.rules.values() ?? []) {
      if (takes(rule, event)) this.#handOver(entry, rule, routing)
    }
  }

  #note(what: Pick<JournalEntry, 'event' | 'bus' | 'fault'>): JournalEntry {
    const entry = { ...what, at: this.aws.world.now, rules: [], deliveries: [] }
    this.journal.push(entry)
    return entry
  }

  #handOver(entry: JournalEntry, rule: Rule, { forwarded = false }: Partial<Routing>): void {
    entry.rules.push(rule.name)
    for (const listener of this.onTriggered) listener(rule)
    for (const target of rule.targets.values()) {
      const toBus = target.Arn?.split(':')[2] === 'events'
      // EventBridge does not route what came from another bus to a third.
      if (toBus && forwarded) continue
      this.#deliver(entry, rule, target).catch((error: unknown) => this.aws.world.fail(error))
    }
  }

  async #deliver({ event, at, deliveries }: JournalEntry, rule: Rule, target: Target) {
    const { world } = this.aws
    const noted: DeliveryEntry = {
      rule: rule.name,
      target: target.Id ?? '',
      outcome: 'pending',
      attempts: 0,
      at: world.now,
    }
    deliveries.push(noted)
    const roleArn = target.RoleArn ?? rule.roleArn
    const context = {
      ruleArn: rule.arn,
      ruleName: rule.name,
      ingestionTime: new Date(at).toISOString(),
      executionName: `${event.id}_${world.random.uuid('events/execution')}`,
    }
    const outcome = await deliver(this.aws, {
      caller: { ...callerFor(rule), ...(roleArn === undefined ? {} : { roleArn }) },
      call: () => callOf(target, event, context),
      since: at,
      retry: target.RetryPolicy,
      deadLetterQueue: deadLetterQueueOf(target, rule, event),
    })
    Object.assign(noted, outcome, { at: world.now })
  }
}

/** EventBridge acts for the rule. */
function callerFor({ arn }: Rule): Caller {
  return { kind: 'aws', name: 'events', sourceArn: arn }
}

/** Whether a rule is on and matches; reads seen by CloudTrail need a rule that asks for all. */
function takes(rule: Rule, event: BusEvent): boolean {
  if (rule.state === 'DISABLED' || !rule.matches(event)) return false
  const readOnly =
    event['detail-type'] === 'AWS API Call via CloudTrail' && event.detail.readOnly === true
  return !readOnly || rule.state === 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'
}

type Context = { ruleArn: string; ruleName: string; ingestionTime: string; executionName: string }

function callOf(target: Target, event: BusEvent, context: Context): TargetCall {
  const { Arn = '', EcsParameters } = target
  if (Arn.split(':')[2] === 'events') return forward(Arn, event)
  const { executionName, ...rule } = context
  // A task is given overrides, never the event itself.
  const plain = EcsParameters !== undefined && !asksForInput(target)
  const input = plain ? '' : targetInput(target, event, rule)
  return targetCall({ arn: Arn, ecs: EcsParameters, executionName }, input)
}

function asksForInput({ Input, InputPath, InputTransformer }: Target): boolean {
  return [Input, InputPath, InputTransformer].some((one) => one !== undefined)
}

/** Sends an event on to another bus. */
function forward(bus: string, event: BusEvent): TargetCall {
  const entry = {
    EventBusName: bus,
    Source: event.source,
    DetailType: event['detail-type'],
    Detail: JSON.stringify(event.detail),
    Resources: event.resources,
    Time: new Date(event.time),
  }
  return { service: 'eventbridge', operation: 'PutEvents', input: { Entries: [entry] } }
}

/** The event as it came, with what went wrong in the message's attributes. */
function deadLetterQueueOf(
  target: Target,
  rule: Rule,
  event: BusEvent,
): DeadLetterQueue | undefined {
  const arn = target.DeadLetterConfig?.Arn
  if (arn === undefined) return undefined
  return {
    arn,
    caller: callerFor(rule),
    message: ({ error, attempts, exhausted }) => ({
      body: JSON.stringify(event),
      attributes: {
        RULE_ARN: rule.arn,
        TARGET_ARN: target.Arn ?? '',
        ERROR_CODE: errorCode(error),
        ERROR_MESSAGE: error.message,
        ...(exhausted === undefined ? {} : { EXHAUSTED_RETRY_CONDITION: exhausted }),
        RETRY_ATTEMPTS: String(attempts - 1),
      },
    }),
  }
}
