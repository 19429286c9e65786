import type { CompiledCatalog } from '../../domain/compiled-catalog.ts'
import { localTime } from '../../domain/local-time.ts'
import { weekdayOf } from '../../domain/say-time.ts'
import type { Choice } from '../../domain/table/sleep-record.ts'

type Parts = {
  /** What the label begins with. */
  words: string
  until: Date
  /** Beside which instant it is said: the day is named where it is another. */
  at: Date
  dollars?: string
  about: Record<string, unknown>
  verb?: 'keep' | 'sleep'
}

/** A button that means the time it shows: `Keep 2 h (until 22:00) · about $0.42`. */
export function sayChoice({ timeZone }: CompiledCatalog, parts: Parts): Choice {
  const { words, until, at, dollars = '', about, verb = 'keep' } = parts
  const { date, time } = localTime(until, timeZone)
  const day = date === localTime(at, timeZone).date ? '' : `${weekdayOf(date)} `
  const shown = `until ${day}${time.slice(0, 5)}`
  const isLong = words.endsWith(' h ')
  return {
    verb,
    input: { ...about, until: until.toISOString() },
    label: `${words}${isLong ? `(${shown})` : shown}${dollars === '' ? '' : ` · ${dollars}`}`,
    key: until.toISOString(),
  }
}
