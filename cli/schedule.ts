import { createInterface } from 'node:readline'
import { compileCatalog } from '../catalog/compile.ts'
import { readCatalog } from '../catalog/read.ts'
import type { Catalog } from '../catalog/schema.ts'
import { nearest } from '../domain/acts/typed.ts'
import { isTimeZone } from '../domain/say-time.ts'
import { ALWAYS_ON, scheduleNamed } from '../domain/schedule/written.ts'
import { say } from './print.ts'
import { readInstant } from './schedule/instant.ts'
import { answerLine } from './schedule/lines.ts'
import { previewJson, previewLines, previewOf } from './schedule/preview.ts'
import { UsageError } from './usage.ts'

type Times = {
  from?: string | undefined
  to?: string | undefined
  tz?: string | undefined
}
type Options = Times & {
  wake: number
  json?: boolean | undefined
  stdin?: boolean | undefined
  catalog: string
}

/**
 * Prints when a schedule, or the one that a service follows, next starts and stops what follows it,
 * and by which rule. With `stdin`, answers lines of JSON (see `schedule/lines.ts`).
 *
 * @throws UsageError for what the catalog does not have.
 */
export async function schedule(named: string | undefined, options: Options): Promise<number> {
  const read = readCatalog(options.catalog)
  const catalog = compileCatalog(read)
  if (options.stdin) {
    for await (const line of createInterface({ input: process.stdin })) {
      process.stdout.write(`${answerLine(line, catalog)}\n`)
    }
    return 0
  }
  const name = scheduleFor(named, read)
  const found = scheduleNamed(catalog.schedules, name) ?? ALWAYS_ON
  const zone = found === ALWAYS_ON ? undefined : found.timeZone
  const input = {
    ...{ schedule: found, calendars: catalog.calendars, overrides: [] },
    ...{ timeZone: catalog.timeZone, wakeSeconds: options.wake },
  }
  const preview = previewOf(name, input, timesOf(options, zone ?? catalog.timeZone))
  if (options.json) {
    console.log(JSON.stringify(previewJson(preview), undefined, 2))
    return 0
  }
  if (name !== named) {
    say(`${named} follows ${name}. What people have asked for besides: caretaker why ${named}\n`)
  }
  for (const line of previewLines(preview)) say(line)
  return 0
}

/** The schedule of that name, or the one that the service of that name follows. @throws UsageError */
function scheduleFor(named: string | undefined, { environment, services }: Catalog): string {
  const schedules = [ALWAYS_ON, ...Object.keys(environment.schedules)]
  const sleeping = services.filter((one) => one.schedule !== undefined)
  if (named !== undefined && schedules.includes(named)) return named
  const service = services.find(({ name }) => name === named)
  if (service?.schedule !== undefined) return service.schedule
  if (service !== undefined) {
    throw new UsageError(
      `${named} follows no schedule: \`schedule\` in its file gives it one (${schedules.join(', ')})`,
    )
  }
  const [like] = nearest(named ?? '', [...schedules, ...sleeping.map(({ name }) => name)], 1)
  const meant = named === undefined || like === undefined ? '' : `. Did you mean ${like}?`
  const found = named === undefined ? 'no name' : JSON.stringify(named)
  throw new UsageError(
    `The schedule: found ${found}, allowed: ${schedules.join(', ')}, or a service that follows one${meant}`,
  )
}

/** @throws UsageError for a zone or a time that cannot be read. */
function timesOf({ from, to, tz }: Times, zone: string) {
  const timeZone = tz ?? zone
  if (!isTimeZone(timeZone)) {
    const allowed = 'an IANA time zone, such as Europe/Berlin or UTC'
    throw new UsageError(`--tz: found ${JSON.stringify(tz)}, allowed: ${allowed}`)
  }
  const read = (name: string, text: string): Date => {
    const at = readInstant(text, timeZone)
    if (at !== undefined) return at
    const allowed = '2026-03-29, "2026-03-29 02:30" (local), or 2026-03-29T01:30:00Z'
    throw new UsageError(`--${name}: found ${JSON.stringify(text)}, allowed: ${allowed}`)
  }
  return {
    timeZone,
    from: from === undefined ? new Date() : read('from', from),
    to: to === undefined ? undefined : read('to', to),
  }
}
