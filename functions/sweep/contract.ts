import * as z from 'zod/mini'

export const environment = z.object({
  TABLE_NAME: z.string(),
  ROLL_OUT_MACHINE: z.string(),
  HEALTH_MACHINE: z.string(),
  SLEEP_MACHINE: z.string(),
})

/** From the schedule: when it was due (ISO 8601). What this sweep starts is named after it. */
export const event = z.strictObject({ sweep: z.string() })
