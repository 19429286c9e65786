import type { StateValue } from '@aws-sdk/client-cloudwatch'
import type { Timer, World } from '../world.ts'
import type { Alarm, AlarmState, CompositeAlarm, SuppressedBy, Suppressor } from './alarm.ts'
import { nameOf } from './rule.ts'

type Parts = {
  world: World
  composites(): Iterable<CompositeAlarm>
  stateOf(alarm: string): StateValue | undefined
  /** Called when a composite alarm that is red is held back by something else, or no longer. */
  changed(alarm: CompositeAlarm, by: SuppressedBy | undefined): void
}

/**
 * When the actions of composite alarms are held back: while the suppressor is red, for the
 * extension period after that, and for the wait period before it must be.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-suppression.html
 */
export class Suppression {
  readonly #parts: Parts
  readonly #timers = new Map<string, Timer>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** By what the actions of a new state are held back. */
  begin(alarm: CompositeAlarm, value: StateValue): SuppressedBy | undefined {
    this.#stop(alarm)
    const { suppressor } = alarm
    if (suppressor === undefined) return undefined
    if (this.#parts.stateOf(nameOf(suppressor.alarm)) === 'ALARM') return 'Alarm'
    if (value !== 'ALARM' || suppressor.waitPeriod === 0) return undefined
    this.#after(alarm, suppressor.waitPeriod)
    return 'WaitPeriod'
  }

  /** Looks at the alarms that this one suppresses, when it has become red or stopped being so. */
  suppressorChanged({ name, state: { value } }: Alarm, previous: AlarmState): void {
    if ((value === 'ALARM') === (previous.value === 'ALARM')) return
    for (const alarm of this.#parts.composites()) {
      if (alarm.suppressor === undefined || nameOf(alarm.suppressor.alarm) !== name) continue
      if (alarm.state.suppressedBy === undefined) continue
      this.#stop(alarm)
      if (value === 'ALARM') this.#parts.changed(alarm, 'Alarm')
      else this.#extend(alarm, alarm.suppressor)
    }
  }

  forget(alarm: Alarm): void {
    this.#stop(alarm)
  }

  #extend(alarm: CompositeAlarm, { extensionPeriod }: Suppressor): void {
    if (extensionPeriod > 0) this.#after(alarm, extensionPeriod)
    this.#parts.changed(alarm, extensionPeriod > 0 ? 'ExtensionPeriod' : undefined)
  }

  #after(alarm: CompositeAlarm, seconds: number): void {
    const what = `suppression of ${alarm.name}`
    const timer = this.#parts.world.after(seconds * 1000, what, () => {
      this.#timers.delete(alarm.name)
      this.#parts.changed(alarm, undefined)
    })
    this.#timers.set(alarm.name, timer)
  }

  #stop({ name }: Alarm): void {
    this.#timers.get(name)?.cancel()
    this.#timers.delete(name)
  }
}
