import { beforeAll, describe, expect, test } from 'vitest'
import { edges } from '../../../domain/schedule/scheduled.ts'
import { violatedIn } from '../../../local/invariants/all.ts'
import { Recording } from '../../../local/invariants/recording.ts'
import { restChanges } from '../../../local/invariants/rests.ts'
import type { Trace } from '../../../local/invariants/trace.ts'
import { nightCatalog } from '../../kits/nights.ts'
import { Stage } from '../../kits/roll-outs.ts'

const ZONES = {
  berlin: 'Europe/Berlin',
  york: 'America/New_York',
  howe: 'Australia/Lord_Howe',
  kolkata: 'Asia/Kolkata',
}
const NAMES = Object.keys(ZONES)

/** The hour that the clocks leave out or repeat lies within a window, and at an edge of one. */
const SCHEDULES = `schedules:\n${Object.entries(ZONES)
  .map(
    ([name, zone]) => `  ${name}:
    timeZone: ${zone}
    running:
      - { days: mon-sun, from: 02:15, to: 03:15 }
      - { days: mon-sun, from: 07:00, to: 20:00 }
`,
  )
  .join('')}`

const CHANGES = [
  ['2026-03-08T07:00Z', 'New York goes forward'],
  ['2026-03-29T01:00Z', 'Berlin goes forward'],
  ['2026-04-04T15:00Z', 'Lord Howe goes back by half an hour'],
  ['2026-10-03T15:30Z', 'Lord Howe goes forward by half an hour'],
  ['2026-10-25T01:00Z', 'Berlin goes back'],
  ['2026-11-01T06:00Z', 'New York goes back'],
] as const

/** `CARETAKER_CLOCKS=7` plays a week before and after each; a run of all tests has time for hours. */
const HOURS = Number(process.env.CARETAKER_CLOCKS ?? 0.28) * 24
const HOUR_MS = 60 * 60_000
/** A sweep, and the look that it asks for. */
const KEPT_MS = 6 * 60_000

let catalog: string
beforeAll(() => {
  const services = NAMES.map((name) => [
    `services/${name}.yaml`,
    `kind: worker\nteam: storefront\nschedule: ${name}\n`,
  ])
  catalog = nightCatalog(Object.fromEntries(services), 'act', '', SCHEDULES)
})

/** Each edge, and how long after it the service was started or stopped. */
function delays(trace: Trace): { edge: string; after: number | undefined }[] {
  const changes = restChanges(trace)
  const { calendars, timeZone, from, to } = trace
  return NAMES.flatMap((name) => {
    const schedule = trace.schedules[name]
    if (schedule === undefined) throw new Error(`there is no schedule ${name}`)
    const input = { schedule, calendars, timeZone, overrides: [] }
    const own = edges(input, new Date(from), new Date(to - KEPT_MS))
    // Its first image has started it, whatever its schedule says.
    const first = own.findIndex(({ state }) => state === 'stopped')
    return own.slice(first === -1 ? own.length : first).map(({ at, state }) => {
      const edge = Date.parse(at)
      const done = changes.find(
        (one) =>
          one.id.endsWith(`/${name}`) &&
          one.at >= edge &&
          one.to === (state === 'running' ? 'awake' : 'asleep'),
      )
      return { edge: `${name} ${state} ${at}`, after: done && done.at - edge }
    })
  })
}

describe('where the clocks change, every schedule is kept to the sweep', () => {
  test.each(CHANGES)('%s: %s', { timeout: 3_600_000 }, async (instant) => {
    const around = HOURS * HOUR_MS
    const stage = await Stage.open({ catalog, start: new Date(Date.parse(instant) - around) })
    for (const name of NAMES) stage.push({ behaviour: 'healthy' }, name)
    await stage.minutes(20)
    const recording = new Recording(stage.simulation)
    await stage.simulation.world.run(2 * around)
    const trace = recording.trace({ settled: true })
    expect(violatedIn(trace).join('\n\n')).toBe('')
    const all = delays(trace)
    expect(all.length).toBeGreaterThan(HOURS / 2)
    expect(all.filter(({ after }) => after === undefined || after > KEPT_MS)).toEqual([])
  })
})
