import * as z from 'zod'

/** What can be made by a step, each with the call that its service makes it by. */
export const MADE_TYPES = [
  'instance',
  'volume',
  'queue',
  'topic',
  'table',
  'repository',
  'log-group',
  'file-system',
] as const

/** Somebody makes something by hand, with the tags that come to mind. */
export const create = z
  .strictObject({
    type: z.enum(MADE_TYPES).describe(MADE_TYPES.join(', ')),
    name: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,40}$/)
      .describe('small letters, digits and -, up to 41'),
    by: z.string().min(1).describe('an e-mail address, <role>/<session> or a user'),
    tags: z.record(z.string(), z.string()).default({}).describe('keys and values'),
  })
  .describe('type, name, by and tags')

export type Create = z.infer<typeof create>
