import type { Environment } from '../../catalog/schema.ts'
import { identityOf, mayRead, standingOf } from '../../domain/acts/who.ts'
import type { Invoked } from '../aws/lambda/invoker.ts'
import { signatureOf } from '../outside/slack/entrance.ts'
import type { Request } from './trace.ts'

/** Seconds that Slack's signature is good for, both ways; the function looks some milliseconds later. */
const WINDOW_SECONDS = 300.1

/** What is known of who may ask: the secrets that Slack signs with, and the catalog's people. */
export type Known = { environment: Environment; account: string; secrets: readonly string[] }

/** A request to an entrance, as the payload of its function has it. */
type UrlPayload = {
  headers?: Record<string, string>
  body?: string
  isBase64Encoded?: boolean
  requestContext?: { authorizer?: { iam?: { userArn?: string } } }
}

/**
 * What an invocation was asked for from outside, and whether it was genuine: looked at anew, without
 * what the product says of it. Undefined for an invocation of another function.
 */
export function requestOf(
  { functionName, requestId: run, at, duration }: Invoked,
  payload: string,
  known: Known,
): Request | undefined {
  const { environment, account } = known
  const entrance = functionName.replace(`${environment.name}-`, '')
  const begun = at.getTime() - duration
  if (entrance === 'receive-slack') {
    const asked = JSON.parse(payload) as UrlPayload
    const signature = asked.headers?.['x-slack-signature'] ?? ''
    return { run, entrance, genuine: isSigned(asked, begun, known), signature }
  }
  if (entrance === 'answer-caller') {
    const { requestContext } = JSON.parse(payload) as UrlPayload
    const who = identityOf(requestContext?.authorizer?.iam?.userArn ?? '', account)
    return { run, entrance, genuine: mayRead(standingOf(environment, who)) }
  }
  if (entrance !== 'answer-slack') return undefined
  const { id = '', intent, team, user } = JSON.parse(payload) as Record<string, string>
  const standing = standingOf(environment, { kind: 'slack', id: `${team}/${user}` })
  const genuine = mayRead(standing)
  return { run, entrance, genuine, id, ...(intent === undefined ? {} : { intent }) }
}

/** https://docs.slack.dev/authentication/verifying-requests-from-slack */
function isSigned(
  { headers = {}, body = '', isBase64Encoded }: UrlPayload,
  begun: number,
  { secrets }: Known,
): boolean {
  const timestamp = headers['x-slack-request-timestamp'] ?? ''
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body
  const isNow = Math.abs(begun / 1000 - Number(timestamp)) <= WINDOW_SECONDS
  const given = headers['x-slack-signature']
  return isNow && secrets.some((secret) => signatureOf(secret, timestamp, text) === given)
}
