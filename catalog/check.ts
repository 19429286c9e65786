import type { Document } from './document.ts'
import type { Problem } from './problem.ts'
import type { Environment, Service } from './schema.ts'

/** A service with the file it came from. */
export type Entry = { service: Service; document: Document<unknown> }

/** What a service's file is checked against. */
export type Surroundings = {
  /** Undefined when `environment.yaml` has problems of its own. */
  environment: Environment | undefined
  /** Services whose files have no problem of their own, by name. */
  services: ReadonlyMap<string, Service>
  /** Every service there is a file for, readable or not. */
  names: readonly string[]
}

/** A rule that one file alone, or one field alone, cannot hold. */
export type Check = (
  service: Service,
  document: Document<unknown>,
  surroundings: Surroundings,
) => Problem[]
