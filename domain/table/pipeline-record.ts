import * as z from 'zod/mini'
import { common } from './common.ts'
import { version } from './version.ts'

/**
 * One execution of a pipeline. `verdict` is CodePipeline's own word in lower case (`failed`,
 * `superseded`); it may have words that are not known today.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html
 */
export const pipelineRecord = z.object({
  ...common,
  version,
  kind: z.literal('pipeline'),
  verdict: z.string(),
  /** The pipeline's name. */
  subject: z.string(),
  /** Rises with every write: two events at once do not undo each other. */
  revision: z._default(z.number(), 0),
  detail: z.object({
    execution: z.string(),
    arn: z.string(),
    /** 1, and one more each time a failed stage is retried. */
    attempt: z.number(),
    /** When `verdict` came to be: events of an earlier attempt or time change nothing. */
    changedAt: z.string(),
    service: z.optional(z.string()),
    commit: z.optional(
      z.object({
        id: z.string(),
        message: z._default(z.string(), ''),
        author: z._default(z.string(), ''),
        repository: z._default(z.string(), ''),
        branch: z._default(z.string(), ''),
      }),
    ),
    /** The action that failed, with its reason and where its log is. */
    failed: z.optional(
      z.object({
        stage: z.string(),
        action: z.string(),
        summary: z._default(z.string(), ''),
        code: z._default(z.string(), ''),
        url: z._default(z.string(), ''),
        at: z.string(),
      }),
    ),
    /** When earlier attempts failed. */
    failures: z._default(z.array(z.string()), []),
    comment: z.optional(z.string()),
    /** The newer execution that took its place, and the commit which that is of. */
    supersededBy: z.optional(z.string()),
    supersededRevision: z.optional(z.string()),
  }),
})
export type PipelineRecord = z.infer<typeof pipelineRecord>
