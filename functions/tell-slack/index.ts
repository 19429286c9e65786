import type { Logger } from '@aws-lambda-powertools/logger'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import { channelOf } from '../../domain/compiled-catalog.ts'
import type { MissingImage } from '../../domain/table/missing-image.ts'
import { kindOf, readItem, UnreadableItem } from '../../domain/table/read.ts'
import type { RollOutRecord } from '../../domain/table/record.ts'
import { lambda } from '../shared/handler.ts'
import { updateItem } from '../shared/table/update.ts'
import { finalRefusal, isUnknownToken, slackClient, Token } from './connection.ts'
import { environment, event } from './contract.ts'
import type { Message } from './markup.ts'
import { missingImageRenderer } from './missing-image/message.ts'
import { type SlackContext, type Told, tell } from './post.ts'
import type { Renderer } from './renderer.ts'
import { rollOutRenderer } from './roll-out/message.ts'

/** A record that is told, of whichever kind. */
type Telling = RollOutRecord | MissingImage

/** Slack has refused messages for good. Each is noted on its record; trying again cannot help. */
export class MessageRefused extends Error {
  override readonly name = 'MessageRefused'
}

/**
 * Keeps one Slack message per record in step with it. Fed by the table's stream, so AWS work never
 * waits for Slack, and what Slack could not take is offered again for a day.
 *
 * Records are told each for itself: one that cannot be read, or that Slack does not take, does not
 * hold up another.
 *
 * @throws the first error that another attempt may not meet; the batch is offered again, and what
 *   has been told is not told again.
 * @throws MessageRefused once per record that Slack refuses for good, so that an alarm is raised.
 */
export const handler = lambda({
  name: 'tell-slack',
  environment,
  event,
  async run({ Records }, tools) {
    const { environment: settings, client, log, now } = tools
    const token = tools.once(
      'token',
      () => new Token(client(SecretsManagerClient), settings.SLACK_SECRET),
    )
    const value = await token.value()
    if (value === undefined) {
      tools.once('not connected', () =>
        log.warn('Slack is not connected: the secret holds no bot token (xoxb-…)', {
          secret: settings.SLACK_SECRET,
        }),
      )
      // Whoever connects Slack need not wait until this environment ends.
      token.forget()
      return
    }
    const context: SlackContext = {
      table: { client: client(DynamoDBClient), name: settings.TABLE_NAME },
      slack: slackClient(value, tools.fetch, log),
      told: tools.once('told', (): Told => new Map()),
      now,
    }
    const failed: unknown[] = []
    const refused: string[] = []
    for (const record of newest(
      Records.map(({ dynamodb }) => dynamodb.NewImage),
      log,
    )) {
      const channel = channelOf(tools.catalog(), record.owner)
      try {
        const done = await tellRecord(context, record, channel, log)
        if (done === 'refused') refused.push(`${record.pk} ${record.sk} in ${channel}`)
      } catch (error) {
        if (isUnknownToken(error)) token.forget()
        log.warn('not told yet', { record: record.sk, channel, error })
        failed.push(error)
      }
    }
    if (failed.length > 0) throw failed[0]
    if (refused.length > 0)
      throw new MessageRefused(`Slack refused for good: ${refused.join(', ')}`)
  },
})

/** @returns `refused` when Slack refuses for good and that was not noted before. */
async function tellRecord(
  context: SlackContext,
  record: Telling,
  channel: string,
  log: Logger,
): Promise<'told' | 'refused'> {
  const message = rendered(record, log)
  if (message === undefined) return 'told'
  try {
    const done = await tell(context, record, channel, message)
    const verdict = record.kind === 'roll-out' ? record.verdict : record.kind
    log.info('told', { record: record.sk, verdict, done })
    return 'told'
  } catch (error) {
    if (error instanceof UnreadableItem) {
      log.error('where the message is cannot be read', { record: record.sk, error })
      return 'told'
    }
    const refusal = finalRefusal(error)
    if (refusal === undefined) throw error
    log.error('Slack refused a message for good', { channel, record: record.sk, error })
    return (await noteRefusal(context, record, channel, refusal)) ? 'refused' : 'told'
  }
}

/** The message of a record; undefined for one that is not told, or that its renderer fails on. */
function rendered(record: Telling, log: Logger): Message | undefined {
  try {
    return record.kind === 'roll-out'
      ? messageOf(rollOutRenderer, record)
      : messageOf(missingImageRenderer, record)
  } catch (error) {
    log.error('a record has no message', { record: record.sk, error })
    return undefined
  }
}

const messageOf = <One>({ isTold, render }: Renderer<One>, record: One): Message | undefined =>
  isTold(record) ? render(record) : undefined

/** @returns whether it was not noted before. */
function noteRefusal(
  { table, now }: SlackContext,
  { pk, sk }: Telling,
  channel: string,
  error: string,
): Promise<boolean> {
  return updateItem(table, {
    key: { pk, sk },
    expression: 'SET refused = :refused',
    condition: 'attribute_exists(pk) AND attribute_not_exists(refused)',
    values: { ':refused': { channel, error, at: now.toISOString() } },
  })
}

/**
 * The records of a batch, each as it stands now: it may have changed several times within a batch,
 * and only the last is worth an edit. One that cannot be read is named in the log.
 */
function newest(images: readonly Record<string, unknown>[], log: Logger): Telling[] {
  const records = images.flatMap((image) => {
    try {
      const item = unmarshall(image as Parameters<typeof unmarshall>[0])
      const kind = kindOf(item) === 'missing-image' ? 'missing-image' : 'roll-out'
      return [readItem(kind, item)]
    } catch (error) {
      log.error('a record cannot be read and is not told', { error })
      return []
    }
  })
  return [...new Map(records.map((record) => [`${record.pk} ${record.sk}`, record])).values()]
}
