import { dayAfter, instantOf, localTime } from '../local-time.ts'

/** From a Monday's midnight to the next one's, in the environment's zone. */
export type Week = { monday: string; from: Date; until: Date }

/** The week that an instant lies in. */
export function weekOf(now: Date, timeZone: string): Week {
  const { date } = localTime(now, timeZone)
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay()
  return weekFrom(dayAfter(date, -((weekday + 6) % 7)), timeZone)
}

/** The week before, the last one that is whole. */
export const weekBefore = (now: Date, timeZone: string): Week =>
  weekFrom(dayAfter(weekOf(now, timeZone).monday, -7), timeZone)

const weekFrom = (monday: string, timeZone: string): Week => ({
  monday,
  from: instantOf(monday, '00:00', timeZone),
  until: instantOf(dayAfter(monday, 7), '00:00', timeZone),
})
