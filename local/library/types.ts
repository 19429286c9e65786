/** What `app.synth()` of the CDK gives. */
export type CloudAssembly = { readonly directory: string }

export type LoadOptions = {
  /** What is left to chance; the same seed gives the same run. 1 when absent. */
  seed?: number
  /** The instant at which the stacks stand. 2026-03-02T09:00:00Z, a Monday, when absent. */
  start?: Date | string
  /** What functions do, by their name or the id of their construct; in place of their bundles. */
  functions?: Readonly<Record<string, FunctionCode>>
  /** Values of the stacks' parameters, by stack and name. */
  parameters?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** What a function has of the world. Its clock, its calls and its chance are the simulation's. */
export type FunctionTools = {
  /** An SDK client with the rights of the function's role. */
  client<Client>(kind: new (configuration: never) => Client): Client
  /** The function's environment variables. */
  environment: Readonly<Record<string, string | undefined>>
  now(): Date
  newId(): string
  /** Waits for simulated time. */
  pause(milliseconds: number): Promise<void>
  /** Writes a line into the function's log group. */
  log(line: string): void
}

/**
 * What a function does: called once for each execution environment, as the code outside a handler
 * is, and returns the handler.
 */
export type FunctionCode = (tools: FunctionTools) => (event: never) => unknown

/** A call that was made to AWS by a function, a state machine or a client of the test. */
export type Call = {
  /** The simulated instant, ISO 8601. */
  readonly at: string
  /** Such as `function/<name>`, `machine/<name>`, `person/test`. */
  readonly by: string
  /** The SDK package's name without `client-`: `ecs`, `sfn`. */
  readonly service: string
  readonly operation: string
  /** What it is about, as the request names it. */
  readonly resource: string
  /** `ok`, or the name of the error. */
  readonly outcome: string
}

/** One action on one resource that a role of the stacks allows. */
export type UsedGrant = {
  role: string
  /** `sqs:SendMessage on arn:aws:sqs:…` */
  grant: string
  /** How many calls needed it. */
  used: number
  /** Why nothing here can ever need it, if so. */
  unexercised?: string
}

/** How often something goes wrong, from 0 (never) to 1 (always); see docs/local-aws.md. */
export type Faults = {
  /** Events that AWS delivers as best it can (ECR's) never come. */
  lose?: number
  /** Events come more than once. */
  duplicate?: number
  /** Events come late: by seconds, up to a quarter of an hour. */
  delay?: number
  /** An event is overtaken by the next. */
  reorder?: number
  /** A change of an ECS service is not seen at once by whoever reads it. */
  stale?: number
  /** A new EC2 instance is not seen at once. */
  unseen?: number
  /** A one-time schedule is due and calls nobody. */
  unfired?: number
}

/** As whom a client of the test calls: with every right, or with those of a role. */
export type As = { name?: string; roleArn?: string }

/** Something a template asks for that has no effect here, and why that is harmless. */
export type NotSimulated = {
  readonly stack: string
  readonly logicalId: string
  readonly type: string
  /** Absent when nothing of the resource is simulated but its id and attributes. */
  readonly property?: string
  readonly why: string
}
