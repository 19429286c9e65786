import * as z from 'zod'

/** What the code in a service's container may do in AWS, besides what its file asks for by name. */

const names = (what: string, pattern: RegExp) =>
  z
    .array(z.string().regex(pattern).describe(`the name of ${what}`))
    .min(1)
    .optional()

/**
 * One entry: actions on resources as IAM calls them, or the names of queues, topics, tables and
 * buckets of this account and Region, for which the actions are known.
 */
export const right = z.strictObject({
  actions: z
    .array(
      z
        .string()
        .regex(/^[a-z0-9-]+:[A-Za-z0-9*]+$/)
        .describe('an action of IAM, such as sqs:SendMessage'),
    )
    .min(1)
    .optional()
    .describe('a list of actions of IAM, such as [sqs:SendMessage]; * stands for any letters'),
  resources: z
    .array(
      z
        .string()
        .regex(
          /^\*$|^arn:aws[a-z-]*:[a-z0-9-]+:([a-z0-9-]*|<region>|\*):(\d{12}|<account>|aws|\*)?:\S+$/,
        )
        .describe('an ARN, in which <region> and <account> stand for the environment’s own; or *'),
    )
    .min(1)
    .optional()
    .describe(
      'a list of ARNs, such as ["arn:aws:sqs:<region>:<account>:orders"], in which <region> and <account> are the environment’s own; "*" for all',
    ),
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
  queues: names('a queue', /^[\w-]{1,80}(\.fifo)?$/).describe('a list of queues (SQS) by name'),
  // https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
  topics: names('a topic', /^[\w-]{1,256}(\.fifo)?$/).describe(
    'a list of topics (SNS) by name, to which it publishes',
  ),
  // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
  tables: names('a table', /^[\w.-]{3,255}$/).describe('a list of tables (DynamoDB) by name'),
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
  buckets: names('a bucket', /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/).describe(
    'a list of buckets (S3) by name',
  ),
  access: z
    .enum(['read', 'write', 'both'])
    .optional()
    .describe('read, write or both: what it may do with what is named (both when absent)'),
})

export type Right = z.infer<typeof right>
