import * as z from 'zod/mini'

/**
 * Step Functions: an execution of a standard machine failed, ran out of time, or was stopped.
 * Delivered at best effort, in any order; the input is left out where it is large.
 * https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
export const pattern = {
  source: ['aws.states'],
  'detail-type': ['Step Functions Execution Status Change'],
  detail: { status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
}

export const schema = z.looseObject({
  'detail-type': z.literal('Step Functions Execution Status Change'),
  time: z.string(),
  detail: z.looseObject({
    executionArn: z.string(),
    stateMachineArn: z.string(),
    name: z.string(),
    status: z.enum(['FAILED', 'TIMED_OUT', 'ABORTED']),
    /** Milliseconds since 1970. */
    startDate: z.number(),
    stopDate: z.nullish(z.number()),
    input: z.nullish(z.string()),
    error: z.nullish(z.string()),
    cause: z.nullish(z.string()),
  }),
})

export type ExecutionFailed = z.infer<typeof schema>
