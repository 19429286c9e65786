import type { WebClient } from '@slack/web-api'
import type { SlackRefusals } from '../../domain/table/message.ts'

/** Not now: the same may go through after so many seconds. Nothing was done. */
export class Later extends Error {
  override readonly name = 'Later'
  readonly seconds: number

  constructor(seconds: number, why: string, options?: ErrorOptions) {
    super(why, options)
    this.seconds = seconds
  }
}

/** Slack takes nothing at all at the moment. */
export class SlackDown extends Error {
  override readonly name = 'SlackDown'
  /** Whether what was asked may have been done all the same: its answer is what is missing. */
  readonly unsure: boolean

  constructor(why: string, unsure: boolean, options?: ErrorOptions) {
    super(why, options)
    this.unsure = unsure
  }
}

/** Slack's word for a refusal that another attempt meets again. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly code: string

  constructor(code: string, options?: ErrorOptions) {
    super(`Slack says ${code}`, options)
    this.code = code
  }
}

/** Slack's errors about the token: the app was removed, or somebody puts in another token. */
const UNKNOWN_TOKEN = new Set([
  ...['invalid_auth', 'not_authed', 'token_revoked', 'token_expired', 'account_inactive'],
  'org_login_required',
])

/**
 * Errors after which the same may go through, and of which nobody knows whether it was done.
 * https://docs.slack.dev/reference/methods/chat.postMessage#errors
 */
const PASSING = new Set([
  ...['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout'],
  'team_added_to_org',
])

export const isAboutToken = (why: string): boolean => UNKNOWN_TOKEN.has(why)

/** What asking Slack takes. */
export type Asking = {
  slack: WebClient
  now: Date
  /** What is known of its refusals; a method that it limits is added. */
  refusals: SlackRefusals
  /** Keeps that for everybody. */
  limited(method: string, until: string): Promise<void>
}

/**
 * Calls one method of Slack's, once. A method under a rate limit is not called at all; other methods
 * are, because the limit holds for one.
 *
 * @throws Later for a rate limit, SlackDown, or Refused.
 */
export async function ask<Answer>(
  context: Asking,
  method: string,
  call: (slack: WebClient) => Promise<Answer>,
): Promise<Answer> {
  const until = Date.parse(context.refusals.methods[method] ?? '')
  const left = Math.ceil((until - context.now.getTime()) / 1000)
  if (left > 0) throw new Later(left, `${method} is limited for ${left} s more`)
  try {
    return await call(context.slack)
  } catch (error) {
    throw await readable(context, method, error)
  }
}

async function readable(context: Asking, method: string, error: unknown): Promise<unknown> {
  const { code, data, statusCode, retryAfter } = error as SlackError
  const options = { cause: error }
  const refusal = data?.error ?? ''
  if (code === 'slack_webapi_rate_limited_error' || /^rate_?limited$/.test(refusal)) {
    const seconds = Math.max(1, Math.ceil(retryAfter ?? 30))
    await context.limited(method, new Date(context.now.getTime() + seconds * 1000).toISOString())
    return new Later(seconds, `${method} is limited for ${seconds} s`, options)
  }
  if (code === 'slack_webapi_request_error') return new SlackDown('no answer came', true, options)
  if (code === 'slack_webapi_http_error') return new SlackDown(`HTTP ${statusCode}`, true, options)
  if (UNKNOWN_TOKEN.has(refusal)) return new SlackDown(refusal, false, options)
  if (PASSING.has(refusal)) return new SlackDown(refusal, true, options)
  return refusal === '' ? error : new Refused(refusal, options)
}

type SlackError = {
  code?: string
  data?: { error?: string }
  statusCode?: number
  retryAfter?: number
}
