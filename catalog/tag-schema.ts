import * as z from 'zod'
import { STEPS } from '../domain/tagging/policy.ts'
import { WATCHED_TYPES } from '../domain/tagging/types.ts'

const rule = z
  .strictObject({
    values: z.array(z.string()).min(1).optional().describe('a list of what it may hold'),
    pattern: z
      .string()
      .max(200)
      .optional()
      .describe('a regular expression that the whole value matches, up to 200 characters'),
    default: z.string().optional().describe('a value, written where the key is absent'),
  })
  .default({})
  .describe('values, pattern, default: each may be absent')

const days = z.number().min(1).max(90)

/** How far it goes for what stays untagged; beyond `tell` only where it is asked for. */
const ladder = z.strictObject({
  upTo: z.enum(STEPS).default('tell').describe(STEPS.join(', ')),
  /** Counted from the message that told of it, as Slack has accepted it. */
  markAfter: days.default(3).describe('1 to 90 days'),
  stopAfter: days.default(7).describe('1 to 90 days, more than markAfter'),
  /** The agreement to stop also what was there before the first sweep. */
  alsoOlder: z.boolean().default(false).describe('true or false'),
})

/** Which tags resources must carry. `caretaker:owner` and `caretaker:environment` are always among them. */
export const tagSchema = z.strictObject({
  watch: z
    .array(z.enum(WATCHED_TYPES).describe(WATCHED_TYPES.join(', ')))
    .default([])
    .describe(`a list of ${WATCHED_TYPES.join(', ')}; nothing is watched while it is empty`),
  /** `account`: also what lies in no environment; one environment of an account may say it. */
  where: z.enum(['environment', 'account']).default('environment').describe('environment, account'),
  required: z
    .record(z.string(), rule)
    .default({})
    .describe('keys with values, pattern or default of each'),
  ladder: ladder
    .prefault({})
    .describe('upTo, markAfter, stopAfter and alsoOlder: how far it goes for what stays untagged'),
})
