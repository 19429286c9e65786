import * as z from 'zod/mini'
import { schema as imagePushed } from '../../events/image-pushed.ts'
import { schema as rollOutEnded } from '../../events/roll-out-ended.ts'

export const environment = z.object({
  TABLE_NAME: z.string(),
  /** Seconds a service must stay healthy after ECS calls its deployment complete. */
  BAKE_SECONDS: z.coerce.number().check(z.int(), z.minimum(0), z.maximum(3600)),
})

/** A person asks for a digest: a roll-back to an earlier one, or another try of a bad one. */
const byHand = z.strictObject({
  /** ARN, `<cluster>/<service>`, or the service's name. */
  service: z.string(),
  digest: z
    .string()
    .check(z.regex(/^sha256:[0-9a-f]{64}$/, 'expected sha256: and 64 hexadecimal digits')),
  by: z.string().check(z.minLength(1)),
  reason: z._default(z.string(), 'rolled back by hand'),
  /** Run it although it has failed here, or never run here. */
  retry: z._default(z.boolean(), false),
})

const ended = z.looseObject({
  source: z.literal('caretaker'),
  resources: z.array(z.string()),
  detail: rollOutEnded,
})

const sweep = z.strictObject({ sweep: z.literal(true) })

/** What the roll-out machine may be started with. */
export const input = z.union([imagePushed, ended, sweep, byHand])
export type Input = z.infer<typeof input>

export const event = z.object({ input, execution: z.string() })
