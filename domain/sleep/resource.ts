import type { Runs } from '../ledger/rate.ts'

/** What can be put to sleep: an ECS service, EC2 instance, RDS instance, Aurora cluster, Auto Scaling group. */
export const KINDS = ['service', 'instance', 'database', 'cluster', 'group'] as const
export type Kind = (typeof KINDS)[number]

/** Why something is as it is of which nothing was kept yet. */
export const FIRST_LOOK = 'it was so when it was first looked at'

/** Why a service of the catalog is left alone before anything was rolled out to it. */
export const NO_IMAGE = 'no image was deployed to it yet'

/** What a resource is brought to. */
export type Rest = 'awake' | 'asleep'

/** The bounds between which Application Auto Scaling, or an Auto Scaling group itself, keeps a count. */
export type Bounds = { min: number; max: number; suspended: boolean }

/**
 * How large something is: tasks of a service, instances of a group. `processes`: of a group whose
 * instances are stopped, those that are suspended.
 */
export type Size = {
  desired: number
  bounds?: Bounds | undefined
  processes?: string[] | undefined
}

/** An instance of a group, as EC2 has it. */
export type Member = {
  id: string
  state: 'pending' | 'running' | 'stopping' | 'stopped'
  isSpot: boolean
  /** Its root volume, or others, are instance stores: they are lost when it stops. */
  losesData: boolean
  /** It carries `caretaker:schedule` itself, without which Caretaker may not stop it. */
  isTagged: boolean
}

/** A resource that carries `caretaker:schedule`, as AWS has it at this moment. */
export type Seen = {
  /** `service/<cluster>/<name>`, `instance/i-…`, `database/<name>`, `cluster/<name>`, `group/<name>`. */
  id: string
  kind: Kind
  /** As people know it. */
  name: string
  /** The team it belongs to. */
  owner: string
  /** The service that it is, or belongs to, by `caretaker:service`. */
  service?: string | undefined
  /** The value of `caretaker:schedule`. */
  schedule: string
  /** The value of `caretaker:order`: what is lower wakes first and sleeps last. */
  order: number
  /** `up`: it answers those that need it. `rising` and `falling`: it was asked to change. */
  phase: 'up' | 'rising' | 'down' | 'falling'
  /** Why no call would be taken now, such as `modifying`. It is waited for. */
  waits?: string | undefined
  /** What it is at that must be finished first: a roll-out, a task that is protected. */
  works?: string | undefined
  /** Of a service: Caretaker rolls an image out to it, or has done so. */
  rolledOut?: boolean | undefined
  /** Why it can never be put to sleep. */
  refuses?: string | undefined
  /** The Auto Scaling group that an instance belongs to. */
  group?: string | undefined
  /** Of a group whose instances are stopped when it sleeps. */
  members?: readonly Member[] | undefined
  /** Of an instance that is stopped because its start came to nothing: what AWS says of that. */
  said?: string | undefined
  /** Of a database that is backed up: when that is done, and maintenance, as AWS writes it. */
  windows?: { backup?: string | undefined; maintenance?: string | undefined } | undefined
  /** Of an instance: what is in its memory can be kept while it is stopped. */
  hibernates?: boolean | undefined
  /** Of a service or a group. */
  size?: Size | undefined
  /** What AWS bills by the hour while it runs, where the read says so. */
  runs?: Runs | undefined
  /** Of a service: what says how large its tasks are, and whether AWS bills them by the task. */
  task?: { definition: string; on: 'fargate' | 'spot' | 'instances' } | undefined
  /** How many there are when nobody knows a size: `caretaker:count`. */
  usual?: number | undefined
  /** The target groups of its load balancers, by ARN. */
  targetGroups?: readonly string[] | undefined
  /** Seconds without use after which it sleeps: `caretaker:idle`. `unread`: what its tag says instead. */
  idle?: number | { unread: string } | undefined
  /** Of a service: since when it runs what it runs. ISO 8601. */
  deployed?: string | undefined
  /** It is the way out to the internet: every service needs it. */
  wayOut?: boolean | undefined
}

/** Whether it runs or begins to, whoever has asked for that. */
export const isAwake = ({ phase }: Pick<Seen, 'phase'>): boolean =>
  phase === 'up' || phase === 'rising'

/** The bounds of something that is asleep: nothing scales it up again. */
export const isHeldDown = (bounds: Bounds | undefined): boolean =>
  bounds === undefined || (bounds.min === 0 && bounds.suspended)
