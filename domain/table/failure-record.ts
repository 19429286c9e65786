import * as z from 'zod/mini'
import { common } from './common.ts'
import { version } from './version.ts'

/** Something of Caretaker's own that failed: an execution of one of its machines. */
export const failureRecord = z.object({
  ...common,
  version,
  kind: z.literal('failure'),
  verdict: z.enum(['failed', 'timed-out', 'aborted']),
  /** What failed: `dev-roll-out`. */
  subject: z.string(),
  detail: z.object({
    arn: z.string(),
    error: z._default(z.string(), ''),
    /** The page in docs/runbooks/ that says what to do. */
    runbook: z.string(),
    service: z.optional(z.string()),
  }),
})
export type FailureRecord = z.infer<typeof failureRecord>
