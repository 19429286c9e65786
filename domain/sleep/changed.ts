import { serviceOf } from '../arn.ts'
import type { Told } from '../table/sleeper.ts'
import { TAGS } from '../tags.ts'
import { cut } from '../text.ts'
import type { Rest } from './resource.ts'

/** A call as CloudTrail writes it; only what is read here. */
export type Recorded = {
  eventName: string
  eventTime: string
  sourceIPAddress?: string | undefined
  userIdentity: Identity
  requestParameters?: Record<string, unknown> | null | undefined
  responseElements?: Record<string, unknown> | null | undefined
}

type Identity = {
  type?: string | undefined
  invokedBy?: string | undefined
  userName?: string | undefined
  principalId?: string | undefined
  sessionContext?: { sessionIssuer?: Issuer | undefined } | undefined
}

type Issuer = { arn?: string | undefined; userName?: string | undefined }

/** What a call has changed: the ids of resources (`domain/sleep/resource.ts`), and to what. */
export type Changed = {
  ids: string[]
  to: Rest
  /** Those that it was made with, if it was made. */
  tags?: Record<string, string> | undefined
}

type Members = Record<string, unknown>

const NAME_CHARACTERS = 100
const BY_SERVICE = '.amazonaws.com'
const IDENTITY_CENTER = 'AWSReservedSSO_'
const E_MAIL = /^[^@\s]+@[^@\s]+\.[^@\s]+$/

/**
 * Who has made a call. A person is an IAM user, root, whoever comes through Identity Center, and a
 * session that bears an e-mail address; CloudFormation, AWS's other services and the sessions of
 * all other roles are tools.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 *
 * @param own ARNs of Caretaker's own roles.
 * @returns undefined when it was Caretaker itself.
 */
export function callerOf(
  { userIdentity, sourceIPAddress = '' }: Recorded,
  own: readonly string[],
): Pick<Told, 'by' | 'tool'> | undefined {
  const { type, userName, principalId = '', sessionContext } = userIdentity
  const issuer = sessionContext?.sessionIssuer
  if (issuer?.arn !== undefined && own.includes(issuer.arn)) return undefined
  const service = [userIdentity.invokedBy, sourceIPAddress].find((name) =>
    name?.endsWith(BY_SERVICE),
  )
  const person = (by: string) => ({ by: cut(by, NAME_CHARACTERS), tool: false })
  const tool = (by: string) => ({ by: cut(by, NAME_CHARACTERS), tool: true })
  if (service === `cloudformation${BY_SERVICE}`) return tool('CloudFormation')
  if (service !== undefined) return tool(service)
  if (type === 'Root') return person('root')
  if (type === 'AssumedRole') {
    const session = principalId.slice(principalId.indexOf(':') + 1)
    const role = issuer?.userName ?? ''
    const isPerson = role.startsWith(IDENTITY_CENTER) || E_MAIL.test(session)
    return isPerson ? person(session) : tool(role || session)
  }
  const isPerson = type === 'IAMUser' || type === 'FederatedUser' || type === 'IdentityCenterUser'
  const name = userName ?? issuer?.userName ?? principalId
  return isPerson ? person(name) : tool(name || (type ?? 'somebody'))
}

/** What a call has started or stopped; undefined when it was neither. */
export function changedBy(recorded: Recorded): Changed | undefined {
  const read = READ[recorded.eventName]
  const changed = read?.(recorded.requestParameters ?? {}, recorded.responseElements ?? {})
  return changed === undefined || changed.ids.length === 0 ? undefined : changed
}

type Reader = (request: Members, answer: Members) => Changed | undefined

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const members = (value: unknown): Members =>
  typeof value === 'object' && value !== null ? (value as Members) : {}
const listed = (value: unknown): Members[] => (Array.isArray(value) ? value.map(members) : [])

const named = (kind: string, name: unknown): string[] =>
  text(name) === '' ? [] : [`${kind}/${text(name)}`]

/** RDS keeps names in lower case, and takes them in any. */
const stored = (kind: string, name: unknown) => named(kind, text(name).toLowerCase())

/** EC2 writes lists in `items` of a set. */
const machines = (from: Members): string[] =>
  listed(members(from.instancesSet).items).flatMap(({ instanceId }) =>
    named('instance', instanceId),
  )

const tagsOf = (list: unknown): Record<string, string> =>
  Object.fromEntries(listed(list).map(({ key, value }) => [text(key), text(value)]))

/** What is made carries the tags of its request, or of its template, which the answer shows. */
function launched(_: Members, answer: Members): Changed {
  const [first] = listed(members(answer.instancesSet).items)
  return { ids: machines(answer), to: 'awake', tags: tagsOf(members(first?.tagSet).items) }
}

const count = (value: unknown): Rest | undefined =>
  typeof value !== 'number' ? undefined : value > 0 ? 'awake' : 'asleep'

const counted = (ids: string[], value: unknown): Changed | undefined => {
  const to = count(value)
  return to && { ids, to }
}

/** From its answer; an answer that was cut says it in the request. */
function service(request: Members, answer: Members): string[] {
  const arn = text(members(answer.service).serviceArn)
  if (arn !== '') return named('service', serviceOf(arn))
  const [cluster, name] = [text(request.cluster) || 'default', text(request.service)]
  return named('service', [cluster, name].map((one) => one.split('/').at(-1)).join('/'))
}

/** Bounds start something by a minimum, and stop it by a maximum of none. */
const bounded = (ids: string[], min: unknown, max: unknown): Changed | undefined => {
  if (count(min) === 'awake') return { ids, to: 'awake' }
  return count(max) === 'asleep' ? { ids, to: 'asleep' } : undefined
}

const group = ({ autoScalingGroupName, desiredCapacity, minSize, maxSize }: Members) => {
  const ids = named('group', autoScalingGroupName)
  return counted(ids, desiredCapacity) ?? bounded(ids, minSize, maxSize)
}

const READ: Readonly<Record<string, Reader>> = {
  StartInstances: (request) => ({ ids: machines(request), to: 'awake' }),
  StopInstances: (request) => ({ ids: machines(request), to: 'asleep' }),
  RunInstances: launched,
  StartDBInstance: (request) => ({
    ids: stored('database', request.dBInstanceIdentifier),
    to: 'awake',
  }),
  StopDBInstance: (request) => ({
    ids: stored('database', request.dBInstanceIdentifier),
    to: 'asleep',
  }),
  StartDBCluster: (request) => ({
    ids: stored('cluster', request.dBClusterIdentifier),
    to: 'awake',
  }),
  StopDBCluster: (request) => ({
    ids: stored('cluster', request.dBClusterIdentifier),
    to: 'asleep',
  }),
  UpdateService: (request, answer) => counted(service(request, answer), request.desiredCount),
  CreateService: (request, answer) => {
    const made = counted(service(request, answer), request.desiredCount)
    return made && { ...made, tags: tagsOf(request.tags) }
  },
  RegisterScalableTarget: ({ serviceNamespace, resourceId, minCapacity, maxCapacity }) =>
    serviceNamespace === 'ecs'
      ? bounded([text(resourceId)].filter(Boolean), minCapacity, maxCapacity)
      : undefined,
  UpdateAutoScalingGroup: group,
  SetDesiredCapacity: group,
}

/** An instance of a group sleeps with its group. */
const GROUP = 'aws:autoscaling:groupName'

/** The schedule that something was made with, if it is to be looked after. */
export const scheduleIn = (tags: Record<string, string> = {}): string | undefined =>
  GROUP in tags ? undefined : tags[TAGS.schedule]
