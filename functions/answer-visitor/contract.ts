import * as z from 'zod/mini'

export const environment = z.object({
  TABLE_NAME: z.string(),
  /** The machine that wakes. */
  SLEEP_MACHINE: z.string(),
})

/**
 * A request that a load balancer hands to a function.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html#receive-event-from-load-balancer
 */
export const event = z.looseObject({
  httpMethod: z.string(),
  /** As it was sent, percent-encoded. */
  path: z.string(),
  headers: z._default(z.record(z.string(), z.string()), {}),
  /** Names and values are percent-encoded, as they were sent. */
  queryStringParameters: z._default(z.record(z.string(), z.string()), {}),
  requestContext: z.looseObject({ elb: z.looseObject({ targetGroupArn: z.string() }) }),
  body: z._default(z.string(), ''),
  isBase64Encoded: z._default(z.boolean(), false),
})
export type Request = z.infer<typeof event>

/** What the load balancer is given back. */
export type Answer = {
  statusCode: number
  statusDescription: string
  headers: Record<string, string>
  body: string
  isBase64Encoded: false
}
