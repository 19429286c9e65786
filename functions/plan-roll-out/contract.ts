import * as z from 'zod/mini'
import type { Cause } from '../../domain/roll-out/observed.ts'
import { push } from '../../domain/table/record.ts'

export const environment = z.object({
  TABLE_NAME: z.string(),
  /** Seconds a service must stay healthy after ECS calls its deployment complete. */
  BAKE_SECONDS: z.coerce.number().check(z.int(), z.minimum(0), z.maximum(3600)),
  /** Seconds without progress after which a deployment that ECS has not ended is undone. */
  DEADLINE_SECONDS: z.coerce.number().check(z.int(), z.minimum(60)),
})

/** Which service: its ARN, `<cluster>/<service>`, or its name. */
const service = z.string().check(z.minLength(1))

const pushed = z.pipe(
  z.strictObject({ service, push }),
  z.transform(({ service, push }) => ({ service, cause: { kind: 'push', push } as Cause })),
)

const waiting = z.pipe(
  z.strictObject({ service, waiting: z.literal(true) }),
  z.transform(({ service }) => ({ service, cause: { kind: 'waiting' } as Cause })),
)

const swept = z.pipe(
  z.strictObject({ service, sweep: z.literal(true) }),
  z.transform(({ service }) => ({ service, cause: { kind: 'sweep' } as Cause })),
)

/** A person asks for a digest: a roll-back to an earlier one, or another try of a bad one. */
const byHand = z.pipe(
  z.strictObject({
    service,
    /** A digest as somebody types it; one that is none is answered, not failed on. */
    digest: z.string().check(z.minLength(1), z.maxLength(200)),
    by: z.string().check(z.minLength(1)),
    reason: z._default(z.string(), 'rolled back by hand'),
    /** Run it although it has failed here, or never run here. */
    retry: z._default(z.boolean(), false),
  }),
  z.transform(({ service, ...asked }) => ({
    service,
    cause: { kind: 'by-hand', ...asked } as Cause,
  })),
)

/** What the roll-out machine may be started with. */
const input = z.union([pushed, waiting, swept, byHand])

/** What the machine's first state hands on: its input, its execution's ARN and start. */
export const event = z.object({ input, execution: z.string(), startedAt: z.string() })
