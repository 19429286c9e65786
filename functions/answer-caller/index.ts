import { identityOf, standingOf } from '../../domain/acts/who.ts'
import { accountOf, actingFor } from '../shared/acts/acting.ts'
import { answerTo } from '../shared/acts/carry-out.ts'
import { lambda } from '../shared/handler.ts'
import { environment, event, question } from './contract.ts'
import type { Known } from './show/environment.ts'
import { showTo } from './show/show.ts'

/**
 * The entrance for whoever has AWS credentials: a function URL that wants AWS's own signature. Who
 * calls is what AWS says (`userArn`), never what the request says.
 *
 * @returns over HTTP the answer: `{ outcome, text, receipt? }`.
 */
export const handler = lambda({
  name: 'answer-caller',
  environment,
  event,
  async run({ requestContext, body = '', isBase64Encoded }, tools) {
    const { environment: settings, newId, now } = tools
    const text = isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body
    const asked = question.safeParse(jsonIn(text))
    if (!asked.success) {
      return answer(400, {
        outcome: 'refused',
        text: 'The body is neither {"text": "<command>"} nor {"show": …}.',
      })
    }
    const { userArn } = requestContext.authorizer.iam
    const identity = identityOf(userArn, accountOf(settings.ROLL_OUT_MACHINE))
    const acting = actingFor(tools, {
      who: standingOf(tools.catalog(), identity),
      via: 'iam',
      at: now.toISOString(),
      id: newId().replaceAll('-', '').slice(0, 12),
      zone: 'zone' in asked.data ? asked.data.zone : undefined,
    })
    if ('text' in asked.data) return answer(200, await answerTo(acting, asked.data.text))
    const known = tools.once('revisions', (): Known => new Map())
    return answer(200, await showTo(acting, asked.data.show, known))
  },
})

const answer = (statusCode: number, body: object) => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
