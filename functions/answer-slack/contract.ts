import * as z from 'zod/mini'
import { asked } from '../shared/slack/asked.ts'

export const environment = z.object({
  TABLE_NAME: z.string(),
  /** ARN of the roll-out machine. */
  ROLL_OUT_MACHINE: z.string(),
  /** ARN of the machine that puts to sleep and wakes. */
  SLEEP_MACHINE: z.string(),
  /** The secret whose value is the bot token (`xoxb-…`). */
  SLACK_SECRET: z.string(),
})

/** What the entrance for Slack hands on. */
export const event = asked
