import * as z from 'zod/mini'

/** The source of every event that Caretaker itself puts on the bus. */
export const CARETAKER = 'caretaker'

/**
 * Caretaker: a roll-out of one service ended with a verdict. Put on the default bus by the
 * roll-out machine for anybody to act on.
 *
 * The rule below is ours: pushes that arrived meanwhile are waiting for this roll-out to end.
 */
export const pattern = {
  source: [CARETAKER],
  'detail-type': ['roll-out ended'],
  detail: { waiting: [true] },
}

export const schema = z.strictObject({
  /** `<cluster>/<service>` */
  service: z.string(),
  repository: z.string(),
  tag: z.string(),
  digest: z.string(),
  verdict: z.enum(['deployed', 'staged', 'rolled-back', 'superseded', 'failed']),
  reason: z.string(),
  /** The service ARN. */
  serviceArn: z.string(),
  /** Whether pushes to the same service have been waiting for this roll-out to end. */
  waiting: z.boolean(),
})
