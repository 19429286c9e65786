import * as z from 'zod/mini'
import { common } from './common.ts'
import { version } from './version.ts'

/** An adopted resource lacks tags that it was given: somebody's tool has taken them away. */
export const tagsLost = z.object({
  ...common,
  version,
  kind: z.literal('tags-lost'),
  /** Its id: `domain/sleep/resource.ts`. */
  subject: z.string(),
  detail: z.object({
    name: z.string(),
    arn: z.string(),
    /** Of an ECS service: its name. */
    service: z.optional(z.string()),
    /** Tags that are gone, with the values they had. */
    tags: z.record(z.string(), z.string()),
    /** What to write into the code of whoever made it: lines. */
    write: z.array(z.string()),
  }),
})
export type TagsLost = z.infer<typeof tagsLost>
