import type {
  DescribeExecutionCommandOutput,
  DescribeStateMachineForExecutionCommandOutput,
  GetExecutionHistoryCommandInput,
  GetExecutionHistoryCommandOutput,
  ListExecutionsCommandInput,
  ListExecutionsCommandOutput,
  StartExecutionCommandInput,
  StartExecutionCommandOutput,
  StartSyncExecutionCommandInput,
  StartSyncExecutionCommandOutput,
  StopExecutionCommandInput,
} from '@aws-sdk/client-sfn'
import { AwsError, NotImplemented } from '../errors.ts'
import { type Engine, Execution, redriveOf } from './execution.ts'
import { failureOf, withoutData } from './history.ts'
import { start } from './interpreter.ts'
import { PAYLOAD_LIMIT } from './language.ts'
import { writeLog } from './logging.ts'
import { checkName, configurationOf, type Machines } from './machines.ts'
import { page } from './paging.ts'

type Answer<Output> = Omit<Output, '$metadata'>

/** Executions of all machines, by ARN, oldest first. */
export class Executions {
  readonly #engine: Engine
  readonly #machines: Machines
  readonly #executions = new Map<string, Execution>()

  constructor(engine: Engine, machines: Machines) {
    this.#engine = engine
    this.#machines = machines
  }

  /** Standard names are unique; the same name and input while running is the same execution. */
  start(input: StartExecutionCommandInput): Answer<StartExecutionCommandOutput> {
    const execution = this.#start(input)
    return { executionArn: execution.arn, startDate: execution.startDate }
  }

  /** Express only: answers when the execution has ended. */
  async startSync(
    input: StartSyncExecutionCommandInput,
  ): Promise<Answer<StartSyncExecutionCommandOutput>> {
    if (this.#machines.get(input.stateMachineArn).type !== 'EXPRESS') {
      throw new AwsError(
        'StateMachineTypeNotSupported',
        'This operation is not supported by this type of state machine',
      )
    }
    const execution = this.#start(input)
    await new Promise<void>((resolve) => execution.onEnd(resolve))
    const { status, stopDate } = execution
    const timedOut = status === 'TIMED_OUT' ? { error: 'States.Timeout' } : {}
    return {
      executionArn: execution.arn,
      stateMachineArn: execution.machine.arn,
      name: execution.name,
      startDate: execution.startDate,
      stopDate,
      status: status === 'SUCCEEDED' || status === 'TIMED_OUT' ? status : 'FAILED',
      ...dataOf(execution),
      ...timedOut,
      billingDetails: billed(execution),
    }
  }

  describe(input: { executionArn?: string | undefined }): Answer<DescribeExecutionCommandOutput> {
    const execution = this.get(input.executionArn)
    return {
      executionArn: execution.arn,
      stateMachineArn: execution.machine.arn,
      name: execution.name,
      status: execution.status,
      startDate: execution.startDate,
      ...(execution.stopDate === undefined ? {} : { stopDate: execution.stopDate }),
      ...dataOf(execution),
      redriveCount: 0,
      ...redriveOf(execution.status),
    }
  }

  describeMachine(input: {
    executionArn?: string | undefined
  }): Answer<DescribeStateMachineForExecutionCommandOutput> {
    const { machine } = this.get(input.executionArn)
    return {
      stateMachineArn: machine.arn,
      name: machine.name,
      definition: machine.text,
      roleArn: machine.roleArn,
      updateDate: machine.updatedAt,
      ...configurationOf(machine),
    }
  }

