import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { signatureKey } from '../../domain/table/keys.ts'
import { VERSION } from '../../domain/table/version.ts'
import { lambda } from '../shared/handler.ts'
import { putItem } from '../shared/table/put.ts'
import { environment, event, type Request } from './contract.ts'
import { claimEvent, noteHandedOn } from './once.ts'
import { meantBy } from './read.ts'
import { SigningSecrets } from './secrets.ts'
import { isSigned, signedIn } from './signature.ts'

/** Longer than a signature can be used, five minutes both ways. */
const KEPT_SECONDS = 15 * 60

/**
 * The entrance for Slack, which everybody on the internet can reach. It takes what Slack has signed,
 * each signature once, hands it on, and answers within three seconds. It may do nothing else.
 *
 * Nothing is written, and no secret is read, for what has no signature of the right form and time.
 */
export const handler = lambda({
  name: 'receive-slack',
  environment,
  event,
  async run(request, { environment: settings, client, once, log, now }) {
    const body = bytesOf(request)
    const { 'content-type': type = '' } = request.headers
    // Slack looks whether our certificate is good, without a signature.
    if (isCertificateCheck(body, type)) return answer(200)
    const signed = request.requestContext.http.method === 'POST' && signedIn(request.headers, now)
    if (!signed) return answer(401, 'There is no signature of Slack’s, or its time is not now.')
    const secrets = once(
      'secrets',
      () => new SigningSecrets(client(SecretsManagerClient), settings.SIGNING_SECRET),
    )
    const fits =
      isSigned(body, signed, await secrets.values(now)) ||
      isSigned(body, signed, await secrets.again(now))
    if (!fits) {
      log.info('a request whose signature fits no signing secret was refused')
      return answer(401, 'The signature is not Slack’s.')
    }
    const meant = meantBy(new TextDecoder().decode(body), type, signed.timestamp)
    if (meant === 'nothing') return answer(200)
    if ('challenge' in meant) return answer(200, JSON.stringify({ challenge: meant.challenge }))
    const table = { client: client(DynamoDBClient), name: settings.TABLE_NAME }
    const expires = Number(signed.timestamp) + KEPT_SECONDS
    const item = {
      ...signatureKey(signed.signature),
      version: VERSION,
      at: meant.asked.at,
      expires,
    }
    // Slack sends again what was not answered in time; somebody may send again what they have seen.
    if (!(await putItem(table, { item, condition: 'attribute_not_exists(pk)' }))) {
      log.info('a signature came a second time; nothing was done', { id: meant.asked.id })
      return answer(200)
    }
    const { id, kind } = meant.asked
    const claim = kind === 'mention' ? await claimEvent(table, id, now) : 'ours'
    if (claim === 'handed on') {
      log.info('an event came a second time; nothing was done', { id })
      return answer(200)
    }
    // Slack comes again; should the other request fail, this event is not lost.
    if (claim === 'under way') return answer(503, 'Another request is handing it on.')
    await client(LambdaClient).send(
      new InvokeCommand({
        FunctionName: settings.ANSWER_FUNCTION,
        InvocationType: 'Event',
        Payload: new TextEncoder().encode(JSON.stringify(meant.asked)),
      }),
    )
    if (kind === 'mention') await noteHandedOn(table, id, now)
    return answer(200)
  },
})

const bytesOf = ({ body = '', isBase64Encoded }: Request): Uint8Array =>
  Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8')

/** A request of some hundred bytes that asks for nothing. */
const isCertificateCheck = (body: Uint8Array, type: string): boolean =>
  body.length < 1000 &&
  type.startsWith('application/x-www-form-urlencoded') &&
  new URLSearchParams(new TextDecoder().decode(body)).get('ssl_check') === '1'

const answer = (statusCode: number, body = '') => ({
  statusCode,
  headers: { 'content-type': body.startsWith('{') ? 'application/json' : 'text/plain' },
  body,
})
