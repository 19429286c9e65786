import * as z from 'zod/mini'

export const environment = z.object({
  TABLE_NAME: z.string(),
  /** The secret whose value is the bot token (`xoxb-…`). */
  SLACK_SECRET: z.string(),
  /** The queue of what Slack does not take now. */
  QUEUE_URL: z.string(),
  /** The topic that speaks by e-mail where Slack does not. */
  TOPIC_ARN: z.string(),
})

/** A change of the table, as its stream hands it on. */
const change = z.looseObject({
  dynamodb: z.looseObject({
    SequenceNumber: z.string(),
    NewImage: z.record(z.string(), z.unknown()),
    /** Absent for a new item. */
    OldImage: z.optional(z.record(z.string(), z.unknown())),
  }),
})

/** A message of the queue. */
const waiting = z.looseObject({
  messageId: z.string(),
  receiptHandle: z.string(),
  body: z.string(),
})

/**
 * A batch of the table's stream: records as they change, and intents that were used. Or a batch of
 * the queue: what waits. Or the end of a team's quiet hours, from its schedule.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html, …/with-sqs.html
 */
export const event = z.union([
  z.object({ Records: z.array(change) }),
  z.object({ Records: z.array(waiting) }),
  z.object({ quietOver: z.string() }),
])
export type Change = z.infer<typeof change>
export type Received = z.infer<typeof waiting>
