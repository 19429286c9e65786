import * as z from 'zod'

/**
 * A buildspec, as far as ours use one; an unknown key is refused, which CodeBuild would ignore.
 * https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
 */
const phase = z.strictObject({
  'on-failure': z.enum(['ABORT', 'CONTINUE']).optional(),
  commands: z.array(z.string().min(1)).min(1),
  finally: z.array(z.string().min(1)).min(1).optional(),
})

export const buildspecSchema = z.strictObject({
  version: z.literal(0.2),
  env: z
    .strictObject({
      shell: z.enum(['bash', '/bin/sh']),
      variables: z.record(z.string(), z.string()).optional(),
    })
    .partial()
    .optional(),
  phases: z.partialRecord(z.enum(['install', 'pre_build', 'build', 'post_build']), phase),
})

export type Buildspec = z.infer<typeof buildspecSchema>
