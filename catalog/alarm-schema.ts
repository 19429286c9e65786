import * as z from 'zod'
import { SEVERITIES } from '../domain/alarms.ts'

const severity = z
  .enum(SEVERITIES)
  .describe('page (notifies at any hour) or look (waits for the end of quiet hours)')

/** An alarm: its threshold alone, or with how urgent it is (`look` when absent). */
export const alarm = <Threshold extends z.ZodNumber>(
  threshold: Threshold,
  standard: number,
  allowed: string,
) =>
  z
    .union([
      threshold.describe(allowed),
      z.strictObject({
        threshold: threshold.default(standard as never).describe(allowed),
        severity: severity.default('look'),
      }),
    ])
    .transform((value) =>
      typeof value === 'number' ? { threshold: value, severity: 'look' as const } : value,
    )
    .prefault(standard as never)
    .describe(allowed)

/** An alarm whose threshold is not to be chosen. */
export const severityOnly = z
  .strictObject({ severity: severity.default('look') })
  .prefault({})
  .describe('severity: page or look')
