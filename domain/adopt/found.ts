import type { Shifting } from '../roll-out/strategy.ts'
import type { Kind } from '../sleep/resource.ts'
import type { Signs } from './origin.ts'

/** A container of a service's task definition. */
export type FoundContainer = {
  name: string
  image: string
  essential: boolean
  /** The load balancer, or else a port, leads to it. */
  isReached: boolean
  /** Tags that its image has in the registry now; absent where it was not asked or does not tell. */
  tagged?: readonly string[]
  /** The repository lets no tag be set anew. */
  isImmutable?: boolean
}

/** Of a service: what decides whether it can be rolled out. */
export type FoundService = {
  cluster: string
  registryHost: string
  taskDefinition: string
  /** The tag under which its image was pushed, where Caretaker has rolled it out once: it pins digests. */
  pushedAs?: string | undefined
  /** Another service, whose new tasks take the newest revision of the same family. */
  familyOf: readonly string[]
  containers: readonly FoundContainer[]
  /** ARNs. */
  roles: readonly string[]
  count: number
  bounds?: { min: number; max: number } | undefined
  percent: { minimum: number; maximum: number }
  hasBreaker: boolean
  /** A strategy that shifts traffic, in place of a rolling deployment. */
  shifting?: Shifting | undefined
}

/** A resource as AWS has it, with what the product's own judges say of it. */
export type Found = Signs & {
  kind: Kind
  /** As in `domain/sleep/resource.ts`. */
  id: string
  arn: string
  name: string
  /** Why Caretaker could never put it to sleep, by the judge that asks each night. */
  refusesSleep?: string | undefined
  /** It runs, or it is down already. */
  isUp: boolean
  /** Of an instance: it sends on packets of others. */
  forwards?: boolean
  service?: FoundService
}

/** What people may choose instead of what is proposed. */
export type Choice = {
  environment: string
  /** Who owns what says no owner. */
  owner: string
  teams: readonly string[]
  /** Names of patterns of roles: `passableRoles`. */
  passable: readonly string[]
  /** By which it sleeps; absent where nothing is to sleep. */
  schedule?: string | undefined
  /** The policy for every service that was chosen, and an owner. */
  deploy?: string | undefined
  givenOwner?: string | undefined
  /** Somebody has named it: it is proposed although it looks like production. */
  isNamed(found: Found): boolean
}

/** Something that keeps Caretaker from looking after a part of it, and what to do about that. */
export type Obstacle = { keeps: 'roll-outs' | 'sleep' | 'everything'; why: string; cure: string }
