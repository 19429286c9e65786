import * as z from 'zod/mini'

export const environment = z.object({
  TABLE_NAME: z.string(),
  /** The secret whose value is the bot token (`xoxb-…`). */
  SLACK_SECRET: z.string(),
})

/**
 * A batch of the table's stream: records as they change.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 */
export const event = z.object({
  Records: z.array(
    z.looseObject({
      dynamodb: z.looseObject({
        SequenceNumber: z.string(),
        NewImage: z.record(z.string(), z.unknown()),
      }),
    }),
  ),
})
