/** How instants are said in the environment's zone, and the present one. */
export type Times = { say(instant: string): string; now: string }

const STYLES = {
  clock: { timeStyle: 'medium' },
  minute: { timeStyle: 'short' },
  day: { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
  dayAndMinute: {
    ...{ weekday: 'short', day: 'numeric', month: 'short' },
    ...{ hour: '2-digit', minute: '2-digit' },
  },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>

const made = new Map<string, Intl.DateTimeFormat>()

/** Says an instant. Making a format takes longer than using it a thousand times: each is made once. */
function say(style: keyof typeof STYLES, timeZone: string, instant: string): string {
  const name = `${style} ${timeZone}`
  const format = made.get(name) ?? new Intl.DateTimeFormat('en-GB', { ...STYLES[style], timeZone })
  made.set(name, format)
  return format.format(new Date(instant))
}

let zone = 'UTC'

/** From now on times are said in this zone: the environment's, which every page has. */
export function sayTimesIn(timeZone: string): void {
  zone = timeZone
}

/** `09:02:13` */
export const clock = (instant: string): string => say('clock', zone, instant)
/** `09:02` */
export const minute = (instant: string): string => say('minute', zone, instant)
/** `Mon, 2 Mar 2026` */
export const day = (instant: string): string => say('day', zone, instant)

/** As `minute`, in a time zone. */
export const minuteIn =
  (timeZone: string) =>
  (instant: string): string =>
    say('minute', timeZone, instant)
/** Slack names a message by the seconds since the epoch. */
export const instantOf = (ts: string): string => new Date(Number(ts) * 1000).toISOString()
/** From one instant to another: `0.4 s`, `38 s`, `2 min 5 s`, `3 h 12 min`. */
export function span(from: string, to: string): string {
  const seconds = Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000)
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes} min ${whole % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
/** How long ago, roughly: `12 min`, `9 h`, `3 days`. */
export function age(from: string, now: string): string {
  const minutes = Math.max(0, Math.floor((Date.parse(now) - Date.parse(from)) / 60_000))
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`
}
/** A text in which instants stand as ISO 8601 in UTC, with each as `say` says it. */
export const localized = (text: string, say: (instant: string) => string): string =>
  text.replaceAll(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z/g, (at) => say(at))
/** `Mon 2 Mar 20:00`, in a time zone. */
export const dayAndMinuteIn =
  (timeZone: string) =>
  (instant: string): string =>
    say('dayAndMinute', timeZone, instant).replaceAll(',', '')
