import type { Environment } from '../../../catalog/schema.ts'
import { TEAM } from './app.ts'
import type { User } from './people.ts'

/** The people of the catalog that have a Slack id, and the workspace they are in: the first one's. */
export function usersOf({ teams, operators, timeZone }: Environment): {
  team: string
  users: User[]
} {
  const members = [...Object.values(teams).flatMap(({ members }) => members), ...operators.members]
  const known = members.flatMap(({ email, slack }) => {
    const [team = '', id = ''] = slack?.split('/') ?? []
    return id === '' ? [] : [{ team, id, email, name: email.split('@')[0] ?? '', timeZone }]
  })
  const team = known[0]?.team ?? TEAM
  const here = known.filter((one) => one.team === team)
  const first = here.filter(({ id }, index) => here.findIndex((one) => one.id === id) === index)
  return { team, users: first.map(({ team: _, ...user }) => user) }
}
