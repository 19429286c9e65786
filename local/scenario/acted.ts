import * as z from 'zod'
import { image } from './image.ts'
import { which } from './which.ts'

const NAME = /^[a-z][a-z0-9-]{0,40}$/

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

/** What a container of a joined service runs: an image of its own, pushed when it is made. */
const container = z
  .strictObject({
    name: z.string().regex(NAME).describe('small letters, digits and -'),
    image: image.optional(),
    essential: z.boolean().default(true).describe('true or false'),
  })
  .describe('name, image and essential')

/** Somebody makes an ECS service by hand beside one of the catalog, and tags it. */
export const join = z
  .strictObject({
    service: z.string().regex(NAME).describe('small letters, digits and -'),
    like: z.string().describe('the name of a service in the catalog: its roles and its network'),
    deploy: z.string().default('main').describe('the tag caretaker:deploy, such as main'),
    tag: z.string().default('main').describe('the tag of its first image'),
    image: image.optional(),
    /** Beside the one that has the service's name. */
    sidecars: z.array(container).default([]).describe('a list of name, image, essential'),
    count: z.int().min(0).max(10).default(1).describe('0 to 10 tasks'),
    tags: z.record(z.string(), z.string()).default({}).describe('more tags, by their keys'),
  })
  .describe('service, like, and any of deploy, tag, image, sidecars, count, tags')

export type Join = z.infer<typeof join>

/** Somebody stops tasks of a service by hand. */
export const stopTask = z
  .strictObject({
    service: z.string().describe('the name of a service'),
    count: z.int().min(1).default(1).describe('how many of its tasks, the oldest first'),
    reason: z.string().optional().describe('why'),
  })
  .describe('service, and any of count, reason')

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
