import { join } from 'node:path'
import table from './ecs-properties.json' with { type: 'json' }
import { didYouMean } from './near.ts'
import { shown } from './problem.ts'

/** What a property is: plain, of a type by name, a list of such, or such by any name. */
export type Form = string | [Form] | { each: Form }

type Mistake = {
  path: (string | number)[]
  found: string
  allowed: string
  remedy: string
}

/**
 * Which properties CloudFormation takes of an ECS task definition and service, by type:
 * `TaskDefinition.ContainerDefinition`. Written by scripts/ecs-properties.ts.
 */
export const EcsProperties = {
  PATH: join(import.meta.dirname, 'ecs-properties.json'),
  types: table as unknown as Record<string, Record<string, Form>>,
}

/**
 * The first thing in a value that CloudFormation would not take.
 *
 * @param type the type that the value is of, such as `TaskDefinition`.
 */
export function mistakeIn(type: string, value: unknown): Mistake | undefined {
  return mistakeOf(type, value, [])
}

function mistakeOf(form: Form, value: unknown, path: Mistake['path']): Mistake | undefined {
  const isNumber = form === 'string' && typeof value === 'number'
  const remedy = isNumber ? 'put it into quotes' : 'change it'
  const is = (allowed: string) => ({ path, found: shown(value), allowed, remedy })
  if (Array.isArray(form)) {
    if (!Array.isArray(value)) return is('a list')
    return firstOf(value.entries(), ([index, one]) => mistakeOf(form[0], one, [...path, index]))
  }
  if (typeof form === 'object') {
    if (!isMap(value)) return is('names with a value each')
    const { each } = form
    return firstOf(Object.entries(value), ([key, one]) => mistakeOf(each, one, [...path, key]))
  }
  if (form === 'object') return isMap(value) ? undefined : is('names with a value each')
  if (['string', 'number', 'boolean'].includes(form))
    return plain(form, value) ? undefined : is(PLAIN[form] ?? '')
  return mistakeInMap(form, value, path)
}

/** More names than these are a page, where a near one is told. */
const LISTED = 16

function mistakeInMap(type: string, value: unknown, path: Mistake['path']): Mistake | undefined {
  const known = EcsProperties.types[type] ?? {}
  const names = Object.keys(known)
  if (!isMap(value)) {
    return { path, found: shown(value), allowed: names.join(', '), remedy: 'change it' }
  }
  return firstOf(Object.entries(value), ([key, one]) => {
    const form = known[key]
    if (form !== undefined) return mistakeOf(form, one, [...path, key])
    const otherwise = 'correct its spelling or remove it'
    const remedy = didYouMean(key, names, otherwise)
    const owner = type.replace(/^(\w+)\.?/, 'AWS::ECS::$1 ').trim()
    const many = names.length > LISTED && remedy !== otherwise
    const allowed = many
      ? `one of the ${names.length} properties of ${owner}`
      : `a property of ${owner}: ${names.join(', ')}`
    return { path: [...path, key], found: 'an unknown property', allowed, remedy }
  })
}

const PLAIN: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
}

function plain(form: string, value: unknown): boolean {
  const kind: string = typeof value
  return kind === form
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function firstOf<Item>(
  items: Iterable<Item>,
  mistake: (item: Item) => Mistake | undefined,
): Mistake | undefined {
  for (const item of items) {
    const found = mistake(item)
    if (found !== undefined) return found
  }
  return undefined
}
