import * as z from 'zod/mini'
import { schema as created } from '../../events/resource-created.ts'
import { schema as owned } from '../../events/resource-owned.ts'

export const environment = z.object({
  TABLE_NAME: z.string(),
  /** The ARN of all EC2 instances: `arn:aws:ec2:<Region>:<account>:instance/*`. */
  INSTANCES: z.string(),
})

/** Somebody has made something, or said whose it is; or it is time to look at everything. */
export const event = z.union([z.strictObject({ sweep: z.string() }), created, owned])
