import type { Catalog, Service } from '../../catalog/schema.ts'
import { edges } from '../../domain/schedule/scheduled.ts'
import { CATALOGS, type CatalogName } from './catalogs.ts'
import { Dice } from './dice.ts'
import type { Event, Happening, History, Plot } from './history.ts'
import { DAY, HOUR, MINUTE } from './lengths.ts'
import { ask, askTogether, byHand, press } from './people.ts'
import { burst, goBack, push, yank } from './pushes.ts'
import { alarm, create, spend, visit } from './things.ts'
import { faults, off, outage, slackDown } from './troubles.ts'

/** By UTC. Plain days; the ends of months; the days on which clocks change, in each zone. */
const STARTS = [
  [6, '2026-03-02T05:10:00Z'],
  [2, '2026-03-05T08:00:00Z'],
  [1, '2026-03-07T10:00:00Z'],
  [2, '2026-03-28T09:00:00Z'],
  [1, '2026-03-31T14:00:00Z'],
  [2, '2026-10-24T09:00:00Z'],
  [1, '2026-10-31T10:00:00Z'],
  [1, '2026-12-24T08:00:00Z'],
] as const

/** A Friday: no schedule changes anything from Saturday to Sunday, but one that is of every day. */
const FRIDAY = '2026-03-06T06:00:00Z'

const LENGTHS = [
  [4, 8 * HOUR],
  [8, DAY],
  [2, 3 * DAY],
  [0.6, 7 * DAY],
  [0.3, 14 * DAY],
] as const

const IN: readonly (readonly [weight: number, name: CatalogName])[] = [
  [4, 'one'],
  [6, 'nappers'],
  [4, 'visited'],
  [5, 'seven'],
  [1.5, 'telling'],
  [1, 'twenty'],
  [0.3, 'sixty'],
]

const HAPPENINGS: readonly (readonly [weight: number, happening: Happening])[] = [
  [10, push],
  [2, burst],
  [1, yank],
  [1, goBack],
  [7, ask],
  [2, askTogether],
  [2, press],
  ...byHand,
  [3, alarm],
  [1, spend],
  [1, create],
  [1, visit],
  [3, faults],
  [2, outage],
  [1, slackDown],
  [0.7, off],
]

/** Deadlines of half an hour, drains of an hour, the hour after which a failure is tried again. */
const SETTLED = 5 * HOUR
/** What failed is tried again for a day. */
const RETRIED = 30 * HOUR

/** In which of the catalogs the history of a seed takes place. */
export const catalogOfSeed = (seed: number): CatalogName => new Dice(seed).weighted('catalog', IN)

/**
 * What happens in the history of a seed: the same for the same catalog.
 *
 * @param catalog the one that `catalogOfSeed` names.
 */
export function generate(seed: number, catalog: Catalog): History {
  const dice = new Dice(seed)
  const name = catalogOfSeed(seed)
  const isQuiet = dice.chance('quiet', 0.1) && hasWeekends(catalog)
  const start = Date.parse(isQuiet ? FRIDAY : dice.weighted('start', STARTS))
  const length = isQuiet ? 8 * HOUR : dice.weighted('length', LENGTHS)
  const until = start + length
  const busy = [dice.pick('busy', catalog.services), dice.pick('busy', catalog.services)]
  const plot: Plot = { dice, catalog, start, until, pushed: new Map(), moments: [], busy }
  const first = firstImages(plot)
  plot.moments.push(...edgesIn(plot))
  const events = [...first, ...happen(plot)].toSorted((a, b) => a.at - b.at)
  const healed = Math.max(until, ...events.map(({ at }) => at)) + MINUTE
  const quietFor = isQuiet ? DAY : 0
  const end = healed + (isQuiet ? RETRIED : SETTLED) + quietFor
  return { seed, catalog: name, start, events, healed, end, quietFor }
}

const hasWeekends = ({ services }: Catalog): boolean =>
  services.every(({ schedule }) => schedule !== 'early')

/** Most services have run something before. */
function firstImages({ dice, catalog, start, pushed }: Plot): Event[] {
  const some = catalog.services.filter(() => dice.chance('first', 0.85))
  return some.map(({ repository, deploy }, place) => {
    const as = `p${[...pushed.values()].flat().length + 1}`
    pushed.set(repository, [...(pushed.get(repository) ?? []), as])
    return { at: start + place * 500, push: { repository, tag: firstTag(deploy), as } }
  })
}

const firstTag = (deploy: Service['deploy']): string => {
  if (deploy.startsWith('glob:')) return 'release-0'
  return deploy.startsWith('semver:') ? '1.4.0' : deploy
}

function edgesIn({ catalog, start, until }: Plot): number[] {
  const { schedules, calendars, timeZone } = catalog.environment
  const used = new Set(catalog.services.map(({ schedule }) => schedule ?? ''))
  return Object.entries(schedules)
    .filter(([name]) => used.has(name))
    .flatMap(([, schedule]) =>
      edges(
        { schedule, calendars, timeZone, overrides: [] } as Parameters<typeof edges>[0],
        new Date(start),
        new Date(until),
      ),
    )
    .map(({ at }) => Date.parse(at))
}

/** How much happens in a day, and how it lies together. */
const A_DAY = 30
const LEAST = 14
const FIRST = 10 * MINUTE

function happen(plot: Plot): Event[] {
  const { dice, start, until } = plot
  const days = (until - start) / DAY
  let left = Math.round(Math.max(LEAST, A_DAY * days) * (0.4 + dice.share('how much')))
  const events: Event[] = []
  let at = start + FIRST
  while (left > 0 && at < until) {
    // Mostly in bursts, in which one thing comes before another has ended.
    for (
      let together = dice.whole('together', 1, 4);
      together > 0 && left > 0;
      together--, left--
    ) {
      events.push(...dice.weighted('happening', HAPPENINGS)(plot, at))
      at += Math.round(dice.share('gap') ** 3 * 10 * MINUTE)
    }
    at = next(plot, at, left)
  }
  return events.filter((one) => one.at < until)
}

/** The next moment at which things meet, a minute before or after; or any other. */
function next({ dice, moments, until }: Plot, at: number, left: number): number {
  const ahead = moments.filter((one) => one > at).toSorted((a, b) => a - b)
  if (ahead.length > 0 && dice.chance('at a moment', 0.6)) {
    const near = dice.pick('moment', ahead.slice(0, 3))
    const off = dice.pick('beside', [-60, -20, -5, -1, 0, 1, 5, 20, 60])
    return Math.max(at, near + off * 1000)
  }
  return at + Math.round(((until - at) / Math.max(left, 1)) * 4 * dice.share('pause'))
}

/** Every catalog in which a history may take place. */
export const CATALOG_NAMES = Object.keys(CATALOGS) as CatalogName[]
