import { isRecord, STATE_TYPES } from '../language.ts'
import { type Checks, type Report, requireFields } from './report.ts'
import { stateDiagnostics } from './state.ts'

/** Checks a level of states: the machine's own, a branch's, an item processor's. */
export function levelDiagnostics(
  level: Record<string, unknown>,
  path: string,
  checks: Checks,
): void {
  const { report, names } = checks
  const states = level.States
  if (!isRecord(states)) {
    report('Expected value of type [OBJECT]', `${path}/States`)
    return
  }
  if (Object.keys(states).length === 0) {
    report('States must not be empty', `${path}/States`)
    return
  }
  for (const [name, state] of Object.entries(states)) {
    const here = `${path}/States/${name}`
    if (name === '' || name.length > 80) {
      report('State name must have 1 to 80 characters', here, 'INVALID_STATE_NAME')
    }
    if (names.has(name)) {
      report(`Duplicate state name: ${name}`, here, 'DUPLICATE_STATE_NAME')
    }
    names.add(name)
    checkState(state, here, checks)
  }
  transitionDiagnostics(level.StartAt, states, path, report)
}

function checkState(state: unknown, here: string, checks: Checks): void {
  if (!isRecord(state)) {
    checks.report('Expected value of type [OBJECT]', here)
    return
  }
  requireFields(state, ['Type'], here, checks.report)
  if (state.Type === undefined) return
  if (!(STATE_TYPES as readonly unknown[]).includes(state.Type)) {
    const types = STATE_TYPES.join(', ')
    checks.report(`Value should be one of the following: [${types}]`, `${here}/Type`)
    return
  }
  stateDiagnostics(state, here, checks)
}

/** Every target exists, every state is reached, and there is an end. */
function transitionDiagnostics(
  startAt: unknown,
  states: Record<string, unknown>,
  path: string,
  report: Report,
): void {
  const known = (target: unknown, field: string, location: string): target is string => {
    if (typeof target === 'string' && target in states) return true
    report(`Missing '${field}' target: ${target}`, location, 'MISSING_TRANSITION_TARGET')
    return false
  }
  const reached = new Set<string>()
  const waiting: string[] = []
  if (known(startAt, 'StartAt', `${path}/StartAt`)) waiting.push(startAt)
  for (const [name, state] of Object.entries(states)) {
    for (const { target, field, at } of transitionsOf(state)) {
      known(target, field, `${path}/States/${name}/${at}`)
    }
  }
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (reached.has(name)) continue
    reached.add(name)
    for (const { target } of transitionsOf(states[name])) {
      if (typeof target === 'string' && target in states) waiting.push(target)
    }
  }
  for (const name of Object.keys(states)) {
    if (reached.has(name)) continue
    report(
      `State "${name}" is not reachable.`,
      `${path}/States/${name}`,
      'MISSING_TRANSITION_TARGET',
    )
  }
  if (![...reached].some((name) => isTerminal(states[name]))) {
    report('No terminal state found in machine.', `${path}/States`, 'MISSING_END_STATE')
  }
}

function isTerminal(state: unknown): boolean {
  return (
    isRecord(state) && (state.End === true || state.Type === 'Succeed' || state.Type === 'Fail')
  )
}

type Reference = { target: unknown; field: string; at: string }

function transitionsOf(state: unknown): Reference[] {
  if (!isRecord(state)) return []
  const found: Reference[] = []
  if (state.Next !== undefined) found.push({ target: state.Next, field: 'Next', at: 'Next' })
  if (state.Default !== undefined) {
    found.push({ target: state.Default, field: 'Default', at: 'Default' })
  }
  for (const field of ['Choices', 'Catch']) {
    const rules = state[field]
    if (!Array.isArray(rules)) continue
    for (const [index, rule] of rules.entries()) {
      if (!isRecord(rule) || rule.Next === undefined) continue
      found.push({ target: rule.Next, field: 'Next', at: `${field}[${index}]/Next` })
    }
  }
  return found
}
