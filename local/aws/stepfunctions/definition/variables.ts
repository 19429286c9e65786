import { isRecord } from '../language.ts'
import type { Report } from './report.ts'

/** Unicode identifiers of at most 80 characters (workflow-variables.html). */
const VARIABLE_NAME = /^\p{ID_Start}\p{ID_Continue}{0,79}$/u

/**
 * Checks the names of variables: their form, and that no branch or iteration assigns one that a
 * level around it assigns too.
 */
export function variableDiagnostics(
  level: Record<string, unknown>,
  path: string,
  outer: ReadonlySet<string>,
  report: Report,
): void {
  const states = isRecord(level.States) ? Object.entries(level.States) : []
  const own = new Set<string>()
  for (const [name, state] of states) {
    for (const { variable, at } of assignmentsIn(state)) {
      const here = `${path}/States/${name}/${at}`
      own.add(variable)
      if (variable === 'states') report("The variable name 'states' is reserved.", here)
      else if (!VARIABLE_NAME.test(variable)) report(`Invalid variable name: '${variable}'`, here)
      else if (outer.has(variable)) {
        report(`The variable name '${variable}' was already defined in a parent scope.`, here)
      }
    }
  }
  const visible = new Set([...outer, ...own])
  for (const [name, state] of states) {
    if (!isRecord(state)) continue
    const here = `${path}/States/${name}`
    if (isRecord(state.ItemProcessor)) {
      variableDiagnostics(state.ItemProcessor, `${here}/ItemProcessor`, visible, report)
    }
    if (!Array.isArray(state.Branches)) continue
    for (const [index, branch] of state.Branches.entries()) {
      if (isRecord(branch))
        variableDiagnostics(branch, `${here}/Branches[${index}]`, visible, report)
    }
  }
}

function assignmentsIn(state: unknown): { variable: string; at: string }[] {
  if (!isRecord(state)) return []
  const found = namesOf(state.Assign, 'Assign')
  for (const field of ['Choices', 'Catch']) {
    const rules = state[field]
    if (!Array.isArray(rules)) continue
    for (const [index, rule] of rules.entries()) {
      if (isRecord(rule)) found.push(...namesOf(rule.Assign, `${field}[${index}]/Assign`))
    }
  }
  return found
}

function namesOf(assign: unknown, at: string): { variable: string; at: string }[] {
  if (!isRecord(assign)) return []
  return Object.keys(assign).map((variable) => ({ variable, at: `${at}/${variable}` }))
}
