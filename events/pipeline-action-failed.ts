import * as z from 'zod/mini'

/**
 * CodePipeline: an action failed, with what it says itself: why, and where its log is. An approval
 * that is refused fails too.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html
 */
export const pattern = {
  source: ['aws.codepipeline'],
  'detail-type': ['CodePipeline Action Execution State Change'],
  detail: { state: ['FAILED'] },
}

const text = z.nullish(z.string())

export const schema = z.looseObject({
  'detail-type': z.literal('CodePipeline Action Execution State Change'),
  time: z.string(),
  resources: z.tuple([z.string()], z.string()),
  detail: z.looseObject({
    pipeline: z.string(),
    'execution-id': z.string(),
    stage: z.string(),
    action: z.string(),
    state: z.string(),
    'pipeline-execution-attempt': z.nullish(z.number()),
    'execution-result': z.nullish(
      z.looseObject({
        'external-execution-url': text,
        'external-execution-summary': text,
        'external-execution-id': text,
        'error-code': text,
      }),
    ),
  }),
})

export type PipelineActionFailed = z.infer<typeof schema>
