import type { Aws, Caller } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { type LambdaFunction, lambdaFor, logGroupOf } from './model.ts'

/** PutLogEvents takes 1 MiB at once, and a character is up to four bytes. */
const MOST_CHARACTERS = 200_000

/**
 * The log stream of one execution environment. Lines are written with the function's role, those of
 * an invocation together; what the role may not write, or what has no group any more, is lost and
 * the function goes on.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
 */
export class FunctionLog {
  readonly group: string
  readonly stream: string
  readonly #aws: Aws
  readonly #caller: Caller
  /** Lines that are not sent yet. */
  #pending: { timestamp: number; message: string }[] = []
  #characters = 0
  /** The last write: lines keep their order. */
  #written: Promise<unknown> | undefined

  constructor(aws: Aws, fn: LambdaFunction) {
    this.#aws = aws
    this.#caller = lambdaFor(fn)
    this.group = logGroupOf(fn)
    const day = aws.world.date.toISOString().slice(0, 10).replaceAll('-', '/')
    const id = aws.world.random.hex('lambda/log-stream', 32)
    // A group of the function's own choice may be shared, so the stream names the function.
    const owner = fn.settings.LoggingConfig?.LogGroup === undefined ? '' : fn.name
    this.stream = `${day}/${owner}[$LATEST]${id}`
  }

  write(message: string): void {
    if (!this.#aws.answers('cloudwatch-logs')) return
    this.#pending.push({ timestamp: this.#aws.world.now, message })
    this.#characters += message.length
    if (this.#characters > MOST_CHARACTERS) this.flush()
  }

  /** Sends what has been written. */
  flush(): void {
    const logEvents = this.#pending
    if (logEvents.length === 0) return
    this.#pending = []
    this.#characters = 0
    this.#written = (this.#written ?? this.#open())
      .then(() => this.#call('PutLogEvents', { ...this.#names, logEvents }))
      .catch((error: unknown) => {
        if (!(error instanceof AwsError)) this.#aws.world.fail(error)
      })
  }

  /** Makes the stream, and the group if it does not exist. */
  async #open(): Promise<void> {
    try {
      await this.#call('CreateLogStream', this.#names)
    } catch (error) {
      if (!(error instanceof AwsError) || error.name !== 'ResourceNotFoundException') throw error
      await this.#call('CreateLogGroup', { logGroupName: this.group })
      await this.#call('CreateLogStream', this.#names)
    }
  }

  get #names() {
    return { logGroupName: this.group, logStreamName: this.stream }
  }

  #call(operation: string, input: object): Promise<unknown> {
    return this.#aws.call('cloudwatch-logs', operation, input, this.#caller)
  }
}
