/**
 * Caretaker's memory: what AWS does not keep, in one DynamoDB table.
 *
 * | pk                     | sk                              | item            |
 * |------------------------|---------------------------------|-----------------|
 * | `service#<cluster>/<service>` | `state`                  | `ServiceState`  |
 * | `service#<cluster>/<service>` | `roll-out#<at>#<tag>#<digest>` | `RollOutRecord` |
 * | `service#<cluster>/<service>` | `message#<sk of the record>`   | where its Slack message is |
 * | `repository#<name>`    | `roll-out#…`                    | a push that no service follows |
 * | `environment`          | `state`                         | `EnvironmentState` |
 */

/** How a push ended for one service. */
export type Verdict =
  | 'deployed'
  | 'unchanged'
  | 'not-taken'
  | 'superseded'
  | 'staged'
  | 'frozen'
  | 'pinned'
  | 'refused'
  | 'quarantined'
  | 'rolled-back'
  | 'failed'

/** A record before its verdict: another roll-out of the service is under way, or this one is. */
export type Standing = Verdict | 'waiting' | 'rolling-out'

/** One image under one name at one time: what a push is about. `at` is ISO 8601, whole seconds. */
export type Push = { repository: string; tag: string; digest: string; at: string }

/** What became of a digest in a service. `recalled`: a person rolled back from it. */
export type Tried = {
  verdict: 'deployed' | 'staged' | 'rolled-back' | 'superseded' | 'failed' | 'recalled'
  reason: string
  tag: string
  at: string
}

export type ServiceState = {
  /** Rises with every roll-out; a plan made for an older one cannot be claimed. */
  generation: number
  /** The roll-out under way, and who holds it. */
  rolling?: Rolling
  /** Pushes arrived while a roll-out was under way. */
  waiting?: boolean
  /** The last image chosen, by the service's policy or (`by`) by a person, and how it ended. */
  latest?: Push & { verdict: Standing; by?: string }
  /** By digest. */
  tried?: Record<string, Tried>
  /** A person holds the service at what it runs. */
  pinned?: { by: string; reason: string }
}

export type Rolling = {
  execution: string
  digest: string
  tag: string
  /** Sort key of the roll-out's record. */
  record: string
  since: string
  /** What ran before, and what undoing the roll-out returns to. */
  from?: Before
  /** Set while the machine waits for the deployment. */
  token?: string
  /** The ECS service deployment's ARN, and the revision's. */
  deployment?: string
  taskDefinition?: string
  /** Nothing has run in this service before. */
  first?: boolean
}

/** What a service ran before a roll-out; `first`: nothing but the placeholder. */
export type Before = { digest?: string; tag?: string; taskDefinition: string; first: boolean }

/** A person who named the digest. `retry`: although it failed here, or never ran here. */
export type Asked = { by: string; reason: string; retry: boolean }

export type EnvironmentState = {
  /** No roll-outs until then (ISO 8601). */
  frozen?: { until: string; by: string; reason: string }
}

/** Why a deployment did not hold, as ECS and the container's own log tell it. */
export type Failure = {
  stoppedReason: string
  container?: string
  exitCode?: number
  logs: string[]
}

export type RollOutRecord = Push & {
  pk: string
  sk: string
  service: string
  cluster: string
  serviceArn: string
  owner: string
  verdict: Standing
  reason: string
  execution: string
  endedAt?: string
  /** A person asked for it, and why. */
  asked?: Asked
  /** What ran before, and what a roll-back returns to. */
  previous?: { digest?: string; tag?: string }
  /** The deployment as last seen. */
  progress?: Progress
  failure?: Failure
}

export type Progress = {
  /** When it was looked at. */
  at?: string
  running: number
  desired: number
  /** ECS's circuit breaker: failed tasks, and how many it takes. */
  failures: number
  threshold: number
  steadyAt?: string
}

export const STATE = 'state'
export const ENVIRONMENT = 'environment'
export const servicePartition = (service: string): string => `service#${service}`
export const repositoryPartition = (repository: string): string => `repository#${repository}`
/** The push alone, of whatever carries one. */
export const pushOf = ({ repository, tag, digest, at }: Push): Push => ({
  repository,
  tag,
  digest,
  at,
})
export const recordKey = ({ at, tag, digest }: Push): string =>
  `roll-out#${at}#${tag}#${short(digest)}`

/** `<cluster>/<service>` of a service ARN (`arn:…:service/<cluster>/<service>`). */
export function serviceOf(arn: string): string {
  return arn.split(':service/')[1] ?? arn
}

/** ISO 8601 in whole seconds, as ECR dates both its events and its images. */
export function instant(time: string | Date): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`
}

/** `sha256:` and twelve digits: enough for a person, short enough for a sentence. */
export const short = (digest: string): string => digest.replace('sha256:', '').slice(0, 12)
