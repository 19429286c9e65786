import { Aws, type AwsEvent, type Caller, type Service } from '../../local/aws/aws.ts'
import { constraints } from '../../local/aws/constraints/check.ts'
import { World } from '../../local/aws/world.ts'

export const START = new Date('2026-03-02T09:00:00Z')
export const MINUTE = 60_000
export const PERSON: Caller = { kind: 'person', name: 'tester' }

type Kind = new (aws: Aws) => Service
export type Seen = AwsEvent & { at: number }

/** An account in a world of its own, with the services that a test asks for. */
export class Account {
  readonly world: World
  readonly aws: Aws
  /** Every event that AWS has sent, with its instant. */
  readonly events: Seen[] = []

  constructor(kinds: readonly Kind[] = [], seed = 1) {
    this.world = new World({ seed, start: START })
    this.aws = new Aws(this.world)
    this.aws.guards.push(constraints)
    for (const Made of kinds) this.aws.register(new Made(this.aws))
    this.aws.onEvent((event) => this.events.push({ ...event, at: this.world.now }))
  }

  call<Output = Record<string, unknown>>(
    service: string,
    operation: string,
    input: object,
    caller = PERSON,
  ): Promise<Output> {
    return this.aws.call<Output>(service, operation, input, caller)
  }

  /** Lets simulated time pass. */
  run(milliseconds: number): Promise<void> {
    return this.world.run(milliseconds)
  }
}
