import { PublishCommand } from '@aws-sdk/client-sns'
import type { Told } from '../../domain/acts/offers.ts'
import { type Context, saysIn } from './context.ts'
import { render, sentenceOf, stands } from './renderers.ts'
import { waysOf } from './ways.ts'

/** SNS takes 100 characters of printable ASCII. */
const subject = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 100)

/** Tells the subscribers of the alarm topic by e-mail. */
export async function publish({ topic }: Context, about: string, text: string): Promise<void> {
  const { client, arn } = topic
  await client.send(new PublishCommand({ TopicArn: arn, Subject: subject(about), Message: text }))
}

/** Whether a record must reach a person also where Slack does not: what is red, or failed. */
export const mustReach = (record: Told): boolean =>
  (record.kind === 'alarm' || record.kind === 'failure') &&
  record.held === undefined &&
  stands(record)

/** Sends a record that must reach a person by e-mail. */
export async function mail(context: Context, record: Told, because: string): Promise<void> {
  if (!mustReach(record)) return
  const says = saysIn(context)
  const { environment } = context.catalog
  const about = `${environment}: ${sentenceOf(record, says)}`
  const ways = waysOf(record, says).map(({ words, url }) => `\n${words}: ${url}`)
  const text = `${render(record, says).text}\n${ways.join('')}\n\nBy e-mail, because: ${because}.`
  await publish(context, about, text)
}
