import * as z from 'zod/mini'

/**
 * CloudWatch: an alarm's state changed, or a composite alarm's actions are suppressed or no longer.
 * Delivered for certain, at least once, in any order; sent for muted and suppressed alarms too.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 *
 * `alarmTags` is there where the alarm hands its tags on:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-tags-in-notifications.html
 */
export const pattern = {
  source: ['aws.cloudwatch'],
  'detail-type': ['CloudWatch Alarm State Change'],
}

const state = z.looseObject({
  /** ALARM, OK or INSUFFICIENT_DATA. */
  value: z.string(),
  reason: z.nullish(z.string()),
  /** JSON; its members differ from kind to kind of alarm. */
  reasonData: z.nullish(z.string()),
  /** `2019-10-02T17:04:40.985+0000` */
  timestamp: z.string(),
  actionsSuppressedBy: z.nullish(z.string()),
  actionsSuppressedReason: z.nullish(z.string()),
})

const metric = z.looseObject({
  id: z.optional(z.string()),
  expression: z.nullish(z.string()),
  returnData: z.optional(z.boolean()),
  metricStat: z.nullish(
    z.looseObject({
      metric: z.looseObject({
        namespace: z.string(),
        name: z.string(),
        dimensions: z.nullish(z.record(z.string(), z.string())),
      }),
      /** Seconds. */
      period: z.number(),
      stat: z.string(),
    }),
  ),
})

const tags = z.nullish(z.record(z.string(), z.string()))

export const schema = z.looseObject({
  'detail-type': z.literal('CloudWatch Alarm State Change'),
  time: z.string(),
  resources: z.tuple([z.string()], z.string()),
  detail: z.looseObject({
    alarmName: z.string(),
    state,
    previousState: z.nullish(state),
    configuration: z.nullish(
      z.looseObject({
        description: z.nullish(z.string()),
        metrics: z.nullish(z.array(metric)),
        alarmRule: z.nullish(z.string()),
        actionsSuppressor: z.nullish(z.string()),
        actionsEnabled: z.nullish(z.boolean()),
      }),
    ),
    muteDetail: z.nullish(
      z.looseObject({
        mutedByArn: z.nullish(z.string()),
        muteWindowStart: z.nullish(z.string()),
        muteWindowEnd: z.nullish(z.string()),
      }),
    ),
    alarmTags: tags,
    alarmTagsStatus: z.nullish(z.string()),
  }),
})

export type AlarmChanged = z.infer<typeof schema>
