import {
  DescribeExecutionCommand,
  DescribeStateMachineForExecutionCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  SFNClient,
} from '@aws-sdk/client-sfn'
import type { ExecutionSource } from '../../local/console/source.ts'
import type { Configuration } from '../asking/configuration.ts'

/** `GetExecutionHistory` answers a thousand events at once; a roll-out has some hundred. */
const EVENTS_AT_ONCE = 1000
const MOST_PAGES = 3
/** Executions that are over and kept: they never change. */
const KEPT = 50

/** Executions as Step Functions tells them, read with the caller's own rights. */
export class Executions {
  readonly #client: SFNClient
  readonly #over = new Map<string, ExecutionSource>()

  constructor(configuration: Configuration) {
    this.#client = new SFNClient(configuration)
  }

  /**
   * One execution with all that it did; undefined for one that is not there: Step Functions keeps
   * them for 90 days. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
   */
  async read(executionArn: string): Promise<ExecutionSource | undefined> {
    const known = this.#over.get(executionArn)
    if (known !== undefined) return known
    try {
      const read = await this.#read(executionArn)
      if (read.stopDate !== undefined) this.#keep(read)
      return read
    } catch (error) {
      const { name } = error as Error
      if (name === 'ExecutionDoesNotExist' || name === 'InvalidArn') return undefined
      throw error
    }
  }

  async #read(executionArn: string): Promise<ExecutionSource> {
    const client = this.#client
    const [execution, machine, events] = await Promise.all([
      client.send(new DescribeExecutionCommand({ executionArn })),
      client.send(new DescribeStateMachineForExecutionCommand({ executionArn })),
      this.#events(executionArn),
    ])
    return {
      arn: executionArn,
      machine: {
        arn: machine.stateMachineArn ?? '',
        name: machine.name ?? '',
        text: machine.definition ?? '{"StartAt":"","States":{}}',
      },
      status: execution.status ?? 'RUNNING',
      startDate: execution.startDate ?? new Date(0),
      stopDate: execution.stopDate,
      inputText: execution.input ?? '{}',
      output: execution.output,
      error: execution.error,
      cause: execution.cause,
      history: { events },
    }
  }

  async #events(executionArn: string): Promise<HistoryEvent[]> {
    const events: HistoryEvent[] = []
    let nextToken: string | undefined
    for (let page = 0; page < MOST_PAGES; page++) {
      const answer = await this.#client.send(
        new GetExecutionHistoryCommand({
          ...{ executionArn, maxResults: EVENTS_AT_ONCE },
          ...(nextToken !== undefined && { nextToken }),
        }),
      )
      events.push(...(answer.events ?? []))
      nextToken = answer.nextToken
      if (nextToken === undefined) break
    }
    return events
  }

  #keep(one: ExecutionSource): void {
    this.#over.set(one.arn, one)
    const [oldest] = this.#over.keys()
    if (this.#over.size > KEPT && oldest !== undefined) this.#over.delete(oldest)
  }
}
