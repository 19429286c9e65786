import type { Existing } from './container-schema.ts'
import type { Service } from './schema.ts'

/** A variable whose value is secret: one to be made, or where the value is already. */
export type SecretVariable = {
  name: string
  /** Where its file names it, below `secrets`. */
  path: readonly (string | number)[]
  from: 'new' | Existing
}

/** The secret variables of a container, however its file writes them. */
export function secretsOf({ secrets }: Pick<Service, 'secrets'>): SecretVariable[] {
  if (Array.isArray(secrets)) {
    return secrets.map((name, index) => ({ name, path: ['secrets', index], from: 'new' }))
  }
  return Object.entries(secrets).map(([name, from]) => ({ name, path: ['secrets', name], from }))
}
