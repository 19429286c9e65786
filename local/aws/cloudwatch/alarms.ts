import type { StateValue } from '@aws-sdk/client-cloudwatch'
import { ApplicationAutoScaling } from '../application-auto-scaling/application-auto-scaling.ts'
import type { Aws } from '../aws.ts'
import { AwsError, NotImplemented } from '../errors.ts'
import { targetCall } from '../target-call.ts'
import { actionPayloads } from './action-payloads.ts'
import {
  type Alarm,
  type AlarmState,
  type CompositeAlarm,
  type Contributor,
  type MetricAlarm,
  type SuppressedBy,
  timestamp,
} from './alarm.ts'
import { contributorChange } from './contributors.ts'
import { configurationChange, stateChange } from './events.ts'
import { AlarmHistory } from './history.ts'
import { MuteRules } from './mute-rules.ts'
import { Suppression } from './suppression.ts'

/** The principal that CloudWatch acts as, by the kind of action. */
const PRINCIPALS: Readonly<Record<string, string>> = {
  sns: 'cloudwatch',
  lambda: 'lambda.alarms.cloudwatch',
}

/** The policy of an ECS service: `arn:aws:autoscaling:…:scalingPolicy:…:resource/ecs/service/…` */
const isScaling = (arn: string): boolean => /:scalingPolicy:[^:]+:resource\/ecs\//.test(arn)

/** A red alarm asks its policy again this often. */
const AGAIN_MILLISECONDS = 60_000

/** @throws NotImplemented for actions that are not simulated: EC2's, those of Auto Scaling groups, Systems Manager's. */
export function checkAction(arn: string): void {
  if (isScaling(arn)) return
  if (PRINCIPALS[arn.split(':')[2] ?? ''] !== undefined) return
  throw new NotImplemented(`the alarm action ${arn}`)
}

/** All alarms by name: what state they are in, and what follows from a change of it. */
export class Alarms {
  readonly history: AlarmHistory
  readonly muteRules: MuteRules
  readonly #aws: Aws
  readonly #alarms = new Map<string, Alarm>()
  readonly #suppression: Suppression

