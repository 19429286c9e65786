import { clone } from './clone.ts'
import { AwsError, NotImplemented } from './errors.ts'
import type { World } from './world.ts'

/** Who makes a call. `aws` is AWS itself (a rule target, ECS registering a target): not logged. */
export type Caller = {
  kind: 'function' | 'machine' | 'person' | 'cloudformation' | 'aws'
  /** The function's, machine's or person's name, or the AWS service's (`events`, `ecs`). */
  name: string
  roleArn?: string
  /** For which resource AWS itself acts (a rule, a schedule group): `aws:SourceArn` of the trust. */
  sourceArn?: string
  /** The request id of the function's invocation, or the ARN of the machine's execution. */
  run?: string
}

/** One row of the call log. */
export type CallRecord = {
  at: string
  by: string
  service: string
  operation: string
  resource: string
  outcome: string
  /** AWS has done it, and whoever called has got an error. */
  unanswered?: true
}

/**
 * One simulated AWS service. Operations take and return what the SDK's client takes and returns
 * (its own member names, `Date` for timestamps, `Uint8Array` for blobs) and throw `AwsError`.
 * They are synchronous against the service's state unless AWS itself would wait.
 */
export type Service = {
  /** The SDK's package name without `client-`: `ecs`, `sfn`, `eventbridge`, `cloudwatch-logs`. */
  readonly id: string
  readonly operations: Operations
  /** Everything of this service that carries tags, for the tagging API. */
  tagged?(): Iterable<{ arn: string; tags: Record<string, string> }>
}

type ServiceClass<Kind extends Service> = new (...options: never) => Kind

export type Operations = Record<string, (input: never, caller: Caller) => unknown>

/** What happens in AWS and can be noticed there: goes to the default event bus. */
export type AwsEvent = {
  source: string
  detailType: string
  resources: string[]
  detail: Record<string, unknown>
  /** AWS's documented delivery level of this event type. */
  delivery: 'best-effort' | 'durable'
  /** When it happened. Default: now. */
  time?: Date
}

/** A call that was made, and how it ended. */
export type SeenCall = {
  service: string
  operation: string
  input: Record<string, unknown>
  caller: Caller
  output?: unknown
  error?: AwsError
}

/** Checks run before an operation; each throws an `AwsError` to refuse the call. */
export type Guard = (call: {
  service: string
  operation: string
  input: Record<string, unknown>
  caller: Caller
}) => void

/** A right that AWS asks for after the call that needs it. */
type Right = {
  action: string
  resource: string
  keys: Readonly<Record<string, readonly string[]>>
}

/** The members that name what a call is about, most telling first. */
const NAMING_MEMBERS = [
  'service',
  'services',
  'taskDefinition',
  'family',
  'repositoryName',
  'stateMachineArn',
  'executionArn',
  'TableName',
  'SecretId',
  'FunctionName',
  'logGroupName',
  'Bucket',
  'Name',
  'name',
  'serviceDeploymentArns',
  'cluster',
  'DBInstanceIdentifier',
  'DBClusterIdentifier',
  'InstanceIds',
  'QueueUrl',
  'ServiceId',
  'resourceArn',
]

/** The simulated account in one Region: the services, the log of calls, the way to call. */
export class Aws {
  readonly world: World
  readonly account: string
  readonly region: string
  readonly calls: CallRecord[] = []
  readonly guards: Guard[] = []
  /** Run after a call was done; each throws an `AwsError` in place of its answer. */
  readonly losers: Guard[] = []
  /** Called with each call when it has ended: for CloudTrail. */
  readonly observers: ((seen: SeenCall) => void)[] = []
  /** Whether a caller has a right that is asked for later. All have, until IAM is in force. */
  may: (caller: Caller, right: Right) => boolean = () => true
  readonly #services = new Map<string, Service>()
  readonly #byClass = new Map<unknown, Service>()
  #list: readonly Service[] = []
  readonly #listeners: ((event: AwsEvent) => void)[] = []

  constructor(world: World, options: { account?: string; region?: string } = {}) {
    this.world = world
    this.account = options.account ?? '123456789012'
    this.region = options.region ?? 'eu-central-1'
  }

