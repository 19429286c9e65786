import type { Visit } from '../../domain/sleep/visit.ts'
import type { Answer } from './contract.ts'
import { CONTENT_SECURITY_POLICY, page, part } from './page.ts'
import { type Asked, COOKIE } from './request.ts'
import { type Facts, type Said, say } from './words.ts'

/** Whoever asks is told to come back after a time near the estimate. */
const [SOONEST_SECONDS, LATEST_SECONDS] = [5, 900]
/** A browser counts as the same visitor for as long as a wake lasts. */
const VISITOR_SECONDS = 2 * 60 * 60

export type Given = Facts & {
  asked: Asked
  /** Where the page looks for what is new. */
  look: string
  /** The page is to ask by itself. */
  asks: boolean
  /** Where somebody signs in who wants to wake it; undefined where nobody need. */
  signIn?: string | undefined
}

/**
 * What the load balancer is given back: 503 to whoever came to the service, so that nothing takes
 * the page for an answer of it; 200 to whoever asks for the state itself.
 */
export function answerTo(given: Given): Answer {
  const { asked, visit } = given
  const said = say(given)
  const headers = {
    'cache-control': 'no-store',
    'retry-after': String(Math.min(Math.max(visit.seconds, SOONEST_SECONDS), LATEST_SECONDS)),
    'caretaker-state': visit.state,
    'x-content-type-options': 'nosniff',
    'x-robots-tag': 'noindex',
    'referrer-policy': 'no-referrer',
  }
  const { wants } = asked
  const status = wants === 'state' ? '200 OK' : '503 Service Unavailable'
  const isJson = wants === 'state' || wants === 'json'
  const body = isJson ? `${JSON.stringify(told(given, said), undefined, 2)}\n` : html(given, said)
  return {
    statusCode: Number(status.slice(0, 3)),
    statusDescription: status,
    headers: { ...headers, ...(isJson ? JSON_TYPE : htmlHeaders(given)) },
    body: asked.isHead ? '' : body,
    isBase64Encoded: false,
  }
}

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' }

function htmlHeaders({ asked }: Given): Record<string, string> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': CONTENT_SECURITY_POLICY,
    ...(asked.asks && asked.isNew
      ? {
          'set-cookie': `${COOKIE}=1; Max-Age=${VISITOR_SECONDS}; Path=/; HttpOnly; SameSite=Lax`,
        }
      : {}),
  }
}

function html(given: Given, said: Said): string {
  const { visit, environment, look, asks, signIn, asked } = given
  const facts = { visit, said, environment, look, asks, signIn }
  return asked.wants === 'part' ? part(facts) : page(facts)
}

/** For programs: what is so, and that nothing was done with what they sent. */
function told({ asked, visit, environment }: Given, { title, sentences }: Said) {
  const { service, state, since, seconds } = visit
  return {
    service,
    environment,
    state,
    since,
    retryAfterSeconds: seconds,
    ...(asked.wants === 'state' ? {} : { requestKept: false }),
    message: [
      `${title}.`,
      ...sentences,
      ...(asked.wants === 'state' ? [] : [KEPT[how(visit)]]),
    ].join(' '),
  }
}

const how = ({ state }: Visit): keyof typeof KEPT =>
  state === 'waking' || state === 'awake' ? 'waking' : 'asleep'

const KEPT = {
  waking: 'This request was not kept: send it again when the service runs.',
  asleep:
    'This request was not kept, and has woken nothing: open the address in a browser to wake the service, or ask for it in Slack, and send the request again.',
}
