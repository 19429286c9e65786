import * as z from 'zod/mini'

export const environment = z.object({
  TABLE_NAME: z.string(),
  /** Budgets are the account's. */
  ACCOUNT_ID: z.string(),
  SLEEP_MACHINE: z.string(),
})

/**
 * It is time to look; or AWS Budgets has sent an alert to the topic, or Cost Anomaly Detection.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
 */
export const event = z.union([
  z.strictObject({ look: z.string() }),
  z.looseObject({
    Records: z.array(z.looseObject({ Sns: z.looseObject({ Message: z.string() }) })),
  }),
])
