import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SNSClient } from '@aws-sdk/client-sns'
import { SQSClient } from '@aws-sdk/client-sqs'
import type * as z from 'zod/mini'
import { refusalsKey, slackKey } from '../../domain/table/keys.ts'
import { readItem } from '../../domain/table/read.ts'
import { lambda, type Tools } from '../shared/handler.ts'
import { Token } from '../shared/slack/token.ts'
import { getItems } from '../shared/table/get.ts'
import { slackClient } from './connection.ts'
import type { Context } from './context.ts'
import { type Change, environment, event, type Received } from './contract.ts'
import { Memory } from './memory.ts'
import { releaseQuiet } from './quiet.ts'
import { noteLimit, refusalsOf } from './refusals.ts'
import { tellChanges } from './tell-changes.ts'
import { type Answer, tellWaiting } from './tell-waiting.ts'

/** Slack has refused messages for good. Each is noted on its record; trying again cannot help. */
export class MessageRefused extends Error {
  override readonly name = 'MessageRefused'
}

type Environment = z.infer<typeof environment>

/**
 * Keeps one Slack message per record in step with it. Fed by the table's stream, so AWS work never
 * waits for Slack; what Slack does not take now waits in the queue, of which the same function is the
 * consumer, or in the table while Slack takes nothing at all.
 *
 * Records are told each for itself: one that cannot be read, or that Slack does not take, does not
 * hold up another.
 *
 * @returns for a batch of the queue, what is to come again.
 * @throws the first error that another attempt may not meet; the batch is offered again, and what
 *   has been told is not told again. MessageRefused once per record that Slack refuses for good, so
 *   that an alarm is raised.
 */
export const handler = lambda({
  name: 'tell-slack',
  environment,
  event,
  async run(given, tools): Promise<Answer | undefined> {
    const { token, value } = await tokenOf(tools)
    if ('Records' in given && given.Records.length === 0) return undefined
    const connected = value !== undefined
    const memory = tools.once('memory', () => new Memory())
    const streamed = 'Records' in given && !isQueue(given.Records)
    const isCalm = streamed && connected && memory.works
    const context = await contextOf(tools, value, memory, isCalm)
    memory.works = false
    const cloudwatch = tools.client(CloudWatchClient)
    const done =
      'quietOver' in given
        ? await releaseQuiet(context, given.quietOver, connected)
        : isQueue(given.Records)
          ? await tellWaiting(context, given.Records, { connected, cloudwatch })
          : await tellChanges(context, given.Records as Change[], connected)
    // Somebody may have put in another token, or may put in the first.
    if (!connected || context.down !== undefined) token.forget()
    memory.works = connected && isAllTaken(context)
    const { refused } = context
    if (refused.length > 0)
      throw new MessageRefused(`Slack refused for good: ${refused.join(', ')}`)
    return done
  },
})

const isQueue = (records: readonly (Change | Received)[]): records is Received[] =>
  records.every((record) => 'receiptHandle' in record)

function isAllTaken({ down, refusals, now }: Context): boolean {
  const limits = Object.values(refusals.methods).filter(
    (until) => Date.parse(until) > now.getTime(),
  )
  return down === undefined && limits.length === 0 && Object.keys(refusals.channels).length === 0
}

async function tokenOf({ client, environment: settings, once, log }: Tools<Environment>) {
  const token = once('token', () => new Token(client(SecretsManagerClient), settings.SLACK_SECRET))
  const value = await token.value()
  if (value === undefined) {
    once('not connected', () =>
      log.warn('Slack is not connected: the secret holds no bot token (xoxb-…)', {
        secret: settings.SLACK_SECRET,
      }),
    )
    // Whoever connects Slack need not wait until this environment ends.
    token.forget()
  }
  return { token, value }
}

/**
 * @param isCalm Slack has taken everything so far: what the table says of its refusals is not read.
 *   One that begins now is noticed by its refusal.
 */
async function contextOf(
  tools: Tools<Environment>,
  token: string | undefined,
  memory: Memory,
  isCalm: boolean,
): Promise<Context> {
  const { environment: settings, client, log, now, newId, fetch } = tools
  const table = { client: client(DynamoDBClient), name: settings.TABLE_NAME }
  const [state, refused] = isCalm ? [] : await getItems(table, [slackKey, refusalsKey])
  const refusals = refusalsOf(refused)
  return {
    ...{ table, log, now, newId, fetch, refusals, memory },
    slack: slackClient(token ?? '', fetch, log),
    catalog: tools.catalog(),
    queue: { client: client(SQSClient), url: settings.QUEUE_URL },
    topic: { client: client(SNSClient), arn: settings.TOPIC_ARN },
    refused: [],
    down: state && readItem('slack', state),
    limited: (method, until) => noteLimit(table, refusals, method, until),
  }
}
