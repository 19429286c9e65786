import { isAboutItself } from './changes.ts'
import type { Call, Trace } from './trace.ts'

/**
 * The calls of a quiet day that Caretaker may make on its own table and queue, because that day is
 * not without everything:
 *
 * - what stays red is named again, once in each channel and on each working day;
 * - tasks of a service fail, one after another, as those of an image that somebody else has
 *   deployed or that has held as long as it was watched: that tasks are missing is noted and told.
 */
export function hasItsReason(trace: Trace, quietSince: number): (call: Call) => boolean {
  const restless = [
    ...new Set(
      trace.tasks
        .filter(({ at, failed }) => failed && at >= quietSince)
        .map(({ service }) => `:service/${service}"`),
    ),
  ]
  const named = new Set<string>()
  return (call) => {
    if (!isAboutItself(call, trace)) return false
    const reminder = reminderIn(call)
    if (reminder === undefined) return isOfMissingTasks(call, restless)
    const isFirst = !named.has(reminder)
    named.add(reminder)
    return isFirst
  }
}

/** What a call writes of the line that names again what is red; undefined for every other call. */
function reminderIn({ operation, input }: Call): string | undefined {
  const { pk, sk } = (input.Key ?? input.Item ?? {}) as Record<'pk' | 'sk', { S?: string }>
  const isReminder = /^(message#)?still-red#/.test(sk?.S ?? '')
  return isReminder ? `${operation} ${pk?.S} ${sk?.S}` : undefined
}

/** The subject of missing tasks is `tasks#` and the service's ARN. */
const isOfMissingTasks = ({ input }: Call, services: readonly string[]): boolean =>
  [...JSON.stringify(input).matchAll(/tasks#arn:[^"#\\]+/g)].some(([subject]) =>
    services.some((service) => `${subject}"`.endsWith(service)),
  )
