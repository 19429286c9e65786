import * as z from 'zod/mini'
import { instant } from '../../domain/record.ts'
import { schema as imagePushed } from '../../events/image-pushed.ts'
import { schema as rollOutEnded } from '../../events/roll-out-ended.ts'
import type { Cause } from './plan.ts'

export const environment = z.object({
  TABLE_NAME: z.string(),
  /** Seconds a service must stay healthy after ECS calls its deployment complete. */
  BAKE_SECONDS: z.coerce.number().check(z.int(), z.minimum(0), z.maximum(3600)),
})

const push = z.pipe(
  imagePushed,
  z.transform(
    ({ detail, time }): Cause => ({
      kind: 'push',
      push: {
        repository: detail['repository-name'],
        tag: detail['image-tag'],
        digest: detail['image-digest'],
        at: instant(time),
      },
    }),
  ),
)

const ended = z.pipe(
  z.looseObject({ source: z.literal('caretaker'), detail: rollOutEnded }),
  z.transform(({ detail }): Cause => ({ kind: 'waiting', service: detail.serviceArn })),
)

const sweep = z.pipe(
  z.strictObject({ sweep: z.literal(true) }),
  z.transform((): Cause => ({ kind: 'sweep' })),
)

/** A person asks for a digest: a roll-back to an earlier one, or another try of a bad one. */
const byHand = z.pipe(
  z.strictObject({
    /** ARN, `<cluster>/<service>`, or the service's name. */
    service: z.string(),
    digest: z
      .string()
      .check(z.regex(/^sha256:[0-9a-f]{64}$/, 'expected sha256: and 64 hexadecimal digits')),
    by: z.string().check(z.minLength(1)),
    reason: z._default(z.string(), 'rolled back by hand'),
    /** Run it although it has failed here, or never run here. */
    retry: z._default(z.boolean(), false),
  }),
  z.transform((asked): Cause => ({ kind: 'by-hand', ...asked })),
)

/** What the roll-out machine may be started with. */
const input = z.union([push, ended, sweep, byHand])

/** What the machine's first state hands on: its input, its execution's ARN and start. */
export const event = z.object({ input, execution: z.string(), startedAt: z.string() })
