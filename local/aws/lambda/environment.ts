import type { Context } from 'aws-lambda'
import type { Aws, Caller } from '../aws.ts'
import { type FunctionFailure, killed, thrown } from './failure.ts'
import { FunctionLog } from './function-log.ts'
import type { LambdaFunction } from './model.ts'
import type { FunctionCall, Handler, Runtime, SdkConfiguration } from './runtime.ts'

/** How an invocation ended: by its handler, or because it was cut off. */
export type Ended = { value: unknown } | { failure: FunctionFailure }

type Running = {
  requestId: string
  /** How many calls the function has made in this invocation. */
  calls: number
  resolve(how: Ended): void
}

/** Asked before and after every call a function makes; true kills the function there. */
export type Killer = (call: FunctionCall) => boolean

type SendRequest = {
  handle(request: SentRequest, options?: unknown): Promise<unknown>
}
type SentRequest = {
  method: string
  path: string
  headers: Record<string, string>
  body?: unknown
}

/**
 * One execution environment: one binding of the handler to the simulation, which serves one
 * invocation at a time and keeps what the handler remembers between them.
 *
 * A call that is made while no invocation runs never reaches AWS: that is what a function does
 * whose time was up, or that was killed.
 */
export class Environment {
  readonly log: FunctionLog
  /** Taken by an invocation, from its start to its last line of log. */
  busy = false
  /** Never used again: cut off in the middle, or of an earlier version of the function. */
  retired = false
  /** Simulated milliseconds. */
  idleSince: number
  /** What was logged in the present invocation. */
  lines: string[] = []
  readonly #aws: Aws
  readonly #fn: LambdaFunction
  readonly #runtime: Runtime
  readonly #killer: () => Killer | undefined
  readonly #caller: Caller
  #running: Running | undefined
  #bound: Handler | undefined

  constructor(
    fn: LambdaFunction,
    { aws, runtime, killer }: { aws: Aws; runtime: Runtime; killer: () => Killer | undefined },
  ) {
    this.#aws = aws
    this.#fn = fn
    this.#runtime = runtime
    this.#killer = killer
    this.#caller = { kind: 'function', name: fn.name, roleArn: fn.settings.Role }
    this.log = new FunctionLog(aws, fn)
    this.idleSince = aws.world.now
  }

  /**
   * Runs the handler, bound at the first event, as its own wrapper does on AWS.
   *
   * @returns how it ended, which is what came first: its answer, its error, or `end`.
   */
  handle(event: unknown, context: Context): Promise<Ended> {
    return new Promise((resolve) => {
      const running = { requestId: context.awsRequestId, calls: 0, resolve }
      this.#running = running
      this.#caller.run = context.awsRequestId
      const end = (how: Ended) => this.#running === running && this.end(how)
      const run = async () => {
        this.#bound ??= this.#bind()
        return this.#bound(event, context)
      }
      void this.#aws.world.busy(() =>
        run().then(
          (value) => end({ value }),
          (error: unknown) => end({ failure: thrown(error, this.#fn.bundle.loadedFrom) }),
        ),
      )
    })
  }

  /** Ends the invocation that runs, if there is one; from here on its calls are not made. */
  end(how: Ended): void {
    this.#running?.resolve(how)
    this.#running = undefined
  }

  /** A line of the function or of Lambda itself. */
  write(line: string): void {
    this.lines.push(line)
    this.log.write(line)
  }

  #bind(): Handler {
    const { world } = this.#aws
    const { name, bundle } = this.#fn
    const aws = this.#watched(this.#runtime.sdk(this.#caller))
    const make = this.#runtime.client
    return bundle.handler.on({
      environment: this.#variables(),
      now: () => world.date,
      newId: () => world.random.uuid(`lambda/${name}/id`),
      pause: (milliseconds) => world.idle(() => world.sleep(milliseconds, `lambda/${name}: pause`)),
      fetch: (input, options) => {
        const request = new Request(input, options)
        const what = `${request.method} ${new URL(request.url).host}`
        return this.#call(what, () => this.#runtime.fetch(request))
      },
      taskRoot: bundle.directory,
      aws,
      ...(make === undefined ? {} : { client: (kind) => make(kind, aws) }),
      // Lines after the end of the invocation are lost.
      writeLog: (line) => this.#running && this.write(line),
    })
  }

  /** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
  #variables(): Record<string, string> {
    const { name, settings } = this.#fn
    const { region } = this.#aws
    return {
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_EXECUTION_ENV: `AWS_Lambda_${settings.Runtime}`,
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.MemorySize),
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: this.log.group,
      AWS_LAMBDA_LOG_STREAM_NAME: this.log.stream,
      LAMBDA_TASK_ROOT: '/var/task',
      TZ: ':UTC',
      _HANDLER: settings.Handler,
      ...settings.variables,
    }
  }

  #watched(configuration: SdkConfiguration): SdkConfiguration {
    const handler = configuration.requestHandler as SendRequest
    const handle: SendRequest['handle'] = (request, options) =>
      this.#call(operationOf(request), () => handler.handle(request, options))
    return { ...configuration, requestHandler: { ...handler, handle } }
  }

  /** Makes one call for the invocation that runs, and ends it there if `killer` returns true. */
  async #call<Answer>(operation: string, make: () => Promise<Answer>): Promise<Answer> {
    const running = this.#running
    if (running === undefined) throw new Gone()
    const n = ++running.calls
    this.#mayDie(running, { n, operation, when: 'before' })
    const answer = await make()
    this.#mayDie(running, { n, operation, when: 'after' })
    return answer
  }

  #mayDie(running: Running, call: Pick<FunctionCall, 'n' | 'operation' | 'when'>): void {
    if (this.#running !== running) throw new Gone()
    const { requestId } = running
    if (!this.#killer()?.({ function: this.#fn.name, requestId, ...call })) return
    this.end({ failure: killed(requestId) })
    throw new Gone()
  }
}

/** Thrown into code whose result is no longer awaited. */
class Gone extends Error {
  override readonly name = 'Gone'
  constructor() {
    super('The execution environment of this invocation has ended.')
  }
}

/** The operation an SDK request asks for, wherever its protocol puts the name. */
function operationOf({ method, path, headers, body }: SentRequest): string {
  const target = headers['x-amz-target'] ?? headers['X-Amz-Target']
  const rpc = /\/operation\/(\w+)$/.exec(path)?.[1]
  const action = typeof body === 'string' ? /(?:^|&)Action=(\w+)/.exec(body)?.[1] : undefined
  return target?.split('.').at(-1) ?? rpc ?? action ?? `${method} ${path}`
}
