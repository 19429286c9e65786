import * as z from 'zod/mini'
import { MAKERS } from '../adopt/origin.ts'
import { KINDS } from '../sleep/resource.ts'
import { version } from './version.ts'

const tags = z.record(z.string(), z.string())

/** A resource that `caretaker adopt` has given tags, and what it had before. */
export const adoption = z.object({
  version,
  /** As in `domain/sleep/resource.ts`. */
  id: z.string(),
  arn: z.string(),
  kind: z.enum(KINDS),
  name: z.string(),
  maker: z.enum(MAKERS),
  /** `applying`: written before the first tag; `adopted` once all are there. */
  state: z.enum(['applying', 'adopted']),
  /** When, and by whom: ISO 8601, a name. */
  at: z.string(),
  by: z.string(),
  /** The digest of the plan that was applied last. */
  plan: z.string(),
  /** What was written, and the values that these keys had before. */
  set: tags,
  before: tags,
  /** Of a service: what it ran when it was adopted first. */
  taskDefinition: z.optional(z.string()),
  /** Since when its tags are gone, as was told: ISO 8601. */
  lost: z.optional(z.string()),
  /** How often that was told. */
  losses: z._default(z.number(), 0),
})
export type Adoption = z.infer<typeof adoption>
