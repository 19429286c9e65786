import { standingOf } from '../acts/who.ts'
import type { CompiledCatalog } from '../compiled-catalog.ts'
import { cut } from '../text.ts'

/** Who has made a call, as CloudTrail writes it; only what is read here. */
export type UserIdentity = {
  type?: string | undefined
  arn?: string | undefined
  userName?: string | undefined
  principalId?: string | undefined
  accessKeyId?: string | undefined
  invokedBy?: string | undefined
  sessionContext?:
    | {
        sourceIdentity?: string | undefined
        sessionIssuer?: { arn?: string | undefined; userName?: string | undefined } | undefined
      }
    | undefined
}

/** Who has made something: what it is worth as evidence of whose it is. */
export type Creator = {
  /**
   * `person`: somebody by name; `role`: a role, in a session that names nobody; `stack`:
   * CloudFormation; `service`: another of AWS's services, by itself or for somebody; `group`: one
   * that keeps a number of instances; `instance`: software on one; `unknown`: AWS does not say.
   */
  kind: 'person' | 'role' | 'stack' | 'service' | 'group' | 'instance' | 'unknown'
  /** As it is said to people: an e-mail address, a user, `<role>/<session>`, a service. */
  name: string
  /** A role's ARN without its path. */
  role?: string | undefined
  /** Of a role: the id of the session's access key. */
  key?: string | undefined
  /** The repository whose pipeline has begun the session: `acme/orders`. */
  repository?: string | undefined
}

const NAME = 120
const BY_SERVICE = '.amazonaws.com'
const E_MAIL = /^[^@\s]+@[^@\s]+\.[^@\s]+$/
const INSTANCE = /^i-[0-9a-f]{8,17}$/
const IDENTITY_CENTER = /^AWSReservedSSO_[\w+=,.@-]+_[0-9a-f]{12,16}$/
const SERVICE_LINKED = /:role\/aws-service-role\//

/** They launch, for somebody who is not in the call. */
const GROUPS = [
  'autoscaling.amazonaws.com',
  'eks-nodegroup.amazonaws.com',
  'ec2fleet.amazonaws.com',
]

/**
 * Who has made a call. A session's name is a person only under a role of Identity Center, which
 * nobody else can give a name to, or where it is an e-mail address: whoever may assume another role
 * chooses the name, so that it says whose a thing is and gives no right.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
export function creatorOf(identity: UserIdentity, sourceIPAddress = ''): Creator {
  const service = [identity.invokedBy, sourceIPAddress].find((name) => name?.endsWith(BY_SERVICE))
  if (service === `cloudformation${BY_SERVICE}`) return named('stack', 'CloudFormation')
  if (service !== undefined && GROUPS.includes(service)) return named('group', service)
  if (service !== undefined) return named('service', service)
  const { type, userName = '', principalId = '' } = identity
  switch (type) {
    case 'IAMUser':
      return userName === '' ? named('unknown', 'an IAM user') : named('person', userName)
    case 'AssumedRole':
      return sessionOf(identity)
    case 'FederatedUser':
      return personOr(after(principalId), 'a federated user')
    case 'SAMLUser':
    case 'WebIdentityUser':
    case 'IdentityCenterUser':
      return personOr(userName, `a user of ${type}`)
    case 'AWSService':
      return named('service', 'a service of AWS')
    case 'Root':
      return named('unknown', 'the root user')
    default:
      return named('unknown', type === undefined || type === '' ? 'nobody named' : type)
  }
}

function sessionOf(identity: UserIdentity): Creator {
  const { principalId = '', arn = '', accessKeyId: key, sessionContext } = identity
  const issuer = sessionContext?.sessionIssuer
  const roleArn = issuer?.arn ?? ''
  const session = after(principalId) || (arn.split('/').at(-1) ?? '')
  const role = issuer?.userName ?? roleArn.split('/').at(-1) ?? ''
  if (SERVICE_LINKED.test(roleArn)) return named('service', role)
  if (INSTANCE.test(session)) return named('instance', `${role}/${session}`)
  const source = sessionContext?.sourceIdentity ?? ''
  if (E_MAIL.test(source)) return named('person', source)
  if (IDENTITY_CENTER.test(role) && session !== '') return named('person', session)
  if (E_MAIL.test(session)) return named('person', session)
  if (role === '') return named('unknown', session === '' ? 'a session' : session)
  return {
    ...named('role', `${role}/${session}`),
    ...(roleArn !== '' && { role: roleArn.replace(/:role\/(?:.*\/)?/, ':role/') }),
    ...(key !== undefined && { key }),
  }
}

/** The part of a principal's id that its session or its user has chosen. */
const after = (principalId: string): string =>
  principalId.includes(':') ? principalId.slice(principalId.indexOf(':') + 1) : ''

const named = (kind: Creator['kind'], name: string): Creator => ({ kind, name: cut(name, NAME) })

const personOr = (name: string, otherwise: string): Creator =>
  E_MAIL.test(name) ? named('person', name) : named('unknown', otherwise)

type Teams = Pick<CompiledCatalog, 'teams' | 'operators'> &
  Partial<Pick<CompiledCatalog, 'services'>>

/**
 * The teams that list whoever made something: one is the owner; of several, somebody is asked. A role
 * that no team has to itself is told apart by the repository whose pipeline it was: its teams are those
 * of the services that are built from it. CloudFormation, services, groups and instances are in none,
 * whatever the catalog says.
 */
export function teamsOf(catalog: Teams, creator: Creator): string[] {
  const { kind, name, role, repository } = creator
  if (kind === 'person') return [...standingOf(catalog, { kind, email: name }).teams]
  if (kind !== 'role' || role === undefined) return []
  const listed = [...standingOf(catalog, { kind, arn: role, session: '' }).teams]
  if (listed.length === 1 || repository === undefined) return listed
  const built = buildersOf(catalog, repository)
  const both = built.filter((team) => listed.includes(team))
  return listed.length === 0 ? built : both.length === 0 ? listed : both
}

/** GitHub does not tell upper case from lower. */
function buildersOf({ services = {} }: Teams, repository: string): string[] {
  const own = Object.values(services).filter(
    ({ source }) => source?.toLowerCase() === repository.toLowerCase(),
  )
  return [...new Set(own.map(({ team }) => team))]
}
