import * as z from 'zod'
import { VARIABLE_NAME } from './words.ts'

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
export const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
] as const

/** How long lines are kept, and where else they go: a Fluent Bit beside the service (FireLens). */
export const logs = z.strictObject({
  retention: z
    .literal(RETENTION_DAYS)
    .optional()
    .describe(`days for which lines are kept: ${RETENTION_DAYS.join(', ')} (30 when absent)`),
  router: z
    .string()
    .optional()
    .describe('the sidecar with Fluent Bit that takes the lines of the service’s container'),
  options: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String))
    .optional()
    .describe(
      'where Fluent Bit sends them, in its words, such as { Name: http, Host: logs.example.com }',
    ),
  secrets: z
    .record(z.string(), VARIABLE_NAME)
    .optional()
    .describe('options whose values are secret, each with one of the service’s secrets'),
})
