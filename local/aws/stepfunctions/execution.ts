import type {
  ExecutionStatus,
  HistoryEventType,
  LoggingConfiguration,
  TracingConfiguration,
} from '@aws-sdk/client-sfn'
import type { Aws } from '../aws.ts'
import type { Timer, World } from '../world.ts'
import type { StatesError } from './failure.ts'
import { type EventDetails, failureOf, History, inputText, outputOf } from './history.ts'
import type { Definition, Json } from './language.ts'
import type { Query } from './query.ts'
import type { TaskTokens } from './tokens.ts'

/** What executions of all machines share. */
export type Engine = {
  aws: Aws
  query: Query
  tokens: TaskTokens
  /** Resolves when the execution of that ARN has ended. */
  ended(executionArn: string): Promise<void>
}

/** The machine as it was when the execution started. */
export type MachineRevision = {
  arn: string
  name: string
  roleArn: string
  type: 'STANDARD' | 'EXPRESS'
  text: string
  definition: Definition
  updatedAt: Date
  logging: LoggingConfiguration
  tracing: TracingConfiguration
  revisionId: string | undefined
}

/** One execution: its state as DescribeExecution tells it, its history, and its end. */
export class Execution {
  readonly engine: Engine
  readonly arn: string
  readonly name: string
  readonly machine: MachineRevision
  readonly inputText: string
  readonly input: Json
  readonly startDate: Date
  readonly history: History
  status: ExecutionStatus = 'RUNNING'
  stopDate: Date | undefined
  output: string | undefined
  error: string | undefined
  cause: string | undefined
  /** Attempts after a first one; AWS bills them as state transitions. */
  retries = 0
  #timeout: Timer | undefined
  #abort: () => void = () => {}
  readonly #listeners: (() => void)[] = []

  constructor(
    engine: Engine,
    options: { arn: string; name: string; machine: MachineRevision; input: string },
  ) {
    this.engine = engine
    this.arn = options.arn
    this.name = options.name
    this.machine = options.machine
    this.inputText = options.input
    this.input = JSON.parse(options.input) as Json
    this.startDate = engine.aws.world.date
    this.history = new History(engine.aws.world)
  }

  get world(): World {
    return this.engine.aws.world
  }

  get running(): boolean {
    return this.status === 'RUNNING'
  }

  /** State transitions as they are billed: states entered, and retries (pricing page). */
  get transitions(): number {
    return this.history.statesEntered + this.retries
  }

  /**
   * Records the start and sets the machine's own timeout.
   *
   * @param abort ends whatever its states still do; called when the execution ends.
   */
  begin(abort: () => void): void {
    this.#abort = abort
    this.history.append('ExecutionStarted', 0, {
      executionStartedEventDetails: { ...inputText(this.inputText), roleArn: this.machine.roleArn },
    })
    this.#announce()
    const seconds = this.machine.definition.TimeoutSeconds
    if (seconds === undefined) return
    this.#timeout = this.world.after(seconds * 1000, `timeout of ${this.name}`, () => {
      this.#end('TIMED_OUT', 'ExecutionTimedOut', 0, {
        executionTimedOutEventDetails: { error: 'States.Timeout' },
      })
    })
  }

  /** @param previous the event of the history that the end follows. */
  succeed(output: Json, previous: number): void {
    this.output = JSON.stringify(output)
    this.#end('SUCCEEDED', 'ExecutionSucceeded', previous, {
      executionSucceededEventDetails: outputOf(output),
    })
  }

  /** @param previous the event of the history that the end follows. */
  fail(failure: StatesError, previous: number): void {
    this.error = failure.error
    this.cause = failure.cause
    this.#end('FAILED', 'ExecutionFailed', previous, {
      executionFailedEventDetails: failureOf(failure),
    })
  }

  stop(reason: { error?: string | undefined; cause?: string | undefined }): void {
    this.error = reason.error
    this.cause = reason.cause
    this.#end('ABORTED', 'ExecutionAborted', 0, {
      executionAbortedEventDetails: failureOf(reason),
    })
  }

  /** Called once when the execution ends; at once when it has. */
  onEnd(listener: () => void): void {
    if (this.running) this.#listeners.push(listener)
    else listener()
  }

  #end(status: ExecutionStatus, type: HistoryEventType, previous: number, details: EventDetails) {
    if (!this.running) return
    this.#timeout?.cancel()
    this.history.append(type, previous, details)
    this.#abort()
    this.status = status
    this.stopDate = this.world.date
    this.#announce()
    for (const listener of this.#listeners) listener()
  }

  /** eventbridge-integration.html: standard workflows only. */
  #announce(): void {
    if (this.machine.type === 'EXPRESS') return
    const redrivable = redriveOf(this.status)
    const data = eventData(this.inputText, this.output)
    this.engine.aws.emit({
      source: 'aws.states',
      detailType: 'Step Functions Execution Status Change',
      resources: [this.arn],
      delivery: 'best-effort',
      detail: {
        executionArn: this.arn,
        stateMachineArn: this.machine.arn,
        name: this.name,
        status: this.status,
        startDate: this.startDate.getTime(),
        stopDate: this.stopDate?.getTime() ?? null,
        ...data,
        stateMachineVersionArn: null,
        stateMachineAliasArn: null,
        redriveCount: 0,
        redriveDate: null,
        redriveStatus: redrivable.redriveStatus,
        redriveStatusReason: redrivable.redriveStatusReason ?? null,
        error: this.status === 'TIMED_OUT' ? 'States.Timeout' : (this.error ?? null),
        cause: this.cause ?? null,
      },
    })
  }
}

/** Bytes of input and output, as they are escaped in an event. */
const MOST_EVENT_DATA = 248 * 1024

/**
 * Input and output of an event: together with the input it is too large for, without it; with an
 * output that is too large by itself, without both.
 * https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
function eventData(input: string, output: string | undefined) {
  const escaped = (text = '') => Buffer.byteLength(JSON.stringify(text)) - 2
  const inputFits = escaped(input) + escaped(output) <= MOST_EVENT_DATA
  const outputFits = escaped(output) <= MOST_EVENT_DATA
  return {
    input: inputFits ? input : null,
    inputDetails: { included: inputFits },
    output: outputFits ? (output ?? null) : null,
    outputDetails: output === undefined ? null : { included: outputFits },
  }
}

/** Whether AWS would let an execution be redriven (redrive-executions.html). */
export function redriveOf(status: ExecutionStatus): {
  redriveStatus: 'REDRIVABLE' | 'NOT_REDRIVABLE'
  redriveStatusReason?: string
} {
  if (status !== 'RUNNING' && status !== 'SUCCEEDED') return { redriveStatus: 'REDRIVABLE' }
  return {
    redriveStatus: 'NOT_REDRIVABLE',
    redriveStatusReason: `Execution is ${status} and cannot be redriven`,
  }
}
