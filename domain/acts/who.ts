import type { CompiledCatalog, People } from '../compiled-catalog.ts'

/** Who asks, as Slack or AWS says it: nobody names themselves. */
export type Identity =
  /** `T…/U…` */
  | { kind: 'slack'; id: string }
  /** The session of a permission set of Identity Center, whose name is an e-mail address. */
  | { kind: 'person'; email: string }
  /** A role as IAM names it, without its path; the session's name is whatever the caller chose. */
  | { kind: 'role'; arn: string; session: string }
  /** AWS knows who it is, and the catalog cannot. */
  | { kind: 'other'; arn: string }

/** What somebody may: `name` is what receipts say. */
export type Standing = { name: string; teams: readonly string[]; operator: boolean }

/**
 * What AWS Identity Center calls the roles that it makes: nobody else can choose the session's name
 * of one. https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
 */
const SINGLE_SIGN_ON = /^AWSReservedSSO_[\w+=,.@-]+_[0-9a-f]{16}$/

/**
 * Who a `userArn` of AWS is.
 *
 * @param account the environment's: a role of another account may have any name.
 */
export function identityOf(userArn: string, account: string): Identity {
  const [, partition, own, name, session] =
    /^arn:([\w-]+):sts::(\d{12}):assumed-role\/([^/]+)\/([^/]+)$/.exec(userArn) ?? []
  if (partition === undefined || name === undefined || session === undefined || own !== account) {
    return { kind: 'other', arn: userArn }
  }
  if (SINGLE_SIGN_ON.test(name)) return { kind: 'person', email: session }
  return { kind: 'role', arn: `arn:${partition}:iam::${own}:role/${name}`, session }
}

/** What the catalog says of somebody. An empty list of members is nobody. */
export function standingOf(
  { teams, operators }: Pick<CompiledCatalog, 'teams' | 'operators'>,
  who: Identity,
): Standing {
  const known = [operators, ...Object.values(teams)]
  return {
    name: nameOf(who, known),
    operator: has(operators, who),
    teams: Object.keys(teams).filter((team) => has(teams[team] ?? NOBODY, who)),
  }
}

const NOBODY: People = { members: [], roles: [] }

function has({ members, roles }: People, who: Identity): boolean {
  if (who.kind === 'slack') return members.some(({ slack }) => slack === who.id)
  if (who.kind === 'person') {
    const email = who.email.toLowerCase()
    return members.some((member) => member.email.toLowerCase() === email)
  }
  return who.kind === 'role' && roles.some((role) => withoutPath(role) === who.arn)
}

/** A role's name is one in its account, whatever its path; an assumed role does not tell the path. */
const withoutPath = (arn: string): string => arn.replace(/:role\/(?:.*\/)?/, ':role/')

function nameOf(who: Identity, people: readonly People[]): string {
  if (who.kind === 'person') return who.email
  if (who.kind === 'other') return who.arn
  if (who.kind === 'role') return `${who.arn}/${who.session}`
  const member = people.flatMap(({ members }) => members).find(({ slack }) => slack === who.id)
  return member?.email ?? who.id
}

/** Whether somebody may read: whoever is named anywhere. */
export const mayRead = ({ teams, operator }: Standing): boolean => operator || teams.length > 0

/** Whether somebody may act for a team. */
export const mayActFor = ({ teams, operator }: Standing, team: string): boolean =>
  operator || teams.includes(team)
