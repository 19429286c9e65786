import { freezeOf, ofTeam, pinOf } from '../../../domain/roll-out/hold.ts'
import { holds } from '../../../domain/sleep/overrides.ts'
import type { OverrideReport } from '../../views/sleepers.ts'
import type { TeamsReport } from '../../views/teams.ts'
import type { HoldView } from './view.ts'

/** Everything that is kept from happening to what a team owns: roll-outs, sleep, waking. */
export function holdsView(
  { catalog, environment, services }: TeamsReport,
  overrides: readonly OverrideReport[],
  team: string,
  now: Date,
): HoldView[] {
  const own = [...services].flatMap(([id, state]) => {
    const name = id.split('/').at(-1) ?? id
    const isOwn = Object.hasOwn(catalog.services, name) && catalog.services[name]?.team === team
    return isOwn ? [{ name, state }] : []
  })
  return [
    ...frozen(environment?.frozen, `all roll-outs of ${catalog.environment}`, 'thaw', now),
    ...frozen(ofTeam(environment?.frozenTeams, team), `roll-outs of ${team}`, `thaw ${team}`, now),
    ...frozenByBudget(ofTeam(environment?.budgetFrozen, team), team, now),
    ...own.flatMap(({ name, state }) => [
      ...pinned(state.pinned, name),
      ...frozen(state.frozen, `roll-outs of ${name}`, `thaw ${name}`, now),
    ]),
    ...overrides.flatMap((one) =>
      isOf(
        one,
        team,
        own.map(({ name }) => name),
      )
        ? kept(one, catalog.environment, now)
        : [],
    ),
  ]
}

function frozen(value: unknown, about: string, command: string, now: Date): HoldView[] {
  const hold = freezeOf(value, now)
  if (hold === undefined) return []
  return [{ about, says: hold.reason, ...untilOf(value), ends: `${command} ends it before.` }]
}

const frozenByBudget = (value: unknown, team: string, now: Date): HoldView[] =>
  frozen(value, `roll-outs of ${team}`, '', now).map((one) => ({
    ...one,
    ends: 'It ends with the month, or when somebody raises the limit in AWS. A fix passes by deploy <service> <tag> --despite-freeze <reason>; going back is not held.',
  }))

function pinned(value: unknown, name: string): HoldView[] {
  const hold = pinOf(value)
  return hold === undefined
    ? []
    : [{ about: name, says: hold.reason, ends: `unpin ${name} ends it.` }]
}

const isOf = ({ team, service }: OverrideReport, name: string, services: readonly string[]) =>
  service === undefined ? team === undefined || team === name : services.includes(service)

function kept(one: OverrideReport, environment: string, now: Date): HoldView[] {
  if (!holds(one, now)) return []
  const { kind, by, until, why, service, team, resource } = one
  const about = resource ?? service ?? team ?? environment
  const what = kind === 'awake' ? 'keeps it awake' : 'has put it to sleep'
  return [
    {
      about,
      says: `${by} ${what} until ${until}${why === '' ? '' : `: ${why}`}`,
      until,
      ends: `unkeep ${service ?? team ?? 'environment'} ends it before.`,
    },
  ]
}

/** Its end, where that can be read as a date. */
function untilOf(value: unknown): { until?: string } {
  const until = (value as { until?: unknown } | null)?.until
  return typeof until === 'string' && !Number.isNaN(Date.parse(until)) ? { until } : {}
}
