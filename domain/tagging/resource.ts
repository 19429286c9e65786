import { isStackOf } from '../stack-names.ts'
import { TAGS } from '../tags.ts'
import type { WatchedType } from './types.ts'

/** Something that is watched, as its own service has just shown it. */
export type Resource = {
  /** What names it in the table: `instance/i-…`, `database/orders`, `service/dev-backend/orders`. */
  id: string
  arn: string
  type: WatchedType
  /** What people call it. */
  name: string
  tags: Record<string, string>
  createdAt?: Date | undefined
  vpc?: string | undefined
  subnets?: readonly string[] | undefined
  cluster?: string | undefined
  /**
   * The id of what it belongs to, which is judged in its place: its group, its cluster, its instance,
   * its service.
   */
  parent?: string | undefined
  /** It outlives what it was made of, and then stands for itself: a snapshot. */
  outlives?: boolean | undefined
  /** A tool or a service of AWS keeps it for somebody else: its tags are written, and nobody is told. */
  quiet?: boolean | undefined
  /** Whether it runs, and costs for that. */
  runs: boolean
  /**
   * US dollars a month at list price of what it is by itself, as it runs now; absent: no price is
   * known, or it is paid by use.
   */
  month?: number | undefined
  /** Why it is not stopped by itself. */
  cannotStop?: string | undefined
}

/** What is known of the places of an account. */
export type Places = {
  /** The environment's own name. */
  environment: string
  /** The environment that each network says it belongs to, by the id of the VPC or the subnet. */
  networks: ReadonlyMap<string, string | undefined>
  /** Names of the environment's ECS clusters. */
  clusters: readonly string[]
}

const STACK = 'aws:cloudformation:stack-name'

/**
 * Whose a resource is, by where it is: `here` is this environment's; `other`, another environment's,
 * which is none of our business; `nowhere`, neither.
 */
export function placeOf(
  { tags, vpc, subnets = [], cluster }: Resource,
  { environment, networks, clusters }: Places,
): 'here' | 'other' | 'nowhere' {
  const said = tags[TAGS.environment]
  if (said !== undefined) return said === environment ? 'here' : 'other'
  if (isStackOf({ name: environment }, tags[STACK] ?? '')) return 'here'
  if (cluster !== undefined && clusters.includes(cluster)) return 'here'
  const owners = [vpc, ...subnets].flatMap((id) => (id && networks.get(id)) ?? [])
  if (owners.includes(environment)) return 'here'
  return owners.length > 0 ? 'other' : 'nowhere'
}

/** Whether the policy reaches what lies there. */
export const isWatched = (
  place: ReturnType<typeof placeOf>,
  where: 'environment' | 'account',
): boolean => place === 'here' || (place === 'nowhere' && where === 'account')
