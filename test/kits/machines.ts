import type { HistoryEvent } from '@aws-sdk/client-sfn'
import type { Operations, Service } from '../../local/aws/aws.ts'
import { Sfn } from '../../local/aws/stepfunctions/service.ts'
import { Account } from './account.ts'

export const ROLE = 'arn:aws:iam::123456789012:role/machine'

/** An account with Step Functions and whatever fakes a test needs. */
export class Machines extends Account {
  readonly sfn = new Sfn(this.aws)

  constructor(fakes: Record<string, Operations> = {}, seed = 1) {
    super([], seed)
    this.aws.register(this.sfn)
    for (const [id, operations] of Object.entries(fakes)) {
      this.aws.register({ id, operations } satisfies Service)
    }
  }

  async create(
    definition: object,
    options: { name?: string; type?: string } = {},
  ): Promise<string> {
    const { stateMachineArn } = await this.call<{ stateMachineArn: string }>(
      'sfn',
      'CreateStateMachine',
      {
        name: options.name ?? 'machine',
        roleArn: ROLE,
        definition: JSON.stringify({ QueryLanguage: 'JSONata', ...definition }),
        ...(options.type === undefined ? {} : { type: options.type }),
      },
    )
    return stateMachineArn
  }

  async start(stateMachineArn: string, input: unknown = {}, name?: string): Promise<string> {
    const { executionArn } = await this.call<{ executionArn: string }>('sfn', 'StartExecution', {
      stateMachineArn,
      input: JSON.stringify(input),
      ...(name === undefined ? {} : { name }),
    })
    return executionArn
  }

  /** Creates the machine, runs it for up to an hour, and tells how it went. */
  async play(definition: object, input: unknown = {}, milliseconds = 3_600_000): Promise<Told> {
    const arn = await this.start(await this.create(definition), input, 'run')
    await this.run(milliseconds)
    return this.told(arn)
  }

  async told(executionArn: string): Promise<Told> {
    const described = await this.call<Told>('sfn', 'DescribeExecution', { executionArn })
    const { events } = await this.call<{ events: HistoryEvent[] }>('sfn', 'GetExecutionHistory', {
      executionArn,
      maxResults: 1000,
    })
    const output = (described as { output?: string }).output
    return { ...described, events, output: output === undefined ? undefined : JSON.parse(output) }
  }
}

/** A machine of one Task, `T`. */
export const task = (resource: string, fields: object = {}, rest: object = {}) => ({
  StartAt: 'T',
  States: {
    T: { Type: 'Task', Resource: `arn:aws:states:::${resource}`, End: true, ...fields },
    ...rest,
  },
})

export type Told = {
  status: string
  output: unknown
  error?: string
  cause?: string
  events: HistoryEvent[]
}

/** One event as `id<previous Type {details}`, the details without what every event has. */
export function line(event: HistoryEvent): string {
  const details = Object.entries(event).find(([name]) => name.endsWith('EventDetails'))?.[1]
  const { inputDetails, outputDetails, assignedVariablesDetails, ...told } = (details ??
    {}) as Record<string, unknown>
  const text = Object.keys(told).length === 0 ? '' : ` ${JSON.stringify(told)}`
  return `${event.id}<${event.previousEventId} ${event.type}${text}`
}

/** Only ids, types and what they follow. */
export function chain(events: HistoryEvent[]): string[] {
  return events.map((event) => `${event.id}<${event.previousEventId} ${event.type}`)
}

export function types(events: HistoryEvent[]): string[] {
  return events.map((event) => event.type ?? '')
}
