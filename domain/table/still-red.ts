import * as z from 'zod/mini'
import { common } from './common.ts'
import { version } from './version.ts'

/** The alarms of one channel that nobody has acknowledged, named again on one working day. */
export const stillRed = z.object({
  ...common,
  version,
  kind: z.literal('still-red'),
  /** The channel. */
  subject: z.string(),
  detail: z.object({
    /** The day in the environment's time zone: `2026-03-03`. */
    date: z.string(),
    /** The longest red first; `since` as in `AlarmRecord.at`. */
    alarms: z.array(z.object({ name: z.string(), since: z.string() })),
    /** How many more there are than `alarms` names. */
    more: z._default(z.number(), 0),
  }),
})
export type StillRed = z.infer<typeof stillRed>
