import type { Aws } from '../aws.ts'
import { AwsError } from '../errors.ts'
import type { Environment } from './environment.ts'
import { type LambdaFunction, parseName } from './model.ts'
import type { Runtime } from './runtime.ts'

/** All functions of the account. */
export class FunctionStore {
  readonly aws: Aws
  readonly runtime: Runtime
  readonly functions = new Map<string, LambdaFunction>()
  readonly #environments = new WeakMap<LambdaFunction, Environment[]>()

  constructor(aws: Aws, runtime: Runtime) {
    this.aws = aws
    this.runtime = runtime
  }

  /**
   * By name, ARN or partial ARN, with or without `:$LATEST`. Versions and aliases do not exist.
   *
   * @throws AwsError ResourceNotFoundException
   */
  find(named: string | undefined, qualifier?: string): LambdaFunction {
    const { name, version } = parseName(named ?? '')
    const asked = qualifier ?? version ?? '$LATEST'
    const found = this.functions.get(name)
    if (found !== undefined && asked === '$LATEST') return found
    const arn = this.aws.arn('lambda', `function:${name}`)
    throw new AwsError(
      'ResourceNotFoundException',
      `Function not found: ${asked === '$LATEST' ? arn : `${arn}:${asked}`}`,
      { statusCode: 404, members: { Type: 'User' } },
    )
  }

  /** A function's execution environments, busy and idle: the list itself, to add to. */
  environmentsOf(fn: LambdaFunction): Environment[] {
    const known = this.#environments.get(fn)
    if (known !== undefined) return known
    const none: Environment[] = []
    this.#environments.set(fn, none)
    return none
  }

  /** Forgets the environments of a function that are not among these. */
  keepEnvironments(fn: LambdaFunction, kept: Environment[]): void {
    this.#environments.set(fn, kept)
  }

  /** A UUID that names a state of a function's configuration. */
  newRevision(): string {
    return this.aws.world.random.uuid('lambda/revision')
  }
}
