import { grantsOf } from '../aws/iam/usage.ts'
import type { Deployed } from '../cloudformation/deployed.ts'
import { milliseconds } from '../scenario/instant.ts'
import type { Account } from '../simulation/account.ts'
import { sdkConfiguration } from '../wire/request-handler.ts'
import type { As, Call, Faults, NotSimulated, UsedGrant } from './types.ts'

/** Stacks on a simulated AWS, and what a test does with them. Time passes only by `advance`. */
export class LocalAws {
  readonly #account: Account
  readonly #deployed: Deployed

  /** @internal Made by `load`. */
  constructor(account: Account, deployed: Deployed) {
    this.#account = account
    this.#deployed = deployed
  }

  /** The simulated instant. */
  get now(): Date {
    return this.#account.world.date
  }

  get region(): string {
    return this.#account.aws.region
  }

  /**
   * A client of the AWS SDK, such as `aws.client(ECSClient)`. What it asks for happens at once; what
   * follows from it, when time passes.
   */
  client<Client>(kind: new (configuration: never) => Client, as: As = {}): Client {
    const { name = 'test', roleArn } = as
    const role = roleArn === undefined ? {} : { roleArn }
    const configuration = sdkConfiguration(this.#account.aws, { kind: 'person', name, ...role })
    // Whoever waits between two attempts waits for time, which stands still here.
    return new kind({ ...configuration, maxAttempts: 1, retryStrategy: undefined } as never)
  }

  /**
   * Lets time pass: what was started goes on, schedules fire, alarms turn.
   *
   * @param length such as `90s`, `8h` or `1d2h30m`; or milliseconds.
   * @throws what the simulation itself cannot do; never what a function throws, which its caller
   *   gets as on AWS.
   */
  async advance(length: string | number): Promise<void> {
    await this.#account.world.run(lengthOf(length))
  }

  /** Lets time pass until then. @throws RangeError for an instant that is over. */
  async advanceTo(instant: Date | string): Promise<void> {
    const at = new Date(instant).getTime()
    if (!(at >= this.#account.world.now)) {
      throw new RangeError(
        `advanceTo: found ${String(instant)}, allowed: an instant from ${this.now.toISOString()} on`,
      )
    }
    await this.#account.world.runUntil(at)
  }

  /** From now on, so many of the events that AWS delivers as best it can (ECR's) are lost. */
  lose(rate: number): void {
    this.faults({ lose: rate })
  }

  /** From now on, this goes wrong so often; what is not named stays as it was. */
  faults(rates: Faults): void {
    for (const [name, rate] of Object.entries(rates)) {
      if (rate >= 0 && rate <= 1) continue
      throw new RangeError(`${name}: found ${rate}, allowed: 0 (never) to 1 (always)`)
    }
    this.#account.faults.set(rates)
  }

  /**
   * The next function that makes this call is killed, once: before the call is made, or after AWS
   * has answered and the function has not seen it. Whoever has invoked it tries again, as on AWS.
   *
   * @param operation as the SDK's command without `Command`: `UpdateService`, `PutItem`.
   */
  kill(when: 'before' | 'after', operation: string): void {
    const { lambda } = this.#account
    lambda.killer = (call) => {
      const isIt = call.when === when && call.operation === operation
      if (isIt) lambda.killer = undefined
      return isIt
    }
  }

  /** Every call since the start, oldest first, with who made it and how it ended. */
  get calls(): readonly Call[] {
    return this.#account.aws.calls.map((one) => ({ ...one }))
  }

  /** What each role may do, and how often that was needed: what was never needed can go. */
  grants(): UsedGrant[] {
    return grantsOf(this.#account.iam).map(({ key, text, used, unexercised }) => ({
      ...{ role: key.split(':')[0] ?? key, grant: text, used },
      ...(unexercised === undefined ? {} : { unexercised }),
    }))
  }

  /** The outputs of a stack by name; of the only one, when none is named. */
  outputs(stack?: string): Readonly<Record<string, string>> {
    const { stacks } = this.#deployed
    const found = stack === undefined ? stacks[0] : stacks.find(({ name }) => name === stack)
    if (found === undefined || (stack === undefined && stacks.length > 1)) {
      throw new Error(
        `outputs: found ${JSON.stringify(stack)}, allowed: ${stacks.map(({ name }) => name).join(', ')}`,
      )
    }
    return Object.fromEntries(Object.entries(found.outputs).map(([key, one]) => [key, String(one)]))
  }

  /** What the templates ask for and has no effect here, and why. */
  get notSimulated(): readonly NotSimulated[] {
    return this.#deployed.notSimulated
  }
}

/** @throws TypeError */
function lengthOf(length: string | number): number {
  const found = typeof length === 'number' ? length : milliseconds(length)
  if (found !== undefined && found >= 0) return found
  throw new TypeError(
    `advance: found ${JSON.stringify(length)}, allowed: a length of time such as 90s, 8h or 1d2h30m, or milliseconds`,
  )
}
