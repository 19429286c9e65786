import type { Logger } from '@aws-lambda-powertools/logger'
import { LogLevel, type Logger as SlackLogger, WebClient } from '@slack/web-api'

/**
 * An answer that takes longer is lost. Well below the function's own time, so that it is the
 * function that knows of it.
 */
const LONGEST_MILLISECONDS = 10_000

/** Slack's client. It does not try again: a second post would be a second message (ask.ts). */
export function slackClient(token: string, fetch_: typeof fetch, log: Logger): WebClient {
  return new WebClient(token, {
    fetch: fetch_,
    logger: slackLog(log),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: LONGEST_MILLISECONDS,
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
