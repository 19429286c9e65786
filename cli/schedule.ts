import { createInterface } from 'node:readline'
import { compileCatalog } from '../catalog/compile.ts'
import { readCatalog } from '../catalog/read.ts'
import { isTimeZone } from '../domain/say-time.ts'
import { ALWAYS_ON, scheduleNamed } from '../domain/schedule/written.ts'
import { say } from './print.ts'
import { readInstant } from './schedule/instant.ts'
import { answerLine } from './schedule/lines.ts'
import { previewJson, previewLines, previewOf } from './schedule/preview.ts'
import { parseWords, UsageError, wholeNumber } from './usage.ts'

const USAGE =
  'npm run schedule -- <name> [--from <time>] [--to <time>] [--tz <zone>] [--wake <seconds>] [--json] [--catalog <directory>], or npm run --silent schedule -- --stdin'

type Values = Partial<Record<'from' | 'to' | 'tz' | 'wake' | 'catalog', string>>

/**
 * `npm run schedule -- office-hours`: prints when it next starts and stops what follows it, and by
 * which rule. With `--stdin`, answers lines of JSON (see `schedule/lines.ts`).
 */
export async function schedule(words: string[]): Promise<number> {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  const options = { from: text, to: text, tz: text, wake: text, catalog: text }
  const { values, positionals } = parseWords(words, { ...options, json: flag, stdin: flag }, USAGE)
  const catalog = compileCatalog(readCatalog(String(values.catalog ?? 'catalog')))
  if (values.stdin) {
    for await (const line of createInterface({ input: process.stdin })) {
      process.stdout.write(`${answerLine(line, catalog)}\n`)
    }
    return 0
  }
  const [name, ...more] = positionals
  const names = [ALWAYS_ON, ...Object.keys(catalog.schedules)].join(', ')
  const found = name === undefined ? undefined : scheduleNamed(catalog.schedules, name)
  if (name === undefined || found === undefined || more.length > 0) {
    const what = positionals.length === 0 ? 'no name' : JSON.stringify(positionals.join(' '))
    throw new UsageError(`The schedule: found ${what}, allowed: ${names}\nUse: ${USAGE}`)
  }
  const given = values as Values
  const zone = found === ALWAYS_ON ? undefined : found.timeZone
  const input = {
    ...{ schedule: found, calendars: catalog.calendars, overrides: [] },
    timeZone: catalog.timeZone,
    wakeSeconds: given.wake === undefined ? 0 : wholeNumber('wake', given.wake, 86_400),
  }
  const preview = previewOf(name, input, timesOf(given, zone ?? catalog.timeZone))
  if (values.json) console.log(JSON.stringify(previewJson(preview), undefined, 2))
  else for (const line of previewLines(preview)) say(line)
  return 0
}

/** @throws UsageError for a zone or a time that cannot be read. */
function timesOf({ from, to, tz }: Values, zone: string) {
  const timeZone = tz ?? zone
  if (!isTimeZone(timeZone)) {
    const allowed = 'an IANA time zone, such as Europe/Berlin or UTC'
    throw new UsageError(`--tz: found ${JSON.stringify(tz)}, allowed: ${allowed}\nUse: ${USAGE}`)
  }
  const read = (name: string, text: string): Date => {
    const at = readInstant(text, timeZone)
    if (at !== undefined) return at
    const allowed = '2026-03-29, "2026-03-29 02:30" (local), or 2026-03-29T01:30:00Z'
    throw new UsageError(
      `--${name}: found ${JSON.stringify(text)}, allowed: ${allowed}\nUse: ${USAGE}`,
    )
  }
  return {
    timeZone,
    from: from === undefined ? new Date() : read('from', from),
    to: to === undefined ? undefined : read('to', to),
  }
}
