import * as z from 'zod/mini'
import { EPISODE_STATUSES, SEVERITIES } from '../alarms.ts'
import { common, held, itemKey } from './common.ts'
import { version } from './version.ts'

/** The metric an alarm watches; of several, the one whose data it judges. */
const metric = z.object({
  namespace: z.string(),
  name: z.string(),
  dimensions: z.record(z.string(), z.string()),
  statistic: z.string(),
  /** Seconds. */
  period: z.number(),
})

/** The deployment that an episode may have been caused by: its breach began during or soon after it. */
const suspect = z.object({
  record: itemKey,
  tag: z.string(),
  digest: z.string(),
  at: z.string(),
  /** What ran well before: the last image that was deployed and not undone, and since when. */
  goBack: z.optional(
    z.object({
      digest: z.string(),
      tag: z.optional(z.string()),
      from: z.string(),
      to: z.string(),
    }),
  ),
})

/**
 * One episode of an alarm: from ALARM until OK, or until the alarm is deleted. One that turns red
 * again within 30 minutes of its end goes on.
 */
export const alarmRecord = z.object({
  ...common,
  version,
  kind: z.literal('alarm'),
  verdict: z.enum(EPISODE_STATUSES),
  /** The alarm's ARN, and after `#` its contributor, where there is one. */
  subject: z.string(),
  /** Why its message has no chart, when it has none: `no chart: …`. */
  chart: z.optional(z.string()),
  detail: z.object({
    arn: z.string(),
    name: z.string(),
    type: z.enum(['metric', 'math', 'anomaly', 'composite', 'contributor', 'log']),
    severity: z.enum(SEVERITIES),
    description: z._default(z.string(), ''),
    contributor: z.optional(
      z.object({ id: z.string(), attributes: z.record(z.string(), z.string()) }),
    ),
    metric: z.optional(metric),
    /** Metric math and alarm rules, as AWS has them. */
    expression: z.optional(z.string()),
    threshold: z.optional(z.number()),
    /** The last values judged, oldest first. */
    datapoints: z._default(z.array(z.number()), []),
    service: z.optional(z.string()),
    /** `<cluster>/<service>` */
    serviceId: z.optional(z.string()),
    /** Why the owner is not known, when it is not. */
    ownerUnknown: z.optional(z.string()),
    /** When the first breaching datapoint was, and when it turned red last. */
    breachingSince: z.optional(z.string()),
    redSince: z.string(),
    /** Since when there have been no data, while there are none. */
    noDataSince: z.optional(z.string()),
    /** How often it turned red in this episode. */
    reds: z._default(z.number(), 1),
    suspect: z.optional(suspect),
    /** Names of the alarms that a composite alarm fired for. */
    children: z._default(z.array(z.string()), []),
    /** The composite alarm that fires for it since, after it was told by itself. */
    partOf: z.optional(z.object({ name: z.string(), since: z.string() })),
    acknowledged: z.optional(z.object({ by: z.string(), at: z.string() })),
    muted: z.optional(z.object({ by: z.string(), at: z.string(), until: z.string() })),
    /** Services that its own needs and that slept when it turned red. */
    asleep: z.optional(z.array(z.object({ service: z.string(), since: z.string() }))),
    /** What a counted alarm (a dead-letter queue) counts now. */
    count: z.optional(z.number()),
  }),
})
export type AlarmRecord = z.infer<typeof alarmRecord>

/** A change of an alarm's state, as an event or the sweep has told it. */
const change = z.object({
  /** `state.timestamp`: ISO 8601 with milliseconds. */
  at: z.string(),
  value: z.enum(['ALARM', 'OK', 'INSUFFICIENT_DATA', 'DELETED']),
  /** Why this turning red is not told. */
  held: z.optional(held),
  /** Of the first change of an episode: the sort key of its record. */
  record: z.optional(z.string()),
  /** How often the episode turned red until here; 1 when absent. */
  reds: z.optional(z.number()),
})
export type AlarmChange = z.infer<typeof change>

/**
 * What is kept of an alarm between its events, all in one partition so that the sweep reads them at
 * once: how its state changed lately, so that events count by their time and not by their arrival.
 */
export const alarmState = z.object({
  version,
  arn: z.string(),
  name: z.string(),
  contributor: z.optional(z.string()),
  /** `<cluster>/<service>` */
  service: z.optional(z.string()),
  /** The newest of the changes. */
  value: z.enum(['ALARM', 'OK', 'INSUFFICIENT_DATA', 'DELETED']),
  at: z.string(),
  /** Oldest first, those of the newest episode and what is needed to place late events. */
  changes: z._default(z.array(change), []),
  /** Rises with every write: two events at once do not undo each other. */
  revision: z._default(z.number(), 0),
  /** The record of its newest episode, how that stands, and the record in whose thread it is told. */
  episode: z.optional(itemKey),
  status: z.optional(z.enum(EPISODE_STATUSES)),
  thread: z.optional(itemKey),
  held: z.optional(held),
  /** When the newest episode began, and when it was over. */
  since: z.optional(z.string()),
  overAt: z.optional(z.string()),
  /** When people were last notified of the newest episode. */
  notifiedAt: z.optional(z.string()),
  /** What a counted alarm (a dead-letter queue) counted when people were last told. */
  count: z.optional(z.number()),
  /** Of a service: since when it runs fewer tasks than it should. */
  missingSince: z.optional(z.string()),
  expires: z.optional(z.number()),
})
export type AlarmState = z.infer<typeof alarmState>
