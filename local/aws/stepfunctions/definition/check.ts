import { frozen } from '../../../files.ts'
import { type Definition, isRecord } from '../language.ts'
import { levelDiagnostics } from './level.ts'
import { type Diagnostic, type MachineType, type Report, requireFields } from './report.ts'
import { variableDiagnostics } from './variables.ts'

const TOP_FIELDS = ['Comment', 'QueryLanguage', 'StartAt', 'States', 'TimeoutSeconds', 'Version']

/** Characters of a definition's text (service-quotas.html: 1 MB). */
const LARGEST_DEFINITION = 1_048_576

/**
 * Checks a definition as CreateStateMachine does. JSONPath, which AWS defaults to, is refused by
 * name because it is not simulated.
 */
export function checkDefinition(text: string, type: MachineType): Checked {
  const key = `${type} ${text}`
  const known = checked.get(key)
  if (known !== undefined) return known
  const found = frozen(check(text, type))
  if (checked.size >= MOST_CHECKED) checked.clear()
  checked.set(key, found)
  return found
}

type Checked = { definition: Definition | undefined; diagnostics: Diagnostic[] }

/** Simulations follow each other with the same machines. */
const checked = new Map<string, Checked>()
const MOST_CHECKED = 50

function check(text: string, type: MachineType): Checked {
  const diagnostics: Diagnostic[] = []
  const report: Report = (message, location, code = 'SCHEMA_VALIDATION_FAILED') => {
    const at = location === '' ? {} : { location }
    diagnostics.push({ severity: 'ERROR', code, message, ...at })
  }
  const machine = parse(text, report)
  if (machine === undefined) return { definition: undefined, diagnostics }
  requireFields(machine, ['States', 'StartAt'], '/', report)
  checkTop(machine, report)
  if (diagnostics.length === 0) {
    levelDiagnostics(machine, '', { report, type, names: new Set(), level: levelDiagnostics })
    variableDiagnostics(machine, '', new Set(), report)
  }
  const definition = diagnostics.length === 0 ? (machine as unknown as Definition) : undefined
  return { definition, diagnostics }
}

function parse(text: string, report: Report): Record<string, unknown> | undefined {
  if (text.length > LARGEST_DEFINITION) {
    report(`Definition must not be longer than ${LARGEST_DEFINITION} characters`, '')
    return undefined
  }
  let value: unknown
  try {
    value = text === '' ? undefined : JSON.parse(text)
  } catch (error) {
    report((error as Error).message, '', 'INVALID_JSON_DESCRIPTION')
    return undefined
  }
  if (isRecord(value)) return value
  report('Definition must be a valid JSON object', '')
  return undefined
}

/** JSONata where every state says so itself. */
function languageOf(level: Record<string, unknown>): 'JSONata' | undefined {
  const states = isRecord(level.States) ? Object.values(level.States) : []
  const all = states.every((state) => {
    if (!isRecord(state) || state.QueryLanguage !== 'JSONata') return false
    const inner = [state.ItemProcessor, ...(Array.isArray(state.Branches) ? state.Branches : [])]
    return inner.every((one) => !isRecord(one) || languageOf(one) !== undefined)
  })
  return all && states.length > 0 ? 'JSONata' : undefined
}

function checkTop(machine: Record<string, unknown>, report: Report): void {
  const { TimeoutSeconds: timeout } = machine
  const language = machine.QueryLanguage ?? languageOf(machine)
  if (language === undefined || language === 'JSONPath') {
    report(
      'JSONPath is not simulated by the local AWS, and it is what a state machine uses without QueryLanguage: set "QueryLanguage": "JSONata"',
      '/QueryLanguage',
      'JSONPATH_NOT_SIMULATED',
    )
  } else if (language !== 'JSONata') {
    report('Value should be one of the following: [JSONPath, JSONata]', '/QueryLanguage')
  }
  for (const field of Object.keys(machine)) {
    if (!TOP_FIELDS.includes(field)) report(`Field '${field}' is not supported`, '/')
  }
  if (timeout === undefined) return
  if (
    typeof timeout !== 'number' ||
    !Number.isInteger(timeout) ||
    timeout < 1 ||
    timeout > 99_999_999
  ) {
    report('Value should be an integer between 1 and 99999999', '/TimeoutSeconds')
  }
}
