import * as z from 'zod/mini'

/**
 * CloudWatch: one contributor of an alarm over many time series (Metrics Insights with GROUP BY)
 * turned ALARM or OK. Has neither a previous state nor data; the alarm itself does not change when
 * a second contributor turns ALARM.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export const pattern = {
  source: ['aws.cloudwatch'],
  'detail-type': ['CloudWatch Alarm Contributor State Change'],
}

export const schema = z.looseObject({
  'detail-type': z.literal('CloudWatch Alarm Contributor State Change'),
  time: z.string(),
  resources: z.tuple([z.string()], z.string()),
  detail: z.looseObject({
    alarmName: z.string(),
    alarmContributor: z.looseObject({
      id: z.string(),
      /** Values by the name of the dimension. */
      attributes: z.nullish(z.record(z.string(), z.string())),
    }),
    state: z.looseObject({
      value: z.string(),
      reason: z.nullish(z.string()),
      timestamp: z.string(),
    }),
    configuration: z.nullish(
      z.looseObject({
        description: z.nullish(z.string()),
        metrics: z.nullish(z.array(z.looseObject({ expression: z.nullish(z.string()) }))),
      }),
    ),
    muteDetail: z.nullish(
      z.looseObject({
        mutedByArn: z.nullish(z.string()),
        muteWindowEnd: z.nullish(z.string()),
      }),
    ),
    alarmTags: z.nullish(z.record(z.string(), z.string())),
    alarmTagsStatus: z.nullish(z.string()),
  }),
})

export type AlarmContributorChanged = z.infer<typeof schema>
