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
export function teamsView({ teams, services, sleep, reader }: Seen, now: Date): TeamView[] {
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
    jobs: Object.entries(catalog.services).flatMap(([job, { kind, team }]) =>
      kind === 'job' && team === name ? [job] : [],
    ),
    tags: tagsView(teams, name, now),
  }))
}
