import type { Logger } from '@aws-lambda-powertools/logger'
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { LogLevel, type Logger as SlackLogger, WebClient } from '@slack/web-api'

/** The bot's token, read once and again when Slack does not know it any more. */
export class Token {
  readonly #secrets: SecretsManagerClient
  readonly #secret: string
  #value: Promise<string | undefined> | undefined

  constructor(secrets: SecretsManagerClient, secret: string) {
    this.#secrets = secrets
    this.#secret = secret
  }

  /** Undefined while Slack is not connected: the secret is made with a value that is no token. */
  value(): Promise<string | undefined> {
    this.#value ??= this.#read()
    return this.#value
  }

  forget(): void {
    this.#value = undefined
  }

  async #read(): Promise<string | undefined> {
    try {
      const { SecretString = '' } = await this.#secrets.send(
        new GetSecretValueCommand({ SecretId: this.#secret }),
      )
      return SecretString.startsWith('xoxb-') ? SecretString : undefined
    } catch (error) {
      this.forget()
      // The stack makes the secret; somebody may have taken it away.
      if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined
      throw error
    }
  }
}

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
