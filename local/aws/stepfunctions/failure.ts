/** What ends a state: `error` is the name a Retry or Catch matches, `cause` the text for people. */
export class StatesError extends Error {
  override readonly name = 'StatesError'
  readonly error: string | undefined
  override readonly cause: string | undefined
  /** A missed heartbeat is reported as States.Timeout and matches States.HeartbeatTimeout too. */
  readonly heartbeat: boolean

  constructor(error?: string, cause?: string, options: { heartbeat?: boolean } = {}) {
    super(`${error}: ${cause}`)
    this.error = error
    this.cause = cause
    this.heartbeat = options.heartbeat ?? false
  }

  /** States.Runtime always fails the execution (concepts-error-handling.html). */
  get fatal(): boolean {
    return this.error === 'States.Runtime'
  }

  /** The Error Output of a catcher. */
  get output(): { [key: string]: string } {
    return {
      ...(this.error === undefined ? {} : { Error: this.error }),
      ...(this.cause === undefined ? {} : { Cause: this.cause }),
    }
  }

  /** Whether one of the names in ErrorEquals means this error (concepts-error-handling.html). */
  matches(names: string[]): boolean {
    if (this.fatal) return false
    return names.some((name) => {
      if (name === 'States.ALL') return this.error !== 'States.DataLimitExceeded'
      if (name === 'States.TaskFailed') return this.error !== 'States.Timeout'
      if (name === 'States.HeartbeatTimeout' && this.heartbeat) return true
      return name === this.error
    })
  }
}
