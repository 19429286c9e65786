import { whyNot } from '../reader.ts'
import type { Seen } from '../source.ts'
import { budgetsView } from './budget.ts'
import { holdsView } from './holds.ts'
import { servicesOf } from './services.ts'
import { tagsView } from './tags.ts'
import type { TeamView } from './view.ts'

const mayNotOf = (reader: Seen['reader'], team: string) => {
  const mayNot = whyNot(reader, team)
  return mayNot === undefined ? {} : { mayNot }
}

/** Every team of the catalog, in its order. */
export function teamsView(seen: Seen, now: Date): TeamView[] {
  const { teams, services, sleep, reader } = seen
  const { catalog } = teams
  const operators = catalog.operators.members.map(({ email }) => email)
  return Object.entries(catalog.teams).map(([name, { channel, members }]) => ({
    name,
    channel,
    members: members.map(({ email }) => email),
    operators,
    ...mayNotOf(reader, name),
    budgets: budgetsView(teams, name, now),
    holds: holdsView(teams, sleep.overrides, name, now),
    ...servicesOf(name, services, sleep),
    jobs: jobsOf(seen, name),
    tags: tagsView(teams, name, now),
  }))
}

function jobsOf({ teams: { catalog }, alarms }: Seen, owner: string): TeamView['jobs'] {
  return Object.entries(catalog.services).flatMap(([name, { kind, team }]) => {
    if (kind !== 'job' || team !== owner) return []
    const red = alarms.filter(({ service, isRed }) => isRed && service === name)
    return [{ name, red: red.map((alarm) => alarm.name) }]
  })
}
