import { type Holder, holdsOf } from '../../../domain/roll-out/hold.ts'
import { holds } from '../../../domain/sleep/overrides.ts'
import type { OverrideReport } from '../../views/sleepers.ts'
import type { TeamsReport } from '../../views/teams.ts'
import type { Seen } from '../source.ts'
import type { HoldView } from './view.ts'

/** Everything that is kept from happening to what a team owns: roll-outs, sleep, waking. */
export const holdsView = (...asked: Parameters<typeof holdsOn>): HoldView[] =>
  holdsOn(...asked).map(({ view }) => view)

/** The same of one service: what holds all that its team owns holds it too, of the rest its own. */
export const holdsOfService = (name: string, ...asked: Parameters<typeof holdsOn>): HoldView[] =>
  holdsOn(...asked).flatMap(({ view, only }) => (only === undefined || only === name ? [view] : []))

/** `only`: what alone is held; absent where it is everything that the team owns. */
type Hold = { view: HoldView; only: string | undefined }

function holdsOn(
  report: TeamsReport,
  overrides: readonly OverrideReport[],
  team: string,
  now: Date,
): Hold[] {
  const { catalog, environment, services } = report
  const own = [...services].flatMap(([id, state]) => {
    const name = id.split('/').at(-1) ?? id
    const isOwn = Object.hasOwn(catalog.services, name) && catalog.services[name]?.team === team
    return isOwn ? [{ name, state }] : []
  })
  const names = { environment: catalog.environment, team }
  return [
    ...holdsOf({ environment, team }, now).map((one) => ({
      view: rollOutsHeld(one, names),
      only: undefined,
    })),
    ...own.flatMap(({ name, state }) =>
      holdsOf({ state }, now).map((one) => ({
        view: rollOutsHeld(one, { ...names, service: name }),
        only: name,
      })),
    ),
    ...overrides
      .filter((one) => holds(one, now) && isOf(report, one, team))
      .map((one) => ({ view: kept(one, catalog.environment), only: onlyOf(one) })),
  ]
}

/** What holds the whole environment. */
export function heldEverywhere({ teams, sleep }: Seen, now: Date): HoldView[] {
  const { environment, catalog } = teams
  const names = { environment: catalog.environment, team: '' }
  return [
    ...holdsOf({ environment }, now).map((one) => rollOutsHeld(one, names)),
    ...sleep.overrides
      .filter(
        (one) =>
          holds(one, now) &&
          one.service === undefined &&
          one.team === undefined &&
          one.resource === undefined,
      )
      .map((one) => kept(one, catalog.environment)),
  ]
}

type Names = { environment: string; team: string; service?: string }

function rollOutsHeld(
  { of, reason }: { of: Holder; reason: string },
  { environment, team, service = '' }: Names,
): HoldView {
  const about = { environment: `all of ${environment}`, team, budget: team, pin: service, service }[
    of
  ]
  return {
    about: `roll-outs of ${about}`,
    says: reason,
    ends: ENDS[of](of === 'team' ? team : service),
  }
}

/** What ends each, as it is typed. */
const ENDS: Record<Holder, (name: string) => string> = {
  pin: (name) => `\`unpin ${name}\` ends it.`,
  environment: () => '`thaw` ends it before.',
  team: (name) => `\`thaw ${name}\` ends it before.`,
  service: (name) => `\`thaw ${name}\` ends it before.`,
  budget: () =>
    'It ends with the month, or when somebody raises the limit in AWS. A fix passes by `deploy <service> <tag> --despite-freeze <reason>`; going back is not held.',
}

/** A service by its name, anything else by its id. */
const onlyOf = ({ service, resource }: OverrideReport): string | undefined =>
  resource === undefined || resource.startsWith('service/') ? service : resource

/** What is no service of the catalog's (a database, say) is of the team that its order names. */
function isOf({ catalog }: TeamsReport, { team, service }: OverrideReport, name: string): boolean {
  if (service === undefined) return team === undefined || team === name
  if (!Object.hasOwn(catalog.services, service)) return team === name
  return catalog.services[service]?.team === name
}

function kept(one: OverrideReport, environment: string): HoldView {
  const { kind, source, by, until, why, service, team, resource } = one
  const what = kind === 'awake' ? 'keeps it awake' : 'has put it to sleep'
  return {
    about: resource ?? service ?? team ?? environment,
    says: `${by} ${what} until ${until}${why === '' ? '' : `: ${why}`}`,
    ends: ENDS_OF_KEPT[source](service ?? team ?? 'environment'),
  }
}

/** `unkeep` ends what people have asked for; their word goes before everything else. */
const ENDS_OF_KEPT: Record<OverrideReport['source'], (name: string) => string> = {
  person: (name) => `\`unkeep ${name}\` ends it before.`,
  budget: (name) =>
    `It ends with the month, or when somebody raises the limit in AWS. \`keep ${name}\` goes before it.`,
  visitor: (name) => `\`sleep ${name}\` goes before it.`,
  idle: (name) => `\`wake ${name}\` goes before it.`,
}
