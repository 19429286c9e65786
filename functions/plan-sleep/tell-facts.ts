import type { CompiledCatalog } from '../../domain/compiled-catalog.ts'
import { dayAfter, localTime } from '../../domain/local-time.ts'
import { scheduled } from '../../domain/schedule/scheduled.ts'
import { ALWAYS_ON } from '../../domain/schedule/written.ts'
import type { FactsSeen } from '../../domain/sleep/facts.ts'
import { usersOf } from '../../domain/sleep/needs.ts'
import { isAbout, type Named } from '../../domain/sleep/overrides.ts'
import { priceOf, sayDollars } from '../../domain/sleep/price.ts'
import { isAwake } from '../../domain/sleep/resource.ts'
import type { Known } from '../../domain/sleep/steps.ts'
import type { Choice } from '../../domain/table/sleep-record.ts'
import { VERSION } from '../../domain/table/version.ts'
import { edgeOf, inputOf, morningOf } from '../shared/sleep/edges.ts'
import { outlook, staysFor } from '../shared/sleep/outlook.ts'
import { sayChoice } from './choices.ts'
import type { Telling } from './telling.ts'

const MINUTE_MS = 60_000
const KEEP_MS = 120 * MINUTE_MS

/** What `domain/sleep/facts.ts` asks about a look. */
export function factsSeen(telling: Telling, known: readonly Known[]): FactsSeen {
  const { catalog, read, rules, decided, now } = telling
  return {
    ...{ known, overrides: read.overrides, now },
    says: (schedule) => rules.says(schedule),
    schedules: Object.keys(catalog.schedules),
    next: (one, state) => edgeOf(catalog, [one], state, now)?.toISOString(),
    offOffers: (one, until) => offOffers(telling, known, one, until),
    keepOffers: (one) => keepOffers(telling, known, one),
    sleepsAfter: (one) => sleepsAfter(telling, known, one),
    personOf: (by) => slackOf(catalog, by) ?? by,
    ownerOf: (one) => ownerOf(telling, known, one),
    heldBy: (one) => decided.held.get(one.seen.id),
    runsAt: runsIn(telling, known),
    untagged: read.untagged.flatMap((id) => {
      const kept = read.sleepers.get(id)
      return kept === undefined ? [] : [[id, kept] as const]
    }),
  }
}

/** Whether something, or what needs it, is to run at an instant, whatever people ask for. */
function runsIn(
  { catalog, decided }: Telling,
  known: readonly Known[],
): (one: Known, at: Date) => boolean {
  const schedules = new Map(known.map(({ seen }) => [seen.id, seen.schedule]))
  const users = usersOf(decided.needs)
  return ({ seen: { id } }, at) =>
    [id, ...(users.get(id) ?? [])].some((one) => {
      const schedule = schedules.get(one) ?? ''
      const input = inputOf(catalog, schedule)
      return schedule === ALWAYS_ON || (input && scheduled(input, at).state === 'running')
    })
}

/** Something that it is about is awake, and asleep once it has ended. */
function sleepsAfter({ catalog, read }: Telling, known: readonly Known[], one: Named): boolean {
  const wants = outlook(catalog, known, read.overrides, new Date(one.until))
  return known.some(
    ({ seen }) => isAbout(one, seen) && isAwake(seen) && wants.get(seen.id)?.to === 'asleep',
  )
}

/** Two hours more, and until the morning, with what that costs. */
function keepOffers({ catalog, read }: Telling, known: readonly Known[], one: Named): Choice[] {
  const end = new Date(one.until)
  const own = known.filter(({ seen }) => isAbout(one, seen))
  const day = dayAfter(localTime(end, catalog.timeZone).date)
  const longer = { ...one, until: new Date(end.getTime() + KEEP_MS).toISOString() }
  const stays = staysFor(
    catalog,
    known,
    read.overrides,
    longer,
    new Date(end.getTime() + MINUTE_MS),
  )
  const { hour } = priceOf(stays, catalog)
  const ends = [
    { until: new Date(longer.until), words: 'Keep 2 h ' },
    { until: new Date(morningOf(catalog, own, day, end)), words: 'Keep ' },
  ]
  const about = aboutOf(one)
  return ends.map(({ until, words }) => {
    const dollars = sayDollars((hour * (until.getTime() - end.getTime())) / 3_600_000)
    return sayChoice(catalog, { words, until, at: end, dollars, about })
  })
}

const aboutOf = ({ service, team }: Named): Record<string, unknown> =>
  service === undefined && team === undefined
    ? { what: 'environment' }
    : { ...(service !== undefined && { service }), ...(team !== undefined && { team }) }

/**
 * Off for a day more than its schedule says: an end is always named. Not where something that runs
 * by then needs it: what is needed is not kept off.
 */
function offOffers(
  { catalog, read, now }: Telling,
  known: readonly Known[],
  { seen }: Known,
  until: string,
): Choice[] {
  const start = new Date(until)
  const later = edgeOf(catalog, [{ seen }], 'running', start)
  if (later === undefined) return []
  const isOwn = seen.kind === 'service' && seen.service !== undefined
  // By its id it is one resource alone, also where it carries a service's name.
  const service = isOwn ? seen.service : seen.id
  const off: Named = {
    ...{ version: VERSION, kind: 'asleep', source: 'person', id: '', by: '', why: '' },
    ...{ from: now.toISOString(), until: later.toISOString() },
    ...{ service, ...(!isOwn && { resource: seen.id }) },
  }
  const at = new Date(start.getTime() + MINUTE_MS)
  if (outlook(catalog, known, [...read.overrides, off], at).get(seen.id)?.to !== 'asleep') return []
  const about = { service }
  return [sayChoice(catalog, { words: 'Keep off ', until: later, at: start, about, verb: 'sleep' })]
}

/** `T…/U…` of a member of the catalog by the name that receipts have. */
function slackOf({ teams, operators }: CompiledCatalog, by: string): string | undefined {
  const members = [operators, ...Object.values(teams)].flatMap((one) => one.members)
  return members.find(({ email }) => email.toLowerCase() === by.toLowerCase())?.slack
}

function ownerOf({ catalog }: Telling, known: readonly Known[], one: Named): string {
  if (one.team !== undefined) return one.team
  if (one.service === undefined) return catalog.owner
  return known.find(({ seen }) => seen.service === one.service)?.seen.owner ?? catalog.owner
}
