import { expressionIn, isRecord } from '../language.ts'
import { integerDiagnostics, type Report, requireFields } from './report.ts'

type Fields = Record<string, unknown>

const RETRIER_FIELDS = [
  'ErrorEquals',
  'IntervalSeconds',
  'MaxAttempts',
  'BackoffRate',
  'MaxDelaySeconds',
  'JitterStrategy',
  'Comment',
]
const CATCHER_FIELDS = ['ErrorEquals', 'Next', 'Output', 'Assign', 'Comment']
const CHOICE_FIELDS = ['Condition', 'Next', 'Output', 'Assign', 'Comment']
/** What only JSONPath's choice rules and catchers have. */
const JSONPATH_FIELDS =
  /^(Variable|And|Or|Not|ResultPath|Is[A-Z]\w+|(String|Numeric|Boolean|Timestamp)[A-Z]\w+)$/

/** Checks a state's choice rules, retriers and catchers (concepts-error-handling.html). */
export function ruleDiagnostics(state: Fields, here: string, report: Report): void {
  for (const [rule, at] of rulesIn(state.Choices, `${here}/Choices`, report)) {
    unknownFields(rule, CHOICE_FIELDS, at, report)
    requireFields(rule, ['Condition', 'Next'], at, report)
    const condition = rule.Condition
    const usable =
      typeof condition === 'boolean' ||
      (typeof condition === 'string' && expressionIn(condition) !== undefined)
    if (condition !== undefined && !usable) {
      report('Expected a BOOLEAN or a JSONata expression', `${at}/Condition`)
    }
  }
  const retriers = rulesIn(state.Retry, `${here}/Retry`, report)
  for (const [retrier, at] of retriers) retrierDiagnostics(retrier, at, report)
  wildcardDiagnostics(retriers, report)
  const catchers = rulesIn(state.Catch, `${here}/Catch`, report)
  for (const [catcher, at] of catchers) {
    unknownFields(catcher, CATCHER_FIELDS, at, report)
    requireFields(catcher, ['ErrorEquals', 'Next'], at, report)
  }
  wildcardDiagnostics(catchers, report)
}

function rulesIn(value: unknown, at: string, report: Report): [Fields, string][] {
  if (value === undefined) return []
  if (!Array.isArray(value) || (at.endsWith('Choices') && value.length === 0)) {
    report('Expected a non-empty ARRAY', at)
    return []
  }
  return value.flatMap((rule, index): [Fields, string][] => {
    if (isRecord(rule)) return [[rule, `${at}[${index}]`]]
    report('Expected value of type [OBJECT]', `${at}[${index}]`)
    return []
  })
}

function unknownFields(rule: Fields, known: string[], at: string, report: Report): void {
  for (const field of Object.keys(rule)) {
    if (known.includes(field)) continue
    report(
      JSONPATH_FIELDS.test(field)
        ? `The QueryLanguage is set to 'JSONata', but field '${field}' is only supported for the 'JSONPath' QueryLanguage`
        : `Field '${field}' is not supported`,
      at,
    )
  }
}

function retrierDiagnostics(retrier: Fields, at: string, report: Report): void {
  unknownFields(retrier, RETRIER_FIELDS, at, report)
  requireFields(retrier, ['ErrorEquals'], at, report)
  const most = 99_999_999
  integerDiagnostics(retrier.IntervalSeconds, `${at}/IntervalSeconds`, { least: 1, most }, report)
  integerDiagnostics(retrier.MaxAttempts, `${at}/MaxAttempts`, { least: 0, most }, report)
  integerDiagnostics(
    retrier.MaxDelaySeconds,
    `${at}/MaxDelaySeconds`,
    { least: 1, most: 31_622_400 },
    report,
  )
  const { BackoffRate: rate, JitterStrategy: jitter } = retrier
  if (rate !== undefined && !(typeof rate === 'number' && rate >= 1)) {
    report('Value should be a number not less than 1.0', `${at}/BackoffRate`)
  }
  if (jitter !== undefined && jitter !== 'FULL' && jitter !== 'NONE') {
    report('Value should be one of the following: [FULL, NONE]', `${at}/JitterStrategy`)
  }
}

/** States.ALL must be alone, in the last rule. */
function wildcardDiagnostics(rules: [Fields, string][], report: Report): void {
  for (const [index, [rule, at]] of rules.entries()) {
    const names = rule.ErrorEquals
    if (names === undefined) continue
    const strings = Array.isArray(names) && names.every((name) => typeof name === 'string')
    if (!strings || names.length === 0) {
      report('Expected a non-empty ARRAY of STRING', `${at}/ErrorEquals`)
    } else if (names.includes('States.ALL') && (names.length > 1 || index < rules.length - 1)) {
      report('States.ALL must appear alone and at end of list', `${at}/ErrorEquals`)
    }
  }
}
