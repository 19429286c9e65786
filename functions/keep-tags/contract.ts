import * as z from 'zod/mini'
import { schema as created } from '../../events/resource-created.ts'
import { schema as owned } from '../../events/resource-owned.ts'
import { schema as session } from '../../events/session-begun.ts'

export const environment = z.object({
  TABLE_NAME: z.string(),
  /** The ARN of all EC2 instances: `arn:aws:ec2:<Region>:<account>:instance/*`. */
  INSTANCES: z.string(),
})

/** A pipeline has begun a session; somebody has made something, or said whose it is; or it is time to look at everything. */
export const event = z.union([z.strictObject({ sweep: z.string() }), session, created, owned])

type Session = z.infer<typeof session>

/** Whether it is the beginning of a session. */
export const isSession = (one: { detail: { eventName: string } }): one is Session =>
  one.detail.eventName === 'AssumeRoleWithWebIdentity'
