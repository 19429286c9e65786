import * as z from 'zod/mini'

/**
 * CloudWatch: an alarm was deleted. Whether what it watched is well is not known then. What is made
 * or changed says nothing yet: its next state does.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export const pattern = {
  source: ['aws.cloudwatch'],
  'detail-type': ['CloudWatch Alarm Configuration Change'],
  detail: { operation: ['delete'] },
}

export const schema = z.looseObject({
  'detail-type': z.literal('CloudWatch Alarm Configuration Change'),
  /** When it was deleted; `state.timestamp` is of its last change before. */
  time: z.string(),
  resources: z.tuple([z.string()], z.string()),
  detail: z.looseObject({ alarmName: z.string(), operation: z.string() }),
})

export type AlarmConfigured = z.infer<typeof schema>
