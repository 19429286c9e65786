import { Console } from 'node:console'
import { Writable } from 'node:stream'
import { LogFormatter, Logger, LogItem } from '@aws-lambda-powertools/logger'
import type { LogAttributes, UnformattedAttributes } from '@aws-lambda-powertools/logger/types'
import type { Platform } from './platform.ts'

/** The logger of one function: its lines are dated by the platform's clock and go where it says. */
export function logger(serviceName: string, { now, writeLog }: Platform): Logger {
  const log = new Logger({ serviceName, logFormatter: new Formatter(now) })
  if (writeLog !== undefined) {
    const stream = new Writable({
      write(chunk, _encoding, done) {
        writeLog(String(chunk).trimEnd())
        done()
      },
    })
    // The logger's own console; it has no option for it.
    Reflect.set(log, 'console', new Console(stream))
  }
  return log
}

/** Powertools' own fields; its own formatter is not exported and reads the real clock. */
class Formatter extends LogFormatter {
  readonly #now: () => Date

  constructor(now: () => Date) {
    super()
    this.#now = now
  }

  formatAttributes(
    { logLevel: level, message, serviceName: service, lambdaContext }: UnformattedAttributes,
    additional: LogAttributes,
  ): LogItem {
    const attributes = {
      level,
      message,
      timestamp: this.#now().toISOString(),
      service,
      function_name: lambdaContext?.functionName,
      function_request_id: lambdaContext?.awsRequestId,
    }
    return new LogItem({ attributes }).addAttributes(additional)
  }
}
