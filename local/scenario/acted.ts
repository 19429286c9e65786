import * as z from 'zod'
import { which } from './which.ts'

/** A person names the digest, as docs/operations/roll-back.md does. */
export const goBack = z.strictObject({
  service: z.string().describe('the name of a service in the catalog'),
  to: which,
  by: z.string().min(1).default('a person').describe('who asks'),
  reason: z.string().default('rolled back by hand').describe('why'),
  retry: z.boolean().default(false).describe('true to run an image that failed, or never ran'),
})

/** Somebody asks with their own AWS credentials, as `npx caretaker` does. */
export const ask = z
  .strictObject({
    text: z.string().min(1).describe('as it is typed, such as keep orders until 22:00'),
    by: z.email().describe('the e-mail address of somebody whom Identity Center lets in'),
  })
  .describe('text and by')

/** What another tool does to a service with ECS itself. */
export const TOOL_ACTS = ['deploys', 'registers', 'stops'] as const

export const tool = z
  .strictObject({
    service: z.string().describe('the name of a service in the catalog'),
    does: z
      .enum(TOOL_ACTS)
      .default('deploys')
      .describe(
        'deploys (a revision of its own), registers (one and no more), stops (the newest deployment)',
      ),
    image: which.optional(),
    /** Seconds that a container has to end: what tells its revision from others. */
    stopTimeout: z.int().min(2).max(120).default(45).describe('2 to 120 seconds'),
  })
  .describe('service, and any of does, image, stopTimeout')
