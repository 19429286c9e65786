import * as z from 'zod/mini'

const channels = z.record(z.string(), z.string())

export const environment = z.object({
  TABLE_NAME: z.string(),
  /** The secret whose value is the bot token (`xoxb-…`). */
  SLACK_SECRET: z.string(),
  /** JSON: the Slack channel of each team. */
  CHANNELS: z.pipe(
    z.string(),
    z.transform((text) => channels.parse(JSON.parse(text))),
  ),
  /** Where it is told if the service's owner has no channel. */
  DEFAULT_CHANNEL: z.string(),
})

/**
 * A batch of the table's stream: roll-out records as they change.
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
