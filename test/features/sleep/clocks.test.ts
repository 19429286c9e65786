import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { violatedIn } from '../../../local/invariants/all.ts'
import { Recording } from '../../../local/invariants/recording.ts'
import { restChanges } from '../../../local/invariants/rests.ts'
import type { Trace } from '../../../local/invariants/trace.ts'
import { sweeps } from '../../kits/hands.ts'
import { nightCatalog } from '../../kits/nights.ts'
import { Stage } from '../../kits/roll-outs.ts'
import { referenceStates, type Window } from '../../kits/schedule-reference.ts'

const ZONES = {
  berlin: 'Europe/Berlin',
  york: 'America/New_York',
  howe: 'Australia/Lord_Howe',
  kolkata: 'Asia/Kolkata',
}
const NAMES = Object.keys(ZONES) as (keyof typeof ZONES)[]

/**
 * The hour that the clocks leave out or repeat, on Sundays, lies at the edge of a window. Days on
 * which nothing starts cost a run of all tests nothing.
 */
const RUNNING = `
    running:
      - { days: sun, from: 02:15, to: 03:15 }
      - { days: [sat, sun, mon, wed], from: 07:00, to: 20:00 }
`
const windows = (timeZone: string): Window[] => [
  { weekdays: [0], from: 135, to: 195, timeZone },
  { weekdays: [6, 0, 1, 3], from: 420, to: 1200, timeZone },
]
const SCHEDULES = NAMES.map(
  (name) => `  ${name}:
    timeZone: ${ZONES[name]}
    calendar: ${name}${RUNNING}`,
).join('')

/** Days on which nothing starts, in two of the zones. */
const HOLIDAYS: Partial<Record<keyof typeof ZONES, Record<string, string>>> = {
  berlin: { '2026-04-06': 'Easter Monday', '2026-10-03': 'German Unity Day' },
  york: { '2026-03-11': 'a Wednesday', '2026-11-07': 'a Saturday' },
}
const CALENDARS = NAMES.map((name) => {
  const days = Object.entries({ '2027-12-25': 'Christmas Day', ...HOLIDAYS[name] })
  return `  ${name}:\n${days.map(([day, what]) => `    ${day}: ${what}\n`).join('')}`
}).join('')

/** The weeks before and after each change of clocks, and the changes that lie in them. */
const SPANS = [
  ['2026-03-01', '2026-03-15', ['2026-03-08T07:00Z']],
  ['2026-03-22', '2026-04-12', ['2026-03-29T01:00Z', '2026-04-04T15:00Z']],
  ['2026-09-27', '2026-10-11', ['2026-10-03T15:30Z']],
  ['2026-10-18', '2026-11-08', ['2026-10-25T01:00Z', '2026-11-01T06:00Z']],
] as const

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** Without a sweep, it is the clock alone that keeps an edge: within its minute, and then one look. */
const KEPT_MS = 2 * MINUTE_MS
/** So long before and after a change of clocks the sweep looks too. */
const SWEPT_MS = 1.5 * HOUR_MS

let catalog: string
beforeAll(() => {
  const services = NAMES.map((name) => [
    `services/${name}.yaml`,
    `kind: worker\nteam: storefront\nschedule: ${name}\n`,
  ])
  // The bastion, which is an instance, sleeps with the environment.
  const more = 'schedule: howe\n'
  catalog = nightCatalog(Object.fromEntries(services), 'act', more, `schedules:\n${SCHEDULES}`)
  const file = join(catalog, 'environment.yaml')
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace('calendars:\n', `calendars:\n${CALENDARS}`))
})

type Edge = { at: number; to: 'awake' | 'asleep' }

/** What the clock on the wall says, minute by minute. */
function edgesOf(name: keyof typeof ZONES, from: number, to: number): Edge[] {
  const day = 1440
  const minutes = Math.ceil((to - from) / MINUTE_MS) + day
  const states = referenceStates(windows(ZONES[name]), {
    ...{ from: from - day * MINUTE_MS, minutes },
    isHoliday: (date) => HOLIDAYS[name]?.[date] !== undefined,
  })
  return Array.from({ length: minutes - day - 1 }, (_, minute) => minute + day).flatMap(
    (minute): Edge[] => {
      const [before, after] = [states[minute], states[minute + 1]]
      const at = from + (minute + 1 - day) * MINUTE_MS
      return before === after ? [] : [{ at, to: after === 1 ? 'awake' : 'asleep' }]
    },
  )
}

const say = ({ at, to }: Edge): string => `${new Date(at).toISOString()} ${to}`

/** Every edge with how it was kept, and every start and stop that is none. */
function differences(trace: Trace, id: string, name: keyof typeof ZONES): string[] {
  const own = restChanges(trace).filter((one) => one.id === id)
  const edges = edgesOf(name, trace.from, trace.to - KEPT_MS)
  const kept = edges.map((edge) =>
    own.find(({ at, to }) => to === edge.to && edge.at <= at && at <= edge.at + KEPT_MS),
  )
  return [
    ...edges.flatMap((edge, place) => (kept[place] ? [] : [`${id} not ${say(edge)}`])),
    ...own.flatMap((one) => (kept.includes(one) ? [] : [`${id} but ${say(one)}`])),
  ]
}

/** The sweep is off but for the hours around each change. */
async function play(stage: Stage, changes: readonly string[], end: number): Promise<void> {
  const { world } = stage.simulation
  for (const change of changes) {
    const at = Date.parse(change)
    await sweeps(stage, 'DISABLED')
    await world.run(at - SWEPT_MS - world.now)
    await sweeps(stage, 'ENABLED')
    await world.run(2 * SWEPT_MS)
  }
  await sweeps(stage, 'DISABLED')
  await world.run(end - world.now)
}

describe('two weeks around each change of clocks every edge is kept by the clock alone', () => {
  test.each(SPANS)('from %s to %s', async (from, to, changes) => {
    const stage = await Stage.open({ catalog, start: new Date(`${from}T00:00Z`) })
    for (const name of NAMES) stage.push({ behaviour: 'healthy' }, name)
    await stage.minutes(20)
    const recording = new Recording(stage.simulation)
    await play(stage, changes, Date.parse(`${to}T00:00Z`))
    const trace = recording.trace({ settled: true })
    expect(violatedIn(trace).join('\n\n')).toBe('')
    const [bastion = ''] = trace.others.map(({ id }) => id)
    expect(bastion).toMatch(/^instance/)
    expect(differences(trace, bastion, 'howe')).toEqual([])
    expect(
      NAMES.flatMap((name) => differences(trace, `service/dev-backend/${name}`, name)),
    ).toEqual([])
  })
})
