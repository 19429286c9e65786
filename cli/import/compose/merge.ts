import type { Report } from '../report.ts'
import { entriesOf, isList, isMapTree, itemsOf, type Tree, textOf } from '../tree.ts'

/** Keys that a later file replaces as a whole, although they are lists. */
const REPLACED = /(^|\.)(command|entrypoint|test)$/

/**
 * One tree laid over another, as Compose merges files and `extends`: maps merge, lists grow,
 * commands and single values are replaced; `!reset` takes away, `!override` replaces.
 * https://github.com/compose-spec/compose-spec/blob/main/13-merge.md
 */
export function merged(base: Tree | undefined, over: Tree, report: Report, at = ''): Tree {
  if (base === undefined) return over
  const { file, line } = over.place
  const gone = `${file}:${line}, which stands over it`
  if (over.tag === '!reset' || over.tag === '!override') {
    report.to(base, gone)
    if (over.tag === '!override') return over
    report.to(over, 'it takes away what stands in the file before')
    return { ...over, content: null }
  }
  if (isMapTree(base) && isMapTree(over)) {
    const entries = new Map(entriesOf(base))
    for (const [key, one] of entriesOf(over)) {
      entries.set(key, merged(entries.get(key), one, report, at === '' ? key : `${at}.${key}`))
    }
    return { ...over, place: base.place, content: entries }
  }
  if (isList(base) && isList(over) && !REPLACED.test(at)) return joined(base, over, report, at)
  report.to(base, gone)
  return over
}

/** Both lists; what is about the same target or port stands only in the later one. */
function joined(base: Tree, over: Tree, report: Report, at: string): Tree {
  const identity = /(^|\.)volumes$/.test(at) ? targetOf : (one: Tree) => textOf(one)
  const later = new Set(itemsOf(over).map(identity))
  const kept = itemsOf(base).filter((one) => {
    const id = identity(one)
    if (id === undefined || !later.has(id)) return true
    report.to(one, `${over.place.file}:${over.place.line}, which stands over it`)
    return false
  })
  return { ...base, content: [...kept, ...itemsOf(over)] }
}

/** Where a volume is mounted: `data:/var/lib`, or `target` of the long form. */
function targetOf(volume: Tree): string | undefined {
  const target = entriesOf(volume).find(([key]) => key === 'target')?.[1]
  if (target !== undefined) return textOf(target)
  const parts = (textOf(volume) ?? '').split(':')
  return parts[1] ?? parts[0]
}

/** Keys that may be a list of `NAME=value` or a map; as a map they merge by name. */
const MAPS = ['environment', 'labels', 'depends_on', 'extra_hosts', 'networks', 'annotations']

/** A service whose lists of names and values are maps. */
export function asMaps(service: Tree): Tree {
  if (!isMapTree(service)) return service
  const entries = entriesOf(service).map(([key, one]): [string, Tree] =>
    MAPS.includes(key) && isList(one) ? [key, mapOf(one)] : [key, one],
  )
  return { ...service, content: new Map(entries) }
}

function mapOf(list: Tree): Tree {
  const entries = itemsOf(list).flatMap((item): [string, Tree][] => {
    const text = textOf(item)
    if (text === undefined) return []
    const equals = text.indexOf('=')
    if (equals < 0) return [[text, { ...item, content: null }]]
    return [[text.slice(0, equals), { ...item, content: text.slice(equals + 1) }]]
  })
  return { ...list, content: new Map(entries) }
}
