import type { Draft, Written } from '../draft.ts'
import { childOf, isMapTree, plainOf, type Tree, textOf } from '../tree.ts'
import type { Scope } from './scope.ts'

type Override = NonNullable<Written['override']>

/**
 * A rule of `taskdef_overrides`: a property of the task definition by its path, in which `[0]` of
 * the containers is the workload’s own, a number is a place in a list, and `[-]` is after its end.
 * https://aws.github.io/copilot-cli/docs/developing/overrides/taskdef-overrides/
 */
export function taskOverride(tree: Tree, { workload: { draft }, report }: Scope): void {
  if (!isMapTree(tree)) return
  const path = textOf(childOf(tree, 'path')) ?? ''
  const value = childOf(tree, 'value')
  const [holder = '', ...rest] = stepsOf(path) ?? []
  if (holder === '' || value === undefined) return
  if (holder !== 'ContainerDefinitions') {
    give(draft, 'task', [holder, ...rest], value)
  } else if (rest[0] === 0 && typeof rest[1] === 'string') {
    give(draft, 'container', rest.slice(1), value)
  } else {
    const because = 'which sidecar has this place in the list is not known here'
    const remedy = `write the property into override.containers.<name> of ${draft.file}`
    report.leave(tree, because, remedy)
    return
  }
  const property = holder === 'ContainerDefinitions' ? rest[1] : holder
  const at = holder === 'ContainerDefinitions' ? `containers.${draft.name}` : 'task'
  report.to(tree, `${draft.file} override.${at}.${property}`)
}

/** `A[0].B[-].C` as its steps; undefined for what is no such path. */
function stepsOf(path: string): (string | number)[] | undefined {
  if (!/^[A-Za-z]\w*(\[(\d{1,2}|-)\])*(\.[A-Za-z]\w*(\[(\d{1,2}|-)\])*)*$/.test(path)) {
    return undefined
  }
  return [...path.matchAll(/\w+|-/g)].map(([step]) =>
    step === '-' ? Number.POSITIVE_INFINITY : /^\d+$/.test(step) ? Number(step) : step,
  )
}

function give(
  { is, name }: Draft,
  of: 'task' | 'container',
  steps: readonly (string | number)[],
  value: Tree,
): void {
  const { task, containers = {}, ...others } = is.override ?? {}
  const made: Override =
    of === 'task'
      ? { ...others, containers, task: put(task, steps, value) as Override['task'] }
      : {
          ...others,
          ...(task && { task }),
          containers: {
            ...containers,
            [name]: put(containers[name], steps, value) as Record<string, unknown>,
          },
        }
  if (Object.keys(made.containers ?? {}).length === 0) delete made.containers
  is.override = made
}

/** What stands there with a value put in; a place after the end of a list is its next one. */
function put(holder: unknown, [step, ...rest]: readonly (string | number)[], value: Tree): unknown {
  if (step === undefined) return plainOf(value)
  if (typeof step === 'number') {
    const list = Array.isArray(holder) ? holder : []
    const index = Math.min(step, list.length)
    return [...list.slice(0, index), put(list[index], rest, value), ...list.slice(index + 1)]
  }
  const map = typeof holder === 'object' && !Array.isArray(holder) ? holder : {}
  const before = (map as Record<string, unknown> | null)?.[step]
  return { ...map, [step]: put(before, rest, value) }
}
