import { AwsError } from '../errors.ts'
import type { World } from '../world.ts'
import type { StatesError } from './failure.ts'
import type { Json } from './language.ts'

/** What a task that waits for its token does with what is sent for it. */
type Waiter = {
  succeed(output: Json): void
  fail(failure: StatesError): void
  heartbeat(): void
}

/** Task tokens of all executions: issued, waited for, used up. */
export class TaskTokens {
  readonly #world: World
  /** A token whose task has ended stays known, without a waiting task. */
  readonly #waiters = new Map<string, Waiter | undefined>()
  readonly #machines = new Map<string, string>()

  constructor(world: World) {
    this.#world = world
  }

  /** A new token for a task of this machine; `attach` says who waits for it. */
  issue(machineArn: string): string {
    const digits = this.#world.random.hex('stepfunctions/token', 96)
    const token = `AQCgAAAAKgAAAAM${Buffer.from(digits, 'hex').toString('base64url')}=`
    this.#waiters.set(token, undefined)
    this.#machines.set(token, machineArn)
    return token
  }

  /** The machine whose task the token was issued for: what IAM checks an answer against. */
  machineOf(token: string): string | undefined {
    return this.#machines.get(token)
  }

  attach(token: string, waiter: Waiter): void {
    this.#waiters.set(token, waiter)
  }

  /** The task has ended: an answer from now on is too late. */
  retire(token: string): void {
    this.#waiters.set(token, undefined)
  }

  /** @throws AwsError InvalidToken for a token never issued, TaskTimedOut for one used up */
  waiter(token: string): Waiter {
    if (!this.#waiters.has(token))
      throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'")
    const waiter = this.#waiters.get(token)
    if (waiter === undefined) {
      throw new AwsError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'")
    }
    return waiter
  }
}
