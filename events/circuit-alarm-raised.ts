import * as z from 'zod/mini'
import { TAGS } from '../domain/tags.ts'

/**
 * CloudWatch: an alarm turned red that opens circuits, as its tags say, which it hands on. What
 * opens a circuit is said by the alarm: errors and unhealthy targets of a service that asks for it.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-tags-in-notifications.html
 */
export const pattern = {
  source: ['aws.cloudwatch'],
  'detail-type': ['CloudWatch Alarm State Change'],
  detail: { state: { value: ['ALARM'] }, alarmTags: { [TAGS.circuit]: ['opens'] } },
}

export const schema = z.looseObject({
  id: z.string(),
  resources: z.tuple([z.string()]),
  detail: z.looseObject({
    alarmTags: z.looseObject({ [TAGS.service]: z.string() }),
  }),
})

export type CircuitAlarmRaised = z.infer<typeof schema>
