import type { Stack } from '../../scripts/assembly.ts'
import { Problem } from '../problem.ts'
import { type Replacement, replacements } from './replacement.ts'
import type { Standing } from './standing.ts'
import { exportsOf, importsOf, referredTo } from './template.ts'

/**
 * Refuses what CloudFormation would begin and could not end: another resource in place of one whose
 * name it must have too, or of one that other stacks import. Pure.
 *
 * @throws Problem naming the resource and the line of the catalog.
 */
export function refuseReplacements(
  changed: readonly Stack[],
  alive: ReadonlyMap<string, Standing>,
): void {
  const found = changed.flatMap(({ name, template }) => {
    const before = alive.get(name)
    if (before === undefined) return []
    return replacements(before.template, template).flatMap((one) => {
      const users = one.isNamed ? [] : usersOf(one.logicalId, before, alive)
      if (!one.isNamed && users.length === 0) return []
      return [sentence(name, one, users)]
    })
  })
  if (found.length === 0) return
  throw new Problem(
    `Nothing was changed. ${[...new Set(found)].join('\n')}\nTake the change back; or, if it is needed, remove what has it and deploy it anew: docs/operations/add-or-remove-a-service.md, docs/operations/remove-the-environment.md`,
  )
}

function sentence(
  stack: string,
  { logicalId, type, property, field, isNamed }: Replacement,
  users: readonly string[],
): string {
  const what = field ?? `${property} of ${logicalId}`
  const why = isNamed
    ? 'AWS cannot change it, and a second one of the same name cannot be made beside it'
    : `AWS cannot change it, and ${users.join(', ')} would lose the first one`
  return `${stack}: ${what} has changed (${property} of ${type}): ${why}.`
}

/** The stacks that import a resource. */
function usersOf(
  logicalId: string,
  { name, template }: Standing,
  alive: ReadonlyMap<string, Standing>,
): string[] {
  const exported = [...exportsOf(template)]
    .filter(([, value]) => referredTo(value) === logicalId)
    .map(([one]) => one)
  return [...alive.values()]
    .filter((user) => user.name !== name)
    .filter((user) => exported.some((one) => importsOf(user.template).has(one)))
    .map((user) => user.name)
}
