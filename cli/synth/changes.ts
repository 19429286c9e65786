import { isDeepStrictEqual } from 'node:util'
import type { Stack, Template, TemplateResource } from '../../scripts/assembly.ts'
import { replacements } from '../deploy/replacement.ts'

/** What differs in one stack, each resource as people read it. Pure. */
export type StackChange = {
  stack: string
  what: 'new' | 'gone' | 'changed'
  added: string[]
  removed: string[]
  /** With the properties that differ, and whether CloudFormation makes another in its place. */
  changed: string[]
  /** Functions of which only the code is another. */
  code: number
  /** Outputs and parameters that differ. */
  besides: string[]
}

/** What differs between two sets of templates, by stack. */
export function changesBetween(before: readonly Stack[], after: readonly Stack[]): StackChange[] {
  const [old, now] = [byName(before), byName(after)]
  const names = [...new Set([...old.keys(), ...now.keys()])].toSorted()
  return names.flatMap((stack) => changeOf(stack, old.get(stack), now.get(stack)) ?? [])
}

const byName = (stacks: readonly Stack[]): Map<string, Template> =>
  new Map(stacks.map(({ name, template }) => [name, template]))

const NOTHING = { added: [], removed: [], changed: [], code: 0, besides: [] }

function changeOf(
  stack: string,
  before: Template | undefined,
  after: Template | undefined,
): StackChange | undefined {
  if (before === undefined) return { stack, what: 'new', ...NOTHING }
  if (after === undefined) return { stack, what: 'gone', ...NOTHING }
  const [old, now] = [before.Resources, after.Resources]
  const replaced = new Map(
    replacements(before, after).map(({ logicalId, property }) => [logicalId, property]),
  )
  const both = Object.keys(now).filter((id) => old[id] !== undefined)
  const differing = both.filter((id) => !isDeepStrictEqual(old[id], now[id]))
  const code = differing.filter((id) =>
    isDeepStrictEqual(withoutCode(old[id]), withoutCode(now[id])),
  )
  const change: StackChange = {
    ...{ stack, what: 'changed' },
    added: Object.keys(now).flatMap((id) => (old[id] ? [] : [named(id, now[id])])),
    removed: Object.keys(old).flatMap((id) => (now[id] ? [] : [named(id, old[id])])),
    changed: differing
      .filter((id) => !code.includes(id))
      .map((id) => changedLine(id, old[id], now[id], replaced.get(id))),
    code: code.length,
    besides: besides(before, after),
  }
  const { added, removed, changed } = change
  return added.length + removed.length + changed.length + change.code + change.besides.length > 0
    ? change
    : undefined
}

type Resource = TemplateResource | undefined

const named = (id: string, resource: Resource): string => `${resource?.Type} ${id}`

/** An asset's name is the hash of what is in it. */
function withoutCode(resource: Resource): Resource {
  if (resource?.Type !== 'AWS::Lambda::Function') return resource
  const { Properties: { Code, ...properties } = {}, ...rest } = resource
  const { Metadata, ...own } = rest as TemplateResource & { Metadata?: unknown }
  return { ...own, Properties: properties }
}

function changedLine(id: string, old: Resource, now: Resource, replaced: string | undefined) {
  const [before, after] = [old?.Properties ?? {}, now?.Properties ?? {}]
  const properties = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => !isDeepStrictEqual(before[name], after[name]))
    .toSorted()
    .map((name) => `${name}${fromTo(before[name], after[name])}`)
  const what = properties.length === 0 ? 'how it is treated' : properties.join(', ')
  const instead = replaced === undefined ? '' : ` (replaced, as ${replaced} cannot be changed)`
  return `${named(id, now)}: ${what}${instead}`
}

/** Of a number, a word or a switch, what it was and is. */
function fromTo(before: unknown, after: unknown): string {
  if (![before, after].every((one) => /^(string|number|boolean)$/.test(typeof one))) return ''
  const [old, now] = [String(before), String(after)]
  return Math.max(old.length, now.length) > 40 ? '' : ` ${old} → ${now}`
}

/** `DeletionPolicy` and its like are a resource's; these are the template's own. */
function besides(before: Template, after: Template): string[] {
  return (['Outputs', 'Parameters'] as const).flatMap((part) => {
    const [old, now] = [before[part] ?? {}, after[part] ?? {}]
    return [...new Set([...Object.keys(old), ...Object.keys(now)])]
      .filter((name) => !isDeepStrictEqual(old[name], now[name]))
      .map((name) => `${part} ${name}`)
  })
}

/** For a person: a line for each resource; code that differs is one line, however many have it. */
export function changeLines(changes: readonly StackChange[]): string[] {
  return changes.flatMap(({ stack, what, added, removed, changed, code, besides }) => [
    what === 'changed' ? stack : `${stack}: ${what === 'new' ? 'a new stack' : 'is gone'}`,
    ...added.map((one) => `  + ${one}`),
    ...removed.map((one) => `  - ${one}`),
    ...changed.map((one) => `  ~ ${one}`),
    ...(code > 0
      ? [
          `  ~ the code, or the catalog in it, of ${code === 1 ? 'one function' : `${code} functions`}`,
        ]
      : []),
    ...besides.map((one) => `  ~ ${one}`),
  ])
}
