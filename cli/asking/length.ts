import { readUntil } from '../../domain/acts/until.ts'
import { UsageError } from '../usage.ts'

const ORIGIN = new Date(0)

/** Reads a length of time, such as `30m` or `1h 30m`, as milliseconds. @throws UsageError */
export const lengthOf =
  (option: string) =>
  (text: string): number => {
    const words = text.split(/\s+/).filter(Boolean)
    const read = readUntil(words, { now: ORIGIN, timeZone: 'UTC' })
    // What begins with a number and a unit is a length; a time of day is none.
    const isLength = 'until' in read && read.used === words.length && /^\d+\s*[a-z]/i.test(text)
    if (isLength && !/^\d{1,2}\s*[ap]m$/i.test(text)) return read.until.getTime()
    throw new UsageError(
      `${option}: found ${JSON.stringify(text)}, allowed: a length, such as 30m or 2h`,
    )
  }
