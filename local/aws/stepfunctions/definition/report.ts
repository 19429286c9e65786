import { expressionIn } from '../language.ts'

/** One finding about a definition, as ValidateStateMachineDefinition reports it. */
export type Diagnostic = {
  severity: 'ERROR' | 'WARNING'
  code: string
  message: string
  location?: string
}

export type MachineType = 'STANDARD' | 'EXPRESS'

/** Reports a finding at a place like `/States/Name/Field`. */
export type Report = (message: string, location: string, code?: string) => void

export type Checks = {
  report: Report
  type: MachineType
  /** State names must be unique in the whole machine. */
  names: Set<string>
  /** Checks a level of states inside a state. */
  level(level: Record<string, unknown>, path: string, checks: Checks): void
}

/** Reports the fields that are missing, as AWS words it. */
export function requireFields(
  value: Record<string, unknown>,
  fields: string[],
  location: string,
  report: Report,
): void {
  const missing = fields.filter((field) => value[field] === undefined)
  if (missing.length > 0) report(`These fields are required: [${missing.join(', ')}]`, location)
}

/** A whole number in the field's bounds, or an expression that will give one. */
export function integerDiagnostics(
  value: unknown,
  location: string,
  bounds: { least: number; most: number },
  report: Report,
): void {
  if (value === undefined) return
  if (typeof value === 'string' && expressionIn(value) !== undefined) return
  const whole = typeof value === 'number' && Number.isInteger(value)
  if (whole && value >= bounds.least && value <= bounds.most) return
  report(`Value should be an integer between ${bounds.least} and ${bounds.most}`, location)
}
