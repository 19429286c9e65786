import { ChangeMessageVisibilityCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import * as z from 'zod/mini'
import type { Context } from './context.ts'

/** What waits in the queue: a record, a chart for one, a try whether Slack answers, a release. */
export const waiting = z.union([
  z.object({ probe: z.string() }),
  z.object({
    release: z.string(),
    because: z.enum(['slack', 'quiet']),
    since: z.string(),
    folds: z.boolean(),
  }),
  z.object({
    pk: z.string(),
    sk: z.string(),
    /** A chart for its message: as a block, or as a picture where the workspace takes none. */
    chart: z.optional(z.enum(['block', 'picture'])),
    since: z.optional(z.string()),
    /** The picture that was uploaded, while Slack is not finished with it. */
    file: z.optional(z.string()),
  }),
])
export type Waiting = z.infer<typeof waiting>

/** SQS delays a new message by 15 minutes at most, and hides one for 12 hours. */
const LONGEST_DELAY = 900

/** Puts something into the queue that is to be done after so many seconds. */
export async function enqueue({ queue }: Context, what: Waiting, seconds: number): Promise<void> {
  await queue.client.send(
    new SendMessageCommand({
      QueueUrl: queue.url,
      MessageBody: JSON.stringify(what),
      DelaySeconds: Math.min(LONGEST_DELAY, Math.max(0, Math.ceil(seconds))),
    }),
  )
}

/** Lets a message of the queue come again after so many seconds. */
export async function again({ queue }: Context, receipt: string, seconds: number): Promise<void> {
  await queue.client.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: queue.url,
      ReceiptHandle: receipt,
      VisibilityTimeout: Math.min(LONGEST_DELAY, Math.max(1, Math.ceil(seconds))),
    }),
  )
}
