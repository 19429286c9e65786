import { isTaken } from '../domain/tagging/characters.ts'
import { allows, type Rule, sayAllowed } from '../domain/tagging/policy.ts'
import type { Document } from './document.ts'
import { type Problem, shown } from './problem.ts'
import type { Environment } from './schema.ts'

const OURS = /^caretaker:/i
const CHARACTERS = 'letters, digits, spaces and _ . : / = + - @, up to'

/** Whether what `tags` asks for can be written, everywhere, and by itself. */
export function tagChecks({ value, problem }: Document<Environment>): Problem[] {
  if (value === undefined) return []
  const { required, ladder, watch } = value.tags
  const keys = Object.entries(required).flatMap(([key, rule]) => keyChecks(key, rule, problem))
  const twice = watch.flatMap((type, place) =>
    watch.indexOf(type) === place
      ? []
      : [at(problem, ['watch', place], type, 'each type once', 'remove it')],
  )
  if (ladder.stopAfter > ladder.markAfter) return [...keys, ...twice]
  const { markAfter, stopAfter } = ladder
  const allowed = `more than markAfter, ${markAfter}`
  return [
    ...keys,
    ...twice,
    at(problem, ['ladder', 'stopAfter'], stopAfter, allowed, 'raise it, or lower markAfter'),
  ]
}

type Problems = Document<Environment>['problem']

const at = (
  problem: Problems,
  path: readonly (string | number)[],
  found: unknown,
  allowed: string,
  remedy: string,
): Problem => problem(['tags', ...path], { found: shown(found), allowed, remedy })

function keyChecks(key: string, rule: Rule, problem: Problems): Problem[] {
  const path = ['required', key]
  if (OURS.test(key)) {
    const allowed =
      'keys of your own: caretaker:owner and caretaker:environment are always required'
    return [at(problem, path, key, allowed, 'remove it')]
  }
  if (!isTaken(key, '')) {
    const allowed = `${CHARACTERS} 128, not aws: at the front`
    return [at(problem, path, key, allowed, 'rename it')]
  }
  if (!isPattern(rule.pattern)) {
    const allowed = 'a regular expression'
    return [at(problem, [...path, 'pattern'], rule.pattern, allowed, 'correct it')]
  }
  const given = [
    ...(rule.values ?? []).map((one, place) => ({ one, path: [...path, 'values', place] })),
    ...(rule.default === undefined ? [] : [{ one: rule.default, path: [...path, 'default'] }]),
  ]
  return given.flatMap(({ one, path: where }) => {
    if (!isTaken(key, one)) {
      return [at(problem, where, one, `${CHARACTERS} 256: every service takes them`, 'change it')]
    }
    if (allows(rule, one)) return []
    return [at(problem, where, one, sayAllowed(rule), 'change it, or what is allowed')]
  })
}

function isPattern(pattern: string | undefined): boolean {
  try {
    new RegExp(`^(?:${pattern ?? ''})$`, 'u')
    return true
  } catch {
    return false
  }
}
