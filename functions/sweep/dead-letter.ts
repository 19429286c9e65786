import {
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs'
import * as z from 'zod/mini'
import { cut } from '../../domain/text.ts'

const REASON_CHARACTERS = 300

/**
 * What a function's destination, or its event source's, writes into a dead letter.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
const letter = z.object({
  requestContext: z.optional(z.object({ condition: z.optional(z.string()) })),
  responsePayload: z.optional(
    z.nullable(
      z.object({ errorType: z.optional(z.string()), errorMessage: z.optional(z.string()) }),
    ),
  ),
})

/**
 * Why the newest of the messages that SQS shows is in a dead-letter queue; SQS shows up to ten, of
 * many any ten. None is hidden from anybody (`VisibilityTimeout` 0) and none deleted. What remains of
 * the look is that each has been received once more: a dead-letter queue does nothing by that number.
 *
 * @returns `seen`: how many SQS has shown; undefined where the newest of them does not say why.
 */
export async function newestReason(
  sqs: SQSClient,
  queue: string,
): Promise<{ reason: string; seen: number } | undefined> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queue }))
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 0,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['SentTimestamp'],
    }),
  )
  const [newest] = Messages.toSorted((a, b) => sentAt(b) - sentAt(a))
  const reason = newest && reasonIn(newest)
  return reason === undefined ? undefined : { reason, seen: Messages.length }
}

const sentAt = ({ Attributes }: Message): number => Number(Attributes?.SentTimestamp ?? 0)

/** EventBridge and Scheduler write attributes, Lambda's destinations a body. */
export function reasonIn({ MessageAttributes = {}, Body = '' }: Message): string | undefined {
  const attribute = (name: string) => MessageAttributes[name]?.StringValue
  const body = bodyOf(Body)
  const { errorType, errorMessage } = body.responsePayload ?? {}
  const said = [
    attribute('ERROR_CODE') ?? errorType ?? body.requestContext?.condition,
    attribute('ERROR_MESSAGE') ?? errorMessage,
  ]
  return cut(said.filter(Boolean).join(': '), REASON_CHARACTERS) || undefined
}

function bodyOf(text: string): z.infer<typeof letter> {
  try {
    return letter.safeParse(JSON.parse(text)).data ?? {}
  } catch {
    // A message that somebody has sent by hand says nothing that can be read.
    return {}
  }
}
