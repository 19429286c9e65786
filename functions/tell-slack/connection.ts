import type { Logger } from '@aws-lambda-powertools/logger'
import { LogLevel, type Logger as SlackLogger, WebClient } from '@slack/web-api'

/** Slack's client. It does not try again: it would wait inside the function, and the stream retries. */
export function slackClient(token: string, fetch_: typeof fetch, log: Logger): WebClient {
  return new WebClient(token, {
    fetch: fetch_,
    logger: slackLog(log),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  })
}

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

/**
 * Slack's errors that may pass. Every other answer of Slack's is final: one message that it does
 * not take must not hold up those behind it.
 * https://docs.slack.dev/reference/methods/chat.postMessage#errors
 */
const PASSING = new Set([
  'ratelimited',
  'rate_limited',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
])

/** Slack's errors about the token: somebody has put another into the secret, or will. */
const UNKNOWN_TOKEN = new Set(['invalid_auth', 'not_authed', 'token_revoked', 'account_inactive'])

const codeOf = (error: unknown): string => {
  const code = (error as { data?: { error?: unknown } } | null)?.data?.error
  return typeof code === 'string' ? code : ''
}

/** Slack's word for a refusal that another attempt meets again; undefined for any other error. */
export function finalRefusal(error: unknown): string | undefined {
  const code = codeOf(error)
  return code === '' || PASSING.has(code) || UNKNOWN_TOKEN.has(code) ? undefined : code
}

export const isUnknownToken = (error: unknown): boolean => UNKNOWN_TOKEN.has(codeOf(error))
