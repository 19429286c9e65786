import * as z from 'zod/mini'
import { version } from './version.ts'

/**
 * Where the Slack message of a record is: claimed before it is posted, so that it is never posted
 * twice. `ts` is there once Slack has answered.
 */
export const messagePlace = z.object({
  version,
  channel: z.string(),
  claimedAt: z.string(),
  ts: z.optional(z.string()),
})
export type MessagePlace = z.infer<typeof messagePlace>
