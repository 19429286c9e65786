/**
 * Another way to say when a schedule runs, to hold the product's against: minute by minute, by what
 * a clock on the wall shows. The clock never goes back: in an hour that is repeated it stands still
 * until its first occurrence is over, and behind a gap it shows the first minute after it. So each
 * wall-clock time is reached once, and a window's edges are where theirs are reached.
 */
const MINUTE = 60_000
const DAY = 24 * 60

/** Windows by days of the week (0 is Sunday), in minutes since midnight. */
export type Window = { weekdays: number[]; from: number; to: number; timeZone: string }

/** Minutes that a zone is ahead of UTC, asked of `Intl` by its name: `GMT+10:30`. */
function offsetAt(format: Intl.DateTimeFormat, instant: number): number {
  const name = format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value
  const [, sign, hours = '0', minutes = '0'] = /GMT([+-])(\d\d):(\d\d)/.exec(name ?? '') ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}

const known = new Map<string, Int32Array>()

/** What the clock has shown at most, each minute: minutes since 1970 of a clock in UTC. */
function wallClocks(from: number, minutes: number, timeZone: string): Int32Array {
  const key = `${from} ${minutes} ${timeZone}`
  const clocks = known.get(key) ?? readClocks(from, minutes, timeZone)
  known.set(key, clocks)
  return clocks
}

function readClocks(from: number, minutes: number, timeZone: string): Int32Array {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
  const clocks = new Int32Array(minutes)
  let [offset, most] = [0, Number.NEGATIVE_INFINITY]
  for (let minute = 0; minute < minutes; minute++) {
    const instant = from + minute * MINUTE
    // Zones of today change their clocks on the hour or half an hour after it.
    if (minute === 0 || (instant / MINUTE) % 30 === 0) offset = offsetAt(format, instant)
    most = Math.max(most, instant / MINUTE + offset)
    clocks[minute] = most
  }
  return clocks
}

/** For each minute from an instant on, whether one of the windows is open; `isHoliday` by date. */
export function referenceStates(
  windows: readonly Window[],
  { from, minutes, isHoliday }: { from: number; minutes: number; isHoliday(date: string): boolean },
): Uint8Array {
  const states = new Uint8Array(minutes)
  const date = (day: number) => new Date(day * DAY * MINUTE)
  for (const { weekdays, from: begin, to: end, timeZone } of windows) {
    const clocks = wallClocks(from, minutes, timeZone)
    const days = new Map<number, boolean>()
    const starts = (day: number): boolean => {
      const found =
        days.get(day) ??
        (weekdays.includes(date(day).getUTCDay()) &&
          !isHoliday(date(day).toISOString().slice(0, 10)))
      days.set(day, found)
      return found
    }
    for (let minute = 0; minute < minutes; minute++) {
      const day = Math.floor((clocks[minute] ?? 0) / DAY)
      const time = (clocks[minute] ?? 0) - day * DAY
      const isOpen =
        begin < end
          ? starts(day) && time >= begin && time < end
          : (starts(day) && time >= begin) || (starts(day - 1) && time < end)
      if (isOpen) states[minute] = 1
    }
  }
  return states
}
