import * as z from 'zod'

/** Of a queue or a topic: unique in the environment, and the beginning of a variable's name. */
const NAME = z
  .string()
  .regex(/^[a-z](-?[a-z0-9])*$/)
  .max(32)
  .describe('up to 32 lower-case letters, digits and single hyphens, a letter first')

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html */
const queue = z.strictObject({
  visibility: z
    .int()
    .min(0)
    .max(43_200)
    .optional()
    .describe(
      '0 to 43200 seconds in which nobody else gets a message that was read (30 when absent)',
    ),
  tries: z
    .int()
    .min(1)
    .max(1000)
    .optional()
    .describe('1 to 1000 times a message is read before it is put aside (5 when absent)'),
  retention: z
    .int()
    .min(60)
    .max(1_209_600)
    .optional()
    .describe('60 to 1209600 seconds for which messages are kept (345600, four days, when absent)'),
  delay: z
    .int()
    .min(0)
    .max(900)
    .optional()
    .describe('0 to 900 seconds before a message can be read (0 when absent)'),
  from: z
    .array(z.string())
    .default([])
    .describe('a list of topics whose messages go into it, such as [orders]'),
})

export type Queue = z.infer<typeof queue>

export const queues = z
  .union([z.array(NAME), z.record(NAME, queue)])
  .describe(
    'a list of queues (SQS) of its own; or each by name with visibility, tries, from and more',
  )

export const topics = z
  .array(NAME)
  .describe('a list of topics (SNS) of its own, to which it publishes')
