import { type Holder, holdsOf } from '../../../domain/roll-out/hold.ts'
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
  const names = { environment: catalog.environment, team }
  return [
    ...holdsOf({ environment, team }, now).map((one) => rollOutsHeld(one, names)),
    ...own.flatMap(({ name, state }) =>
      holdsOf({ state }, now).map((one) => rollOutsHeld(one, { ...names, service: name })),
    ),
    ...overrides
      .filter((one) => holds(one, now) && isOf(one, team, own))
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

const isOf = (
  { team, service }: OverrideReport,
  name: string,
  own: readonly { name: string }[],
): boolean =>
  service === undefined
    ? team === undefined || team === name
    : own.some((one) => one.name === service)

function kept(one: OverrideReport, environment: string): HoldView {
  const { kind, by, until, why, service, team, resource } = one
  const what = kind === 'awake' ? 'keeps it awake' : 'has put it to sleep'
  return {
    about: resource ?? service ?? team ?? environment,
    says: `${by} ${what} until ${until}${why === '' ? '' : `: ${why}`}`,
    ends: `\`unkeep ${service ?? team ?? 'environment'}\` ends it before.`,
  }
}
