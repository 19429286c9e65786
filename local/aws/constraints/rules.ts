import constraints from './constraints.json' with { type: 'json' }

/** What AWS's model says that a value of one shape must be. Other shapes are referred to by name. */
export type ShapeRule = {
  type: 'structure' | 'list' | 'map' | 'string' | 'blob' | 'number'
  /** Of a list. */
  member?: string
  /** Of a map. */
  key?: string
  value?: string
  /** Of a structure, those alone in or below which there is a rule. */
  members?: Readonly<Record<string, string>>
  required?: readonly string[]
  enum?: readonly string[]
  /** As AWS writes it: of Java, and of the whole value. */
  pattern?: string
  /** Of a number, or of a length: characters, bytes, items. */
  min?: number
  max?: number
  /** AWS does not show the value in its message. */
  sensitive?: boolean
}

export type ServiceRules = {
  /** Operation -> the shape of its input. */
  operations: Readonly<Record<string, string>>
  shapes: Readonly<Record<string, ShapeRule>>
}

export type Constraints = {
  source: string
  services: Readonly<Record<string, ServiceRules>>
}

/** The rules of every operation that is simulated, see `scripts/constraints.ts`. */
export const CONSTRAINTS = constraints as unknown as Constraints

/** What is wrong with one value. */
export type Violation = {
  /** As AWS names the place: `status`, `tags.1.member.key`. */
  path: string
  value: unknown
  /** In AWS's words: `Member must not be null`. */
  constraint: string
  sensitive: boolean
}
