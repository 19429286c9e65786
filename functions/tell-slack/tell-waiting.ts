import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { Later, SlackDown } from './ask.ts'
import { addChart } from './chart.ts'
import type { Context } from './context.ts'
import type { Received } from './contract.ts'
import { goDown, probe } from './probe.ts'
import { again, enqueue, type Waiting, waiting } from './queue.ts'
import { releaseOnceUp } from './quiet.ts'
import { TRY_SECONDS } from './state.ts'
import { tellFresh } from './tell.ts'
import { tellOrWait } from './tell-changes.ts'

/** What is to come again. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html */
export type Answer = { batchItemFailures: { itemIdentifier: string }[] }

type With = { connected: boolean; cloudwatch: CloudWatchClient }

/**
 * Does what the messages of the queue say.
 *
 * @returns those that are to come again later.
 * @throws the first error that is not Slack's, after all others: then the batch comes again, and what
 *   was done is not done twice.
 */
export async function tellWaiting(
  context: Context,
  messages: readonly Received[],
  more: With,
): Promise<Answer> {
  const failed: string[] = []
  const errors: unknown[] = []
  for (const { messageId, receiptHandle, body } of messages) {
    try {
      await act(context, waiting.parse(JSON.parse(body)), more)
    } catch (error) {
      context.log.warn('not told yet', { body, error })
      failed.push(messageId)
      if (error instanceof Later) await again(context, receiptHandle, error.seconds)
      else errors.push(error)
    }
  }
  // Counted as a failure of the function, so that its alarm tells of it.
  if (errors.length > 0) throw errors[0]
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) }
}

async function act(context: Context, what: Waiting, { connected, cloudwatch }: With) {
  if ('probe' in what) return probe(context, connected)
  if ('release' in what) {
    const { release: channel, ...rest } = what
    return releaseOnceUp(context, { channel, ...rest })
  }
  const { pk, sk, chart, since = context.now.toISOString(), file } = what
  if (chart === undefined) {
    await tellFresh(context, { pk, sk }, (record) => tellOrWait(context, record, connected))
    return
  }
  if (!connected) return
  try {
    await addChart(context, cloudwatch, { key: { pk, sk }, kind: chart, since, file })
  } catch (error) {
    if (!(error instanceof SlackDown)) throw error
    await goDown(context, error.message)
    await enqueue(context, { ...what, since }, TRY_SECONDS)
  }
}
