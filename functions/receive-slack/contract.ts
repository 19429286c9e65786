import * as z from 'zod/mini'

export const environment = z.object({
  TABLE_NAME: z.string(),
  /** The secret with one or two signing secrets of Slack's app, separated by white space. */
  SIGNING_SECRET: z.string(),
  /** The function that everything is handed on to. */
  ANSWER_FUNCTION: z.string(),
})

/**
 * A request to the function's URL, whoever sends it.
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads
 */
export const event = z.looseObject({
  requestContext: z.looseObject({ http: z.looseObject({ method: z.string() }) }),
  headers: z._default(z.record(z.string(), z.string()), {}),
  body: z.optional(z.string()),
  isBase64Encoded: z._default(z.boolean(), false),
})
export type Request = z.infer<typeof event>
