import { intrinsicOf, namesIn } from './intrinsics.ts'
import { TemplateError, type TemplateResource } from './template.ts'

/**
 * Puts items behind what they need, and else leaves them in their order.
 *
 * @param needs the items one item needs; those not among `items` do not count.
 * @throws TemplateError naming the circle, when items need each other.
 */
export function inOrder(
  items: readonly string[],
  needs: (item: string) => Iterable<string>,
): string[] {
  const known = new Set(items)
  const done = new Set<string>()
  const visit = (item: string, above: readonly string[]): void => {
    if (done.has(item)) return
    if (above.includes(item)) {
      const circle = [...above.slice(above.indexOf(item)), item].join(' -> ')
      throw new TemplateError(`circular dependency: ${circle}`)
    }
    for (const needed of needs(item)) if (known.has(needed)) visit(needed, [...above, item])
    done.add(item)
  }
  for (const item of items) visit(item, [])
  return [...done]
}

/** What a resource names in its properties or in DependsOn: resources and parameters alike. */
export function needsOf(resource: TemplateResource): Set<string> {
  let needed = needs.get(resource)
  if (needed === undefined) {
    const { Properties, DependsOn = [] } = resource
    needed = new Set([DependsOn].flat().concat(namedIn(Properties)))
    needs.set(resource, needed)
  }
  return needed
}

/** A template is read once in a process and does not change. */
const needs = new WeakMap<TemplateResource, Set<string>>()

function namedIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const { name, argument } = (!Array.isArray(value) && intrinsicOf(value)) || {}
  if (name === 'Ref') return [String(argument)]
  if (name === 'Fn::GetAtt') return [String([argument].flat()[0]).split('.')[0] ?? '']
  const [text] = name === 'Fn::Sub' ? [argument].flat() : []
  const substituted = namesIn(String(text ?? '')).map((one) => one.split('.')[0] ?? '')
  return [...substituted, ...Object.values(value).flatMap(namedIn)]
}
