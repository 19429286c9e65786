import * as z from 'zod/mini'
import { show } from '../../domain/acts/show.ts'

export const environment = z.object({
  TABLE_NAME: z.string(),
  /** ARN of the roll-out machine. */
  ROLL_OUT_MACHINE: z.string(),
  /** ARN of the machine that puts to sleep and wakes. */
  SLEEP_MACHINE: z.string(),
})

/**
 * A request to the function's URL. AWS has checked its signature, and says who has signed.
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads
 */
export const event = z.looseObject({
  requestContext: z.looseObject({
    authorizer: z.looseObject({ iam: z.looseObject({ userArn: z.string() }) }),
  }),
  body: z.optional(z.string()),
  isBase64Encoded: z._default(z.boolean(), false),
})

/**
 * What the caller sends: a command as it was typed, and the zone of the machine it was typed at; or
 * what is to be shown, for a program that draws it.
 */
export const question = z.union([
  z.object({
    text: z.string().check(z.maxLength(4000)),
    zone: z.optional(z.string().check(z.maxLength(60))),
  }),
  z.strictObject({ show }),
])
