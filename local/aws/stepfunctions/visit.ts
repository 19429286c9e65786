import { StatesError } from './failure.ts'
import {
  expressionIn,
  fits,
  type Json,
  PAYLOAD_LIMIT,
  payloadSize,
  type State,
  type Transformation,
} from './language.ts'
import { QueryError } from './query.ts'
import type { Scope } from './scope.ts'

/** How a state ends: its output, the variables it sets, and the next state. */
export type Transition = {
  output: Json
  assign?: Record<string, Json>
  next: string | undefined
}

/** Results an expression may refer to beside the input. */
type Results = { result?: Json; errorOutput?: Json }

/** What an expression must give for a field, in JSONata's names of types. */
type ResultType = 'number' | 'string' | 'boolean' | 'array' | 'object'

/** Bytes all variables of an execution may hold together (workflow-variables.html). */
const ALL_VARIABLES_LIMIT = 10 * 1024 * 1024

/** One stay in one state, all attempts of it. */
export class Visit<Kind extends State = State> {
  readonly scope: Scope
  readonly name: string
  readonly state: Kind
  readonly input: Json
  readonly enteredTime: Date
  readonly enteredEventId: number
  retryCount = 0
  /** The token of the present attempt, while the state waits for one. */
  token: string | undefined

  constructor(scope: Scope, name: string, state: Kind, input: Json, enteredEventId: number) {
    this.scope = scope
    this.name = name
    this.state = state
    this.input = input
    this.enteredTime = scope.execution.world.date
    this.enteredEventId = enteredEventId
  }

  /** The value of a field of this state. Failing expressions are recorded and end the state. */
  async evaluate(template: Json, field: string, results: Results = {}, item?: Json): Promise<Json> {
    const { query } = this.scope.execution.engine
    const bindings = {
      ...this.scope.visibleVariables(),
      states: {
        input: this.input,
        context: { ...this.#context(), ...(item as object) },
        ...results,
      },
    }
    try {
      return await this.scope.wait(query.evaluate(template, field, bindings))
    } catch (error) {
      if (error instanceof QueryError) throw this.evaluationFailed(error.message, error.field)
      throw error
    }
  }

  /** The value of a field that takes one type only, whether literal or computed. */
  async evaluateAs(template: Json, type: ResultType, field: string): Promise<Json> {
    const value = await this.evaluate(template, field)
    const found = typeName(value)
    if (found === type) return value
    const expression = typeof template === 'string' ? expressionIn(template) : undefined
    const about =
      expression === undefined
        ? `The value specified for the field '${field}' has an unexpected type.`
        : `The JSONata expression '${expression}' specified for the field '${field}' returned an unexpected result type.`
    throw this.evaluationFailed(
      `${about} Expected '${type}', but was '${found}' for value: ${JSON.stringify(value)}`,
      field,
    )
  }

  /** A whole number within the bounds AWS sets for the field. */
  async evaluateInteger(template: Json, field: string, most: number): Promise<number> {
    const value = (await this.evaluateAs(template, 'number', field)) as number
    if (!Number.isInteger(value)) {
      throw this.evaluationFailed(
        `The ${field} field cannot be parsed as an integer: ${value}`,
        field,
      )
    }
    if (value < 0 || value > most) {
      throw this.evaluationFailed(`${field} must be between 0 and ${most} but was: ${value}`, field)
    }
    return value
  }

  /** Output and variables by a state's, rule's or catcher's own fields. Both see the old values. */
  async transform(
    fields: Transformation,
    fallback: Json,
    next: string | undefined,
    results: Results = {},
    prefix = '',
  ): Promise<Transition> {
    const assign =
      fields.Assign === undefined
        ? undefined
        : ((await this.evaluate(fields.Assign, `${prefix}Assign`, results)) as Record<string, Json>)
    const output =
      fields.Output === undefined
        ? fallback
        : await this.evaluate(fields.Output, `${prefix}Output`, results)
    if (assign !== undefined) this.#checkVariables(assign)
    this.checkSize(output)
    return { output, next, ...(assign === undefined ? {} : { assign }) }
  }

  /** @throws StatesError States.DataLimitExceeded */
  checkSize(value: Json): void {
    if (fits(value, PAYLOAD_LIMIT)) return
    throw new StatesError(
      'States.DataLimitExceeded',
      `The state/task '${this.name}' returned a result with a size exceeding the maximum number of bytes service limit.`,
    )
  }

  /** An error the interpreter itself raises, in AWS's words. */
  failure(error: string, message: string): StatesError {
    return new StatesError(error, this.#sentence(message))
  }

  /** Records that an expression of this state failed, and gives the error that ends the state. */
  evaluationFailed(message: string, location?: string): StatesError {
    const failure = this.failure('States.QueryEvaluationError', message)
    // AWS puts it beside the state's entry, not after it; but for a timestamp that is none.
    const { scope } = this
    if (
      scope.cursor === this.enteredEventId &&
      !(this.state.Type === 'Wait' && location === 'Timestamp')
    ) {
      scope.cursor = scope.execution.history.previousOf(this.enteredEventId)
    }
    scope.record('EvaluationFailed', {
      evaluationFailedEventDetails: {
        error: 'States.QueryEvaluationError',
        cause: failure.cause,
        ...(location === undefined ? {} : { location }),
        state: this.name,
      },
    })
    return failure
  }

  #sentence(message: string): string {
    return `An error occurred while executing the state '${this.name}' (entered at the event id #${this.enteredEventId}). ${message}`
  }

  /** The Context object (input-output-contextobject.html). */
  #context(): Record<string, Json> {
    const { execution, mapItem } = this.scope
    const retries = ['Task', 'Map', 'Parallel'].includes(this.state.Type)
    return {
      Execution: {
        Id: execution.arn,
        Input: execution.input,
        StartTime: execution.startDate.toISOString(),
        Name: execution.name,
        RoleArn: execution.machine.roleArn,
        RedriveCount: 0,
      },
      StateMachine: { Id: execution.machine.arn, Name: execution.machine.name },
      State: {
        Name: this.name,
        EnteredTime: this.enteredTime.toISOString(),
        ...(retries ? { RetryCount: this.retryCount } : {}),
      },
      ...(this.token === undefined ? {} : { Task: { Token: this.token } }),
      ...(mapItem === undefined ? {} : { Map: { Item: mapItem } }),
    }
  }

  #checkVariables(assign: Record<string, Json>): void {
    const every = { ...this.scope.visibleVariables(), ...assign }
    if (fits(assign, PAYLOAD_LIMIT) && fits(every, PAYLOAD_LIMIT)) return
    const size = Object.values(assign).reduce<number>((sum, value) => sum + payloadSize(value), 0)
    const all = Object.values(every).reduce<number>((sum, value) => sum + payloadSize(value), 0)
    if (size <= PAYLOAD_LIMIT && all <= ALL_VARIABLES_LIMIT) return
    throw this.failure(
      'States.DataLimitExceeded',
      `The variables assigned exceed the maximum size of ${size > PAYLOAD_LIMIT ? PAYLOAD_LIMIT : ALL_VARIABLES_LIMIT} bytes.`,
    )
  }
}

function typeName(value: Json): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
