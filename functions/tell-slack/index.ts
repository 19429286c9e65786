import type { Logger } from '@aws-lambda-powertools/logger'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import { LogLevel, type Logger as SlackLogger, WebClient } from '@slack/web-api'
import type { RollOutRecord } from '../../domain/record.ts'
import { lambda } from '../shared/handler.ts'
import { environment, event } from './contract.ts'
import { isTold, render } from './message.ts'
import { type Desk, tell } from './post.ts'

/**
 * Keeps one Slack message per roll-out in step with its record. Fed by the table's stream, so a
 * roll-out never waits for Slack, and what Slack could not take is offered again for a day.
 */
export const handler = lambda({
  name: 'tell-slack',
  environment,
  event,
  async run({ Records }, { environment: settings, client, fetch, log, now }) {
    const token = await slackToken(client(SecretsManagerClient), settings.SLACK_SECRET)
    if (token === undefined) {
      log.warn('Slack is not connected: the secret has no value', { secret: settings.SLACK_SECRET })
      return
    }
    // The stream tries again; the client's own half hour of retries would be billed sleep.
    const slack = new WebClient(token, {
      fetch,
      logger: slackLog(log),
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
    })
    const desk: Desk = { dynamo: client(DynamoDBClient), table: settings.TABLE_NAME, slack, now }
    for (const record of newest(Records.map(({ dynamodb }) => read(dynamodb.NewImage)))) {
      if (!isTold(record)) continue
      const channel = settings.CHANNELS[record.owner] ?? settings.DEFAULT_CHANNEL
      try {
        const done = await tell(desk, record, channel, render(record))
        log.info('told', { record: record.sk, verdict: record.verdict, done })
      } catch (error) {
        if (!isFinal(error)) throw error
        // Trying again cannot help, and would hold up every other message behind this one.
        log.error('Slack refused a message for good', { channel, record: record.sk, error })
      }
    }
  },
})

/** Slack's client has a console of its own, whose lines would belong to no invocation. */
function slackLog(log: Logger): SlackLogger {
  const at = (level: 'debug' | 'info' | 'warn' | 'error') => {
    return (...words: unknown[]) => log[level]('slack', { said: words.map(String).join(' ') })
  }
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    getLevel: () => LogLevel.INFO,
    setLevel: () => undefined,
    setName: () => undefined,
  }
}

const read = (image: Record<string, unknown>): RollOutRecord =>
  unmarshall(image as Parameters<typeof unmarshall>[0]) as RollOutRecord

/** A record may have changed several times within a batch: only how it stands now is worth an edit. */
function newest(records: readonly RollOutRecord[]): RollOutRecord[] {
  return [...new Map(records.map((record) => [`${record.pk} ${record.sk}`, record])).values()]
}

async function slackToken(
  secrets: SecretsManagerClient,
  SecretId: string,
): Promise<string | undefined> {
  try {
    return (await secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString || undefined
  } catch (error) {
    // The stack makes the secret; its value is put in by hand, and until then there is none.
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined
    throw error
  }
}

/** Slack's errors that say the same however often one asks. */
const FINAL = new Set([
  'channel_not_found',
  'not_in_channel',
  'is_archived',
  'invalid_blocks',
  'msg_too_long',
  'msg_blocks_too_long',
  'message_not_found',
  'cant_update_message',
  'edit_window_closed',
  'restricted_action',
  'missing_scope',
])

function isFinal(error: unknown): boolean {
  const code = (error as { data?: { error?: unknown } } | null)?.data?.error
  return typeof code === 'string' && FINAL.has(code)
}