  /** Newest first. */
  list(input: ListExecutionsCommandInput): Answer<ListExecutionsCommandOutput> {
    if (input.mapRunArn !== undefined || input.redriveFilter !== undefined) {
      throw new NotImplemented('map runs and redrive (sfn:ListExecutions)')
    }
    const machine = this.#machines.get(input.stateMachineArn)
    if (machine.type === 'EXPRESS') {
      throw new AwsError(
        'StateMachineTypeNotSupported',
        'This operation is not supported by this type of state machine',
      )
    }
    const shown = [...this.#executions.values()]
      .filter((execution) => execution.machine.arn === machine.arn)
      .filter(({ status }) => input.statusFilter === undefined || status === input.statusFilter)
      .reverse()
      .map((execution) => ({
        executionArn: execution.arn,
        stateMachineArn: machine.arn,
        name: execution.name,
        status: execution.status,
        startDate: execution.startDate,
        ...(execution.stopDate === undefined ? {} : { stopDate: execution.stopDate }),
        redriveCount: 0,
      }))
    const { items, ...rest } = page(shown, input)
    return { executions: items, ...rest }
  }

  history(input: GetExecutionHistoryCommandInput): Answer<GetExecutionHistoryCommandOutput> {
    const { history } = this.get(input.executionArn)
    const events = input.reverseOrder === true ? [...history.events].reverse() : history.events
    const { items, ...rest } = page(events, input)
    return {
      events: input.includeExecutionData === false ? items.map(withoutData) : items,
      ...rest,
    }
  }

  /** Stopping an ended execution changes nothing and returns when it ended. */
  stop(input: StopExecutionCommandInput): { stopDate: Date } {
    const execution = this.get(input.executionArn)
    execution.stop({ error: input.error, cause: input.cause })
    return { stopDate: execution.stopDate ?? this.#engine.aws.world.date }
  }

  /** @throws AwsError InvalidArn, ExecutionDoesNotExist */
  get(arn: string | undefined): Execution {
    if (
      arn === undefined ||
      !/^arn:[^:]+:states:[^:]+:\d{12}:(execution|express):[^:]+:[^:]+(:[^:]+)?$/.test(arn)
    ) {
      throw new AwsError('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${arn}'`)
    }
    if (arn.split(':')[5] === 'express') {
      throw new AwsError(
        'InvalidArn',
        `Invalid Arn: 'Resource type not valid in this context: express'`,
      )
    }
    const execution = this.#executions.get(arn)
    // AWS keeps no record of an express execution.
    if (execution !== undefined && execution.machine.type === 'STANDARD') return execution
    throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`)
  }

  all(): Iterable<Execution> {
    return this.#executions.values()
  }

  #start(input: StartExecutionCommandInput): Execution {
    const machine = this.#machines.get(input.stateMachineArn)
    const { random } = this.#engine.aws.world
    const name =
      input.name === undefined ? random.uuid('stepfunctions/name') : checkName(input.name)
    const text = checkInput(input.input)
    const express = machine.type === 'EXPRESS'
    const resource = express
      ? `express:${machine.name}:${name}:${random.uuid('stepfunctions/express')}`
      : `execution:${machine.name}:${name}`
    const arn = this.#engine.aws.arn('states', resource)
    const existing = this.#executions.get(arn)
    if (existing !== undefined) {
      if (existing.running && existing.inputText === text) return existing
      throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`)
    }
    const execution = new Execution(this.#engine, { arn, name, machine, input: text })
    this.#executions.set(arn, execution)
    if (express) execution.onEnd(() => this.#executions.delete(arn))
    const { logging } = machine
    if (logging.level !== 'OFF') {
      execution.onEnd(() => writeLog(this.#engine.aws, execution, logging))
    }
    start(execution)
    return execution
  }
}

/** 100 ms and 64 MB at least: https://aws.amazon.com/step-functions/pricing/ */
function billed({ startDate, stopDate = startDate }: Execution) {
  const took = stopDate.getTime() - startDate.getTime()
  const billedDurationInMilliseconds = Math.max(1, Math.ceil(took / 100)) * 100
  return { billedDurationInMilliseconds, billedMemoryUsedInMB: 64 }
}

function checkInput(text: string | null | undefined): string {
  if (text === undefined || text === null) return '{}'
  const invalid = (why: string) =>
    new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${why}'`)
  if (text === '') throw invalid('Invalid execution input.')
  if (Buffer.byteLength(text) > PAYLOAD_LIMIT) {
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to ${PAYLOAD_LIMIT}`,
    )
  }
  try {
    JSON.parse(text)
    return text
  } catch (error) {
    throw invalid((error as Error).message)
  }
}

function dataOf(execution: Execution) {
  return {
    input: execution.inputText,
    inputDetails: { included: true },
    ...(execution.output === undefined
      ? {}
      : { output: execution.output, outputDetails: { included: true } }),
    ...failureOf(execution),
  }
}
