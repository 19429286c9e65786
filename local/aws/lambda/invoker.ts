import type { Context } from 'aws-lambda'
import { concurrencyOf, overConcurrency } from './concurrency.ts'
import { type Ended, Environment, type Killer } from './environment.ts'
import { answerOf, type FunctionFailure, failed, timedOut } from './failure.ts'
import type { LambdaFunction } from './model.ts'
import { endLines, errorLine, startLines } from './platform-log.ts'
import type { FunctionStore } from './store.ts'

/** What is to be run. */
type Invocation = {
  /** JSON. */
  payload: string
  requestId: string
  /** What started it, for the metrics. */
  source: 'RequestResponse' | 'Event' | 'EventSourceMapping'
  clientContext?: Context['clientContext']
}

/** How it ended. */
export type Result = {
  /** JSON: what the handler returned, or the failure. */
  payload: string
  failure?: FunctionFailure
  /** What it logged. */
  lines: string[]
}

/** For metrics: one invocation, or one that was refused. Durations are simulated milliseconds. */
export type Invoked = {
  functionName: string
  at: Date
  requestId: string
  source: Invocation['source']
  outcome: 'success' | 'error' | 'throttled'
  errorType?: string
  duration: number
  /** Of the environment, when this was its first invocation. */
  init?: number
  /** Invocations of this function that run now, this one among them. */
  concurrent: number
}

/** Milliseconds: what Node 24 on arm64 takes to start, 98 of 100; and a small handler's own work. */
const COLD = { low: 150, high: 300 }
const WORK = { low: 2, high: 9 }

/** AWS does not say how long an idle environment stays; a quarter of an hour is usual. */
const IDLE_MILLISECONDS = 15 * 60_000

/** What an invocation was given, and what it answered (JSON); no answer when it was throttled. */
export type Said = { payload: string; answer?: string }

/** Told of each invocation. What was said is not kept: who needs of it takes it at once. */
export type InvocationListener = (invoked: Invoked, said: Said) => void

/** Runs functions, each invocation in an environment of its own. */
export class Invoker {
  readonly store: FunctionStore
  killer: Killer | undefined
  readonly listeners = new Set<InvocationListener>()

  constructor(store: FunctionStore) {
    this.store = store
  }

  /**
   * Runs a function once.
   *
   * @throws AwsError TooManyRequestsException when no more may run at the same time, and
   *   ResourceNotFoundException when the function was deleted meanwhile.
   */
  async run({ name }: LambdaFunction, invocation: Invocation): Promise<Result> {
    const fn = this.store.find(name)
    const refused = overConcurrency(this.store, fn)
    if (refused !== undefined) {
      this.#tell(fn, invocation, { outcome: 'throttled', duration: 0 })
      throw refused
    }
    const idle = this.#idle(fn)
    const environment = idle ?? this.#open(fn)
    environment.busy = true
    const init = idle === undefined ? await this.#wait(`${fn.name} starts`, COLD) : undefined
    const { requestId } = invocation
    environment.lines = []
    for (const line of startLines(fn, this.#now, requestId, init !== undefined)) {
      environment.write(line)
    }
    const start = this.#now.getTime()
    const how = await this.#handle(fn, invocation, environment)
    const duration = this.#now.getTime() - start
    return this.#finish(fn, invocation, environment, how, {
      duration,
      ...(init === undefined ? {} : { init }),
    })
  }

  /** Runs the handler until it ends or its time is up. */
  async #handle(
    fn: LambdaFunction,
    invocation: Invocation,
    environment: Environment,
  ): Promise<Ended> {
    const { requestId, payload } = invocation
    const seconds = fn.settings.Timeout
    const deadline = this.store.aws.world.after(seconds * 1000, `${fn.name} times out`, () =>
      environment.end({ failure: timedOut(requestId, seconds) }),
    )
    await this.#wait(`${fn.name} works`, WORK)
    const context = this.#context(fn, invocation, environment, deadline.at)
    const how = await environment.handle(JSON.parse(payload), context)
    deadline.cancel()
    return how
  }

  #finish(
    fn: LambdaFunction,
    invocation: Invocation,
    environment: Environment,
    how: Ended,
    took: { duration: number; init?: number },
  ): Result {
    const { requestId } = invocation
    const { payload, failure } = 'value' in how ? answerOf(how.value) : failed(how.failure)
    const thrown = failure?.trace !== undefined
    if (thrown) environment.write(errorLine(fn, this.#now, requestId, failure))
    for (const line of endLines(fn, this.#now, { requestId, ...took, failure })) {
      environment.write(line)
    }
    environment.log.flush()
    const outcome = failure === undefined ? 'success' : 'error'
    const errorType = failure === undefined ? {} : { errorType: failure.errorType }
    this.#tell(fn, invocation, { outcome, ...errorType, ...took }, payload)
    environment.busy = false
    environment.idleSince = this.#now.getTime()
    // An environment that was cut off in the middle is not used again.
    environment.retired ||= failure !== undefined && !thrown
    return { payload, ...(failure === undefined ? {} : { failure }), lines: environment.lines }
  }

  get #now(): Date {
    return this.store.aws.world.date
  }

  /** @returns the milliseconds it took. */
  async #wait(what: string, { low, high }: { low: number; high: number }): Promise<number> {
    const { world } = this.store.aws
    const wait = Math.round(world.random.between(`lambda/${what}`, low, high))
    await world.sleep(wait, what)
    return wait
  }

  #idle(fn: LambdaFunction): Environment | undefined {
    const oldest = this.#now.getTime() - IDLE_MILLISECONDS
    const kept = this.store
      .environmentsOf(fn)
      .filter(({ busy, retired, idleSince }) => busy || (!retired && idleSince >= oldest))
    this.store.keepEnvironments(fn, kept)
    return kept.find(({ busy }) => !busy)
  }

  #open(fn: LambdaFunction): Environment {
    const { aws, runtime } = this.store
    const environment = new Environment(fn, { aws, runtime, killer: () => this.killer })
    this.store.environmentsOf(fn).push(environment)
    return environment
  }

  #context(
    fn: LambdaFunction,
    { requestId, clientContext }: Invocation,
    { log }: Environment,
    deadline: number,
  ): Context {
    const { world } = this.store.aws
    // The type still has three functions of Node 0.10, which no runtime offers any more.
    const context: Omit<Context, 'done' | 'fail' | 'succeed'> = {
      callbackWaitsForEmptyEventLoop: true,
      functionName: fn.name,
      functionVersion: '$LATEST',
      invokedFunctionArn: fn.arn,
      memoryLimitInMB: String(fn.settings.MemorySize),
      awsRequestId: requestId,
      logGroupName: log.group,
      logStreamName: log.stream,
      clientContext,
      getRemainingTimeInMillis: () => Math.max(0, deadline - world.now),
    }
    return context as Context
  }

  #tell(
    fn: LambdaFunction,
    { requestId, source, payload }: Invocation,
    how: Pick<Invoked, 'outcome' | 'duration' | 'errorType' | 'init'>,
    answer?: string,
  ): void {
    const concurrent = concurrencyOf(this.store, fn)
    const invoked = { functionName: fn.name, at: this.#now, requestId, source, concurrent, ...how }
    const said = answer === undefined ? { payload } : { payload, answer }
    for (const listener of this.listeners) listener(invoked, said)
  }
}
