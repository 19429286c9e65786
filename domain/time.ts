/** ISO 8601 in whole seconds, as ECR dates both its events and its images. */
export function instant(time: string | Date): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`
}

/** Seconds since 1970, as DynamoDB's time to live wants them. */
export const epochSeconds = (time: Date): number => Math.floor(time.getTime() / 1000)

/** `09:04`, and with its day where that is not today's: `2 March, 09:04`; in this time zone. */
export function localTime(at: string, timeZone: string, now: Date): string {
  const day = (time: Date) => new Intl.DateTimeFormat('en-GB', { timeZone }).format(time)
  const then = new Date(at)
  const isToday = day(then) === day(now)
  const date = isToday ? {} : ({ day: 'numeric', month: 'long' } as const)
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    ...date,
    hour: '2-digit',
    minute: '2-digit',
  })
    .format(then)
    .replace(' at ', ', ')
}
