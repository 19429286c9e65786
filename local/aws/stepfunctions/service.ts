import type {
  SendTaskFailureCommandInput,
  SendTaskHeartbeatCommandInput,
  SendTaskSuccessCommandInput,
} from '@aws-sdk/client-sfn'
import type { Aws, Operations, Service } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { taggable } from '../tags.ts'
import type { Execution } from './execution.ts'
import { Executions } from './executions.ts'
import { StatesError } from './failure.ts'
import type { Json } from './language.ts'
import { Machines } from './machines.ts'
import { Query } from './query.ts'
import { TaskTokens } from './tokens.ts'

/**
 * AWS Step Functions for JSONata state machines.
 *
 * Not simulated, and refused by name: JSONPath, distributed Map, versions and aliases, activities,
 * redrive, map runs, TestState, HTTP tasks.
 */
export class Sfn implements Service {
  readonly id = 'sfn'
  readonly operations: Operations
  readonly #machines: Machines
  readonly #executions: Executions
  readonly #tokens: TaskTokens

  constructor(aws: Aws) {
    const machines = new Machines(aws)
    const tokens = new TaskTokens(aws.world)
    const engine = {
      aws,
      query: new Query(aws.world),
      tokens,
      ended: (arn: string) => new Promise<void>((resolve) => this.execution(arn).onEnd(resolve)),
    }
    const executions = new Executions(engine, machines)
    this.#machines = machines
    this.#executions = executions
    this.#tokens = tokens
    this.operations = {
      CreateStateMachine: (input: never) => machines.create(input),
      UpdateStateMachine: (input: never) => machines.update(input),
      DescribeStateMachine: (input: never) => machines.describe(input),
      DescribeStateMachineForExecution: (input: never) => executions.describeMachine(input),
      ListStateMachines: (input: never) => machines.list(input),
      DeleteStateMachine: (input: never) => machines.delete(input),
      ValidateStateMachineDefinition: (input: never) => machines.validate(input),
      StartExecution: (input: never) => executions.start(input),
      StartSyncExecution: (input: never) => executions.startSync(input),
      DescribeExecution: (input: never) => executions.describe(input),
      ListExecutions: (input: never) => executions.list(input),
      GetExecutionHistory: (input: never) => executions.history(input),
      StopExecution: (input: never) => executions.stop(input),
      SendTaskSuccess: (input: never) => this.#sendSuccess(input),
      SendTaskFailure: (input: never) => this.#sendFailure(input),
      SendTaskHeartbeat: (input: never) => this.#sendHeartbeat(input),
      ...taggable(
        { resource: 'resourceArn', members: ['tags', 'tagKeys'], form: 'lower-case list' },
        (arn) => machines.tagsOf(arn),
      ),
    }
  }

  /** Every execution there has been, oldest first, with its history and machine. */
  get executions(): readonly Execution[] {
    return [...this.#executions.all()]
  }

  /** @throws AwsError ExecutionDoesNotExist */
  execution(arn: string): Execution {
    return this.#executions.get(arn)
  }

  /** The ARN of the machine that a task token was issued by. */
  machineWaitingFor(token: string): string | undefined {
    return this.#tokens.machineOf(token)
  }

  tagged(): Iterable<{ arn: string; tags: Record<string, string> }> {
    return this.#machines.tagged()
  }

  #sendSuccess(input: SendTaskSuccessCommandInput): object {
    const waiter = this.#tokens.waiter(input.taskToken ?? '')
    waiter.succeed(outputOf(input.output ?? ''))
    this.#tokens.retire(input.taskToken ?? '')
    return {}
  }

  #sendFailure(input: SendTaskFailureCommandInput): object {
    const waiter = this.#tokens.waiter(input.taskToken ?? '')
    waiter.fail(new StatesError(input.error, input.cause))
    this.#tokens.retire(input.taskToken ?? '')
    return {}
  }

  #sendHeartbeat(input: SendTaskHeartbeatCommandInput): object {
    this.#tokens.waiter(input.taskToken ?? '').heartbeat()
    return {}
  }
}

function outputOf(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch (error) {
    throw new AwsError('InvalidOutput', `Invalid Output: '${(error as Error).message}'`)
  }
}