  /** Takes the place of a service of the same id. */
  register(service: Service): void {
    const before = this.#services.get(service.id)
    if (before !== undefined) this.#byClass.delete(before.constructor)
    this.#services.set(service.id, service)
    this.#byClass.set(service.constructor, service)
    this.#list = [...this.#services.values()]
  }

  /**
   * The service of this class, for what one AWS service reads from another: `aws.find(Ecr)`.
   * That is no API call: no check, no latency, no row in the log of calls.
   *
   * @returns undefined when the account has none.
   */
  find<Kind extends Service>(kind: ServiceClass<Kind>): Kind | undefined {
    return this.#byClass.get(kind) as Kind | undefined
  }

  /** Whether calls of this service are answered, for callers that can do without it. */
  answers(id: string): boolean {
    return this.#services.has(id)
  }

  /** The service of this class where it has to be there. @throws Error when it is not. */
  the<Kind extends Service>(kind: ServiceClass<Kind>): Kind {
    const found = this.find(kind)
    if (found === undefined) throw new Error(`The simulated account has no ${kind.name}`)
    return found
  }

  get services(): readonly Service[] {
    return this.#list
  }

  /** `arn:aws:<service>:<region>:<account>:<resource>` */
  arn(service: string, resource: string): string {
    return `arn:aws:${service}:${this.region}:${this.account}:${resource}`
  }

  /** Calls `listener` with each event: for EventBridge and for counters. */
  onEvent(listener: (event: AwsEvent) => void): void {
    this.#listeners.push(listener)
  }

  /** Sends what happened in an AWS service to every listener. */
  emit(event: AwsEvent): void {
    for (const listener of this.#listeners) listener(event)
  }

  /**
   * Makes a call as `caller` would, through the same checks, latency and log.
   *
   * @throws AwsError as AWS would answer; `NotImplemented` for what is not simulated.
   */
  async call<Output = Record<string, unknown>>(
    service: string,
    operation: string,
    input: object,
    caller: Caller,
  ): Promise<Output> {
    const outside = caller.kind === 'function' || caller.kind === 'machine'
    if (outside) await this.world.sleep(this.#latency(service), `${service}:${operation}`)
    const members = input as Record<string, unknown>
    const record = this.#log(service, operation, members, caller)
    const call = { service, operation, input: members, caller }
    let output: Output
    try {
      for (const guard of this.guards) guard(call)
      const run = this.#services.get(service)?.operations[operation]
      if (run === undefined) throw new NotImplemented(`${service}:${operation}`)
      output = (await run(clone(input) as never, caller)) as Output
      this.#observe({ ...call, output })
    } catch (error) {
      if (error instanceof AwsError && !(error instanceof NotImplemented)) {
        this.#observe({ ...call, error })
      }
      if (record !== undefined) record.outcome = (error as AwsError).name
      throw error
    }
    this.#lose(call, record)
    return output
  }

  #lose(call: Parameters<Guard>[0], record: CallRecord | undefined): void {
    try {
      for (const lose of this.losers) lose(call)
    } catch (error) {
      if (record !== undefined) record.unanswered = true
      throw error
    }
  }

  #observe(seen: SeenCall): void {
    for (const observer of this.observers) observer(seen)
  }

  #log(
    service: string,
    operation: string,
    input: Record<string, unknown>,
    { kind, name }: Caller,
  ): CallRecord | undefined {
    if (kind === 'aws' || kind === 'cloudformation') return undefined
    const at = this.world.date.toISOString()
    const resource = resourceOf(input)
    const record = { at, by: `${kind}/${name}`, service, operation, resource, outcome: 'ok' }
    this.calls.push(record)
    return record
  }

  /** Milliseconds from request to answer: a few tens, as inside one Region. */
  #latency(service: string): number {
    return Math.round(this.world.random.between(`latency/${service}`, 12, 45))
  }
}

function resourceOf(input: Record<string, unknown>): string {
  for (const member of NAMING_MEMBERS) {
    const value = input[member]
    if (typeof value === 'string') return value
    if (Array.isArray(value) && typeof value[0] === 'string') return value.join(' ')
  }
  return ''
}
