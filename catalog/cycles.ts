import type { Entry } from './check.ts'
import type { Problem } from './problem.ts'

/**
 * Services that depend on each other in a circle: none could be first to wake. One problem per
 * circle, at the `dependsOn` of its first service by name.
 */
export function cycles(entries: readonly Entry[]): Problem[] {
  const byName = new Map(entries.map((entry) => [entry.service.name, entry]))
  const done = new Set<string>()
  const problems: Problem[] = []
  const visit = (name: string, path: readonly string[]): void => {
    const begin = path.indexOf(name)
    if (begin >= 0) {
      problems.push(...told(path.slice(begin), byName))
      return
    }
    if (done.has(name)) return
    const dependsOn = byName.get(name)?.service.dependsOn ?? []
    for (const next of dependsOn) visit(next, [...path, name])
    done.add(name)
  }
  for (const name of byName.keys()) visit(name, [])
  return problems
}

function told(circle: readonly string[], byName: ReadonlyMap<string, Entry>): Problem[] {
  const first = circle.toSorted()[0] ?? ''
  const at = circle.indexOf(first)
  const path = [...circle.slice(at), ...circle.slice(0, at), first]
  const entry = byName.get(first)
  if (entry === undefined) return []
  const index = entry.service.dependsOn.indexOf(path[1] ?? '')
  return [
    entry.document.problem(['dependsOn', index], {
      found: path.join(' → '),
      allowed: 'services that do not lead back here',
      remedy: 'remove one of these steps',
    }),
  ]
}
