import * as z from 'zod/mini'
import { common } from './common.ts'
import { version } from './version.ts'

/** A service runs an image that its registry does not have any more; `at`: when that was found. */
export const missingImage = z.object({
  ...common,
  version,
  kind: z.literal('missing-image'),
  /** `<cluster>/<service>` */
  subject: z.string(),
  detail: z.object({
    service: z.string(),
    cluster: z.string(),
    serviceArn: z.string(),
    repository: z.string(),
    digest: z.string(),
    tag: z.optional(z.string()),
  }),
})
export type MissingImage = z.infer<typeof missingImage>
