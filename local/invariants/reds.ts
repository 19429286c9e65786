import type { Trace } from './trace.ts'

const MINUTE = 60_000

/** An alarm turned red, and CloudWatch said so. */
export type Red = { subject: string; at: number; toldAt: number; event: string }

/**
 * The reds that CloudWatch told of, early enough to be recorded by now. An alarm is this environment's
 * by the tags that its event carries.
 */
export function redsOf({ events, environment, to }: Trace): Red[] {
  return events
    .filter(
      ({ source, type }) => source === 'aws.cloudwatch' && /^CloudWatch Alarm State/.test(type),
    )
    .filter(({ deliveries }) => deliveries.length > 0)
    .flatMap(({ id: event, at, detail, resources }) => {
      const { state, alarmTags } = detail as {
        state?: { value?: string; timestamp?: string }
        alarmTags?: Record<string, string>
      }
      const isOurs = alarmTags?.['caretaker:environment'] === environment
      if (!isOurs || state?.value !== 'ALARM' || at + MINUTE > to) return []
      const red = { at: Date.parse(state.timestamp ?? ''), toldAt: at }
      return [{ subject: resources[0] ?? '', ...red, event }]
    })
}