  constructor(aws: Aws) {
    this.#aws = aws
    this.history = new AlarmHistory(aws.world)
    this.muteRules = new MuteRules(aws)
    this.#suppression = new Suppression({
      world: aws.world,
      composites: () => this.all.filter((one) => one.kind === 'composite'),
      stateOf: (name) => this.find(name)?.state.value,
      changed: (alarm, by) => this.#suppress(alarm, by),
    })
  }

  get all(): readonly Alarm[] {
    return [...this.#alarms.values()]
  }

  find(name: string): Alarm | undefined {
    return this.#alarms.get(name)
  }

  /** @throws AwsError ResourceNotFound */
  get(name: string | undefined): Alarm {
    const alarm = this.#alarms.get(name ?? '')
    if (alarm !== undefined) return alarm
    throw new AwsError('ResourceNotFound', `Alarm ${name} does not exist`, { statusCode: 404 })
  }

  /** A new alarm, or another configuration of one; the state of that one stays. */
  put(alarm: Alarm): void {
    const before = this.#alarms.get(alarm.name)
    if (before !== undefined) this.#suppression.forget(before)
    this.#alarms.set(alarm.name, alarm)
    const operation = before === undefined ? 'create' : 'update'
    const summary = `Alarm "${alarm.name}" ${operation}d`
    this.history.note(alarm, 'ConfigurationUpdate', summary, {
      type: before === undefined ? 'Create' : 'Update',
    })
    this.#aws.emit(configurationChange(alarm, operation, before))
  }

  delete(alarm: Alarm): void {
    this.#alarms.delete(alarm.name)
    this.#suppression.forget(alarm)
    this.history.note(alarm, 'ConfigurationUpdate', `Alarm "${alarm.name}" deleted`, {
      type: 'Delete',
    })
    this.#aws.emit(configurationChange(alarm, 'delete'))
  }

  /** A new value is sent to the event bus and the actions, and evaluated by composite alarms. */
  set(alarm: Alarm, given: AlarmState): void {
    const previous = alarm.state
    const isNew = previous.value !== given.value
    const suppressedBy =
      alarm.kind === 'composite' && isNew
        ? this.#suppression.begin(alarm, given.value)
        : previous.suppressedBy
    const state = { ...given, ...(suppressedBy && { suppressedBy }) }
    alarm.state = state
    if (!isNew) return
    alarm.transitionedAt = state.at
    const summary = `Alarm updated from ${previous.value} to ${state.value}`
    this.history.note(alarm, 'StateUpdate', summary, {
      oldState: stateData(previous),
      newState: stateData(state),
    })
    this.#tell(alarm, previous)
    // Who was not told that it was red is not told that it no longer is.
    if (previous.suppressedBy === undefined || state.value === 'ALARM') this.#act(alarm, previous)
    for (const parent of this.all) {
      if (parent.kind === 'composite' && parent.rule.alarms.includes(alarm.name)) {
        this.evaluateComposite(parent, alarm)
      }
    }
    this.#suppression.suppressorChanged(alarm, previous)
  }

  /** What the time series of an alarm are now; the bus is told of those that changed. */
  setContributors(alarm: MetricAlarm, contributors: readonly Contributor[]): void {
    const before = alarm.contributors
    alarm.contributors = contributors
    for (const one of contributors) {
      const known = before.find(({ id }) => id === one.id)
      if (one.value === (known?.value ?? 'OK')) continue
      this.#aws.emit(contributorChange(alarm, one, this.muteRules.of(alarm.name)))
    }
  }

  /** @param cause the alarm whose change made this necessary; absent for a new composite alarm. */
  evaluateComposite(composite: CompositeAlarm, cause?: Alarm): void {
    const holds = composite.rule.holds((name) => this.find(name)?.state.value)
    const value: StateValue = holds ? 'ALARM' : 'OK'
    if (composite.state.value === value) return
    const at = this.#aws.world.date
    const reason =
      cause === undefined
        ? `${composite.arn} was created and its alarm rule evaluates to ${value}`
        : `${cause.arn} transitioned to ${cause.state.value} at ${longDate(at)}`
    const triggeringAlarms = composite.rule.alarms.flatMap((name) => {
      const { arn, state } = this.find(name) ?? {}
      if (state === undefined) return []
      return [{ arn, state: { value: state.value, timestamp: timestamp(state.at) } }]
    })
    this.set(composite, { value, reason, data: JSON.stringify({ triggeringAlarms }), at })
  }

  /** The bus is told also of what is muted or suppressed, and by what. */
  #tell(alarm: Alarm, previous: AlarmState): void {
    this.#aws.emit(stateChange(alarm, previous, this.muteRules.of(alarm.name)))
  }

  #suppress(alarm: CompositeAlarm, by: SuppressedBy | undefined): void {
    const { suppressedBy: _, ...state } = alarm.state
    const previous = alarm.state
    alarm.state = { ...state, at: this.#aws.world.date, ...(by && { suppressedBy: by }) }
    this.#tell(alarm, previous)
    this.#act(alarm, previous)
  }

  /** Actions are tried once; the history has the result of each. Muted ones follow when that ends. */
  #act(alarm: Alarm, previous: AlarmState): void {
    const { state } = alarm
    const actions = alarm.actions[state.value]
    if (!alarm.actionsEnabled || state.suppressedBy !== undefined || actions.length === 0) return
    const mute = this.muteRules.of(alarm.name)
    if (mute !== undefined) {
      this.#aws.world.at(mute.end, `mute of ${alarm.name}`, () => {
        if (this.find(alarm.name)?.state === state) this.#act(alarm, previous)
      })
      return
    }
    for (const arn of actions.filter(isScaling)) this.#scale(alarm, arn)
    const payloads = actionPayloads(this.#aws, alarm, previous)
    for (const arn of actions.filter((one) => !isScaling(one))) {
      const service = arn.split(':')[2] ?? ''
      const payload = service === 'sns' ? payloads.topic : payloads.function
      const { service: id, operation, input } = targetCall({ arn }, JSON.stringify(payload))
      const Subject = `${alarm.state.value}: "${alarm.name}" in ${this.#aws.region}`
      const caller = {
        kind: 'aws',
        name: PRINCIPALS[service] ?? service,
        sourceArn: alarm.arn,
      } as const
      this.#aws.call(id, operation, service === 'sns' ? { ...input, Subject } : input, caller).then(
        () => this.#noteAction(alarm, arn, 'Successfully executed'),
        (error: unknown) => {
          if (!(error instanceof AwsError)) this.#aws.world.fail(error)
          else this.#noteAction(alarm, arn, 'Failed to execute', error.message)
        },
      )
    }
  }

  /**
   * "For each state change to ALARM … the alarm continues to invoke the action once per minute."
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions.html
   */
  #scale(alarm: Alarm, arn: string): void {
    const { value: state, data } = alarm.state
    const threshold = alarm.kind === 'metric' ? (alarm.threshold.value ?? 0) : 0
    const points = (JSON.parse(data ?? '{}') as { recentDatapoints?: number[] }).recentDatapoints
    const seen = { value: points?.[0] ?? threshold, threshold }
    this.#aws
      .the(ApplicationAutoScaling)
      .execute(arn, seen)
      .then(
        () => this.#noteAction(alarm, arn, 'Successfully executed'),
        (error: unknown) => {
          if (!(error instanceof AwsError)) this.#aws.world.fail(error)
          else this.#noteAction(alarm, arn, 'Failed to execute', error.message)
        },
      )
    this.#aws.world.after(AGAIN_MILLISECONDS, `${alarm.name} scales`, () => {
      const now = this.find(alarm.name)
      if (now?.state.value === state && now.actions[state].includes(arn)) this.#scale(now, arn)
    })
  }

  #noteAction(alarm: Alarm, arn: string, outcome: string, error: string | null = null): void {
    const data = { actionState: error === null ? 'Succeeded' : 'Failed', notificationResource: arn }
    this.history.note(alarm, 'Action', `${outcome} action ${arn}`, { ...data, error })
  }
}

const stateData = ({ value, reason, data }: AlarmState) => ({
  stateValue: value,
  stateReason: reason,
  ...(data === undefined ? {} : { stateReasonData: JSON.parse(data) as unknown }),
})

/** `Monday 02 March, 2026 09:00:00 UTC` */
function longDate(at: Date): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    weekday: 'long',
    day: '2-digit',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  }).formatToParts(at)
  const of = (type: string) => parts.find((part) => part.type === type)?.value
  return `${of('weekday')} ${of('day')} ${of('month')}, ${of('year')} ${at.toISOString().slice(11, 19)} UTC`
}
