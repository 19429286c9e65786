import * as z from 'zod/mini'
import { EPISODE_STATUSES } from '../alarms.ts'
import { SEVERITIES } from '../findings.ts'
import { STATUSES } from '../verdicts.ts'
import { common } from './common.ts'
import { VERSION, version } from './version.ts'

/** One image under one name at one time: what a push is about. `at` is ISO 8601, whole seconds. */
export const push = z.object({
  repository: z.string(),
  tag: z.string(),
  digest: z.string(),
  at: z.string(),
})
export type Push = z.infer<typeof push>

/** A person who named the digest. `retry`: although it failed here, or never ran here. */
const asked = z.object({
  by: z.string(),
  reason: z.string(),
  retry: z._default(z.boolean(), false),
})
export type Asked = z.infer<typeof asked>

/** Why a deployment did not hold, as ECS and the container's own log tell it. */
const failure = z.object({
  stoppedReason: z.string(),
  container: z.optional(z.string()),
  exitCode: z.optional(z.number()),
  logs: z._default(z.array(z.string()), []),
})
export type Failure = z.infer<typeof failure>

/** The deployment as last seen. */
const progress = z.object({
  /** When it was looked at, and when it had last come on. */
  at: z.optional(z.string()),
  changedAt: z.optional(z.string()),
  running: z.number(),
  desired: z.number(),
  /** ECS's circuit breaker: failed tasks, and how many it takes. */
  failures: z.number(),
  threshold: z.number(),
  /** Where a deployment that shifts traffic is, in words. */
  stage: z.optional(z.string()),
  steadyAt: z.optional(z.string()),
})
export type Progress = z.infer<typeof progress>

const verdict = z.enum(STATUSES)

/** What changes while a roll-out is under way stands beside `detail`, where version 1 has it too. */
const underWay = { progress: z.optional(progress), failure: z.optional(failure) }

const previous = z.optional(
  z.object({ digest: z.optional(z.string()), tag: z.optional(z.string()) }),
)

const detail = {
  repository: z.string(),
  tag: z.string(),
  digest: z.string(),
  /** The service's name, its cluster's and its ARN; absent when no service follows the push. */
  service: z.optional(z.string()),
  cluster: z.optional(z.string()),
  serviceArn: z.optional(z.string()),
  /** A person asked for it, and why. */
  asked: z.optional(asked),
  /** What the registry's scan found, as counts by severity; absent when it has not said anything. */
  findings: z.optional(
    z.union([z.literal('not scanned yet'), z.partialRecord(z.enum(SEVERITIES), z.number())]),
  ),
  /** What ran before, and what a roll-back returns to. */
  previous,
}

/** An alarm told in this roll-out's thread, by its episode's key. */
const alarmOfRollOut = z.object({
  name: z.string(),
  status: z.enum(EPISODE_STATUSES),
  at: z.string(),
})

const today = z.object({
  ...common,
  verdict,
  ...underWay,
  version,
  kind: z.literal('roll-out'),
  /** `<cluster>/<service>`; empty when no service follows the push. */
  subject: z.string(),
  /** Alarms of the service that this deployment may have caused, by the key of their episode. */
  alarms: z.optional(z.record(z.string(), alarmOfRollOut)),
  detail: z.object(detail),
})

/** What became of one push in one service. */
export type RollOutRecord = z.infer<typeof today>
export type RollOutDetail = RollOutRecord['detail']

/** Version 1 kept everything side by side, and had no kind and no subject. */
const first = z.pipe(
  z.object({ ...common, verdict, ...underWay, ...detail }),
  z.transform(
    ({ repository, tag, digest, service, cluster, serviceArn, asked, previous, ...rest }) =>
      ({
        ...rest,
        version: VERSION,
        kind: 'roll-out',
        subject: cluster === undefined ? '' : `${cluster}/${service}`,
        detail: { repository, tag, digest, service, cluster, serviceArn, asked, previous },
      }) satisfies RollOutRecord as RollOutRecord,
  ),
)

/** A record of a roll-out as today's Caretaker, or the version before it, wrote it. */
export const rollOutRecord = z.union([today, first])

/** The push that a record is about. */
export const pushOf = ({ at, detail }: Pick<RollOutRecord, 'at' | 'detail'>): Push => ({
  repository: detail.repository,
  tag: detail.tag,
  digest: detail.digest,
  at,
})
