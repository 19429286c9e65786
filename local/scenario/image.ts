import * as z from 'zod'
import { duration } from './instant.ts'

/** An image as a scenario describes it. Durations become seconds. */
export const image = z.strictObject({
  behaviour: z
    .enum(['healthy', 'crashes', 'unhealthy', 'never-starts'])
    .optional()
    .describe('healthy, crashes, unhealthy or never-starts'),
  startup: duration('40s')
    .transform((value) => value / 1000)
    .optional(),
  shutdown: duration('60s')
    .transform((value) => value / 1000)
    .optional(),
  after: duration('90s')
    .transform((value) => value / 1000)
    .optional(),
  exitCode: z.int().min(0).max(255).optional().describe('0 to 255'),
  architectures: z
    .array(z.string().regex(/^[a-z]+\/[a-z0-9]+$/))
    .min(1)
    .optional()
    .describe('a list such as [linux/amd64]'),
  findings: z
    .record(z.string().regex(/^[A-Z]+$/), z.int().min(0))
    .optional()
    .describe('findings by severity, such as { CRITICAL: 1 }'),
  logs: z.array(z.string()).optional().describe('the last lines a crashing container writes'),
  artifact: z
    .enum(['image', 'signature', 'sbom', 'attestation', 'cache', 'helm'])
    .optional()
    .describe('image, signature, sbom, attestation, cache or helm'),
})
