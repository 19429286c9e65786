import * as z from 'zod/mini'
import { common } from './common.ts'
import { version } from './version.ts'

/** An adopted service lacks tags that it was given: somebody's tool has taken them away. */
export const tagsLost = z.object({
  ...common,
  version,
  kind: z.literal('tags-lost'),
  /** `<cluster>/<service>` */
  subject: z.string(),
  detail: z.object({
    service: z.string(),
    cluster: z.string(),
    serviceArn: z.string(),
    /** Tags that are gone, with the values they had. */
    tags: z.record(z.string(), z.string()),
    /** What to write into the code of whoever made it: lines. */
    write: z.array(z.string()),
  }),
})
export type TagsLost = z.infer<typeof tagsLost>
