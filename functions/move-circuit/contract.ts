import * as z from 'zod/mini'

export const environment = z.object({ TABLE_NAME: z.string() })

/**
 * One look at a service, for the execution that keeps its circuit. `guard`: only gives back what is
 * needed so that callers find an instance. `not-known`: the look before has failed, with `error`.
 */
export const event = z.object({
  /** The ECS service's ARN. */
  service: z.string(),
  /** ARNs of the alarms that it is about. */
  alarms: z.array(z.string()),
  execution: z.string(),
  step: z.enum(['look', 'guard', 'not-known']),
  error: z.optional(z.string()),
})
export type Look = z.infer<typeof event>
