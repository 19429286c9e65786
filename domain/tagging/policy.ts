import * as z from 'zod/mini'
import { cut } from '../text.ts'
import { WATCHED_TYPES } from './types.ts'

/** How far the ladder goes for what stays untagged. */
export const STEPS = ['tell', 'mark', 'stop'] as const

/** What one key may hold: one of `values`; what `pattern` matches as a whole; both absent: anything. */
const rule = z.object({
  values: z.optional(z.array(z.string())),
  pattern: z.optional(z.string()),
  /** Written where the key is absent and nothing better is known. */
  default: z.optional(z.string()),
})
export type Rule = z.infer<typeof rule>

/** The catalog's `tags`, compiled. */
export const tagPolicy = z.object({
  watch: z.array(z.enum(WATCHED_TYPES)),
  where: z.enum(['environment', 'account']),
  required: z.record(z.string(), rule),
  /** Days from the message that told of it, to the mark and to the stop. */
  ladder: z.object({
    ...{ upTo: z.enum(STEPS), markAfter: z.number(), stopAfter: z.number() },
    /** Whether also what is older than the first sweep is stopped. */
    alsoOlder: z.optional(z.boolean()),
  }),
})
export type TagPolicy = z.infer<typeof tagPolicy>

/** What is wrong with one required key of a resource. */
export type Problem = {
  key: string
  /**
   * `missing`: it is not there; `wrong`: it holds what is not allowed, and stays; `full`: there is
   * no room for it; `refused`: its service does not take it; `taken-off`: somebody has removed it
   * twice after it was written.
   */
  what: 'missing' | 'wrong' | 'full' | 'refused' | 'taken-off'
  found?: string
  allowed: string
}

/** Whether a rule takes a value. A pattern that cannot be read takes nothing: `catalog/` refuses it. */
export function allows({ values, pattern }: Rule, value: string): boolean {
  if (values !== undefined && !values.includes(value)) return false
  if (pattern === undefined) return true
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(value)
  } catch {
    return false
  }
}

const VALUES_SAID = 12

/** What a rule takes, in words. */
export function sayAllowed({ values, pattern }: Rule): string {
  if (values !== undefined) {
    const more = values.length > VALUES_SAID ? `, … (${values.length})` : ''
    return `one of ${values.slice(0, VALUES_SAID).join(', ')}${more}`
  }
  return pattern === undefined ? 'any value' : `what matches ${pattern}`
}

/** What is missing or wrong of the required keys, in the policy's order. */
export function problemsOf(
  { required }: Pick<TagPolicy, 'required'>,
  tags: Readonly<Record<string, string>>,
): Problem[] {
  return Object.entries(required).flatMap(([key, one]): Problem[] => {
    const found = Object.hasOwn(tags, key) ? tags[key] : undefined
    const allowed = sayAllowed(one)
    if (found === undefined) return [{ key, what: 'missing', allowed }]
    return allows(one, found) ? [] : [{ key, what: 'wrong', found, allowed }]
  })
}

const FOUND_CHARACTERS = 80

const NOT_TAKEN = ' is missing, and AWS does not take it here'
const TAKEN_OFF = ' was written twice, and taken off twice'

/** A problem in words, for people. */
export function sayProblem({ key, what, found = '', allowed }: Problem): string {
  switch (what) {
    case 'missing':
      return `${key} is missing: ${allowed}`
    case 'wrong':
      return `${key} is "${cut(found, FOUND_CHARACTERS)}": ${allowed} is allowed, and nothing is changed`
    case 'full':
      return `${key} is missing, and there is no room for it: 50 tags are the most`
    case 'refused':
      return `${key}${NOT_TAKEN}`
    case 'taken-off':
      return `${key}${TAKEN_OFF}`
  }
}

/** What nobody can mend by tagging it: told, and never marked or stopped for. */
const PASSING: readonly Problem['what'][] = ['refused', 'taken-off']
export const isPassing = ({ what }: Problem): boolean => PASSING.includes(what)

/** The key that a kept sentence says somebody takes off again, whatever is done. */
export const takenOffKey = (said: string): string | undefined =>
  said.endsWith(TAKEN_OFF) ? said.slice(0, -TAKEN_OFF.length) : undefined

/** The same, of what is kept of a problem: its sentence. */
export const saysPassing = (said: string): boolean =>
  said.endsWith(NOT_TAKEN) || said.endsWith(TAKEN_OFF)
