import * as z from 'zod/mini'

/**
 * CodePipeline: an execution of a pipeline began, ended, is stopped or runs again. Delivered at
 * least once, in any order; a retried stage is the same execution, with a higher attempt.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html
 */
export const pattern = {
  source: ['aws.codepipeline'],
  'detail-type': ['CodePipeline Pipeline Execution State Change'],
}

const text = z.nullish(z.string())

export const schema = z.looseObject({
  'detail-type': z.literal('CodePipeline Pipeline Execution State Change'),
  time: z.string(),
  resources: z.tuple([z.string()], z.string()),
  detail: z.looseObject({
    pipeline: z.string(),
    'execution-id': z.string(),
    /** STARTED, SUCCEEDED, FAILED, SUPERSEDED, STOPPING, STOPPED, CANCELED, RESUMED, or newer. */
    state: z.string(),
    'start-time': text,
    'pipeline-execution-attempt': z.nullish(z.number()),
    'stop-execution-comments': text,
    'execution-trigger': z.nullish(
      z.looseObject({
        'trigger-type': text,
        'commit-id': text,
        'commit-message': text,
        'author-display-name': text,
        'author-email': text,
        'full-repository-name': text,
        'branch-name': text,
        'tag-name': text,
      }),
    ),
  }),
})

export type PipelineChanged = z.infer<typeof schema>
