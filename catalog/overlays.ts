import type * as z from 'zod'
import { checked, type Document, readYaml } from './document.ts'
import type { Problem } from './problem.ts'

type Path = readonly PropertyKey[]
type Keys = Readonly<Record<string, unknown>>

/** The key of a file under which what differs in an environment stands, by its name. */
const KEY = 'environments'

/**
 * Reads a file with what it says for one environment over what it says for all: maps are put
 * together, anything else is replaced, and nothing (`~`) takes a key away. What it says for others
 * is held against the schema too, so that a mistake there is not found only by them.
 *
 * @param environment the name of the one that is made; undefined while that is not known.
 */
export function readWithOverlays<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  environment: string | undefined,
): Document<z.infer<Schema>> {
  const read = readYaml(path)
  if ('problems' in read) return read
  const { file, content, problem } = read
  const overlays = overlaysOf(content)
  const of = (name: string | undefined) => {
    const overlay = name === undefined ? undefined : overlays[name]
    const tell: Document<never>['problem'] = (at, words) =>
      problem(isSaid(overlay, at) ? [KEY, name ?? '', ...at] : at, words)
    return { tell, ...checked(schema, merged(content, overlay), tell) }
  }
  const { tell, value, problems } = of(environment)
  const others = Object.keys(overlays)
    .filter((name) => name !== environment)
    .flatMap((name) => of(name).problems.filter(({ field }) => field.startsWith(`${KEY}.${name}.`)))
  const all: Problem[] = [...problems, ...others]
  return { file, problem: tell, value: all.length > 0 ? undefined : value, problems: all }
}

function overlaysOf(content: unknown): Record<string, Keys> {
  const overlays = isMap(content) ? content[KEY] : undefined
  if (!isMap(overlays)) return {}
  // What is no map is told by the schema.
  return Object.fromEntries(Object.entries(overlays).filter((one) => isMap(one[1]))) as Record<
    string,
    Keys
  >
}

function merged(base: unknown, overlay: unknown): unknown {
  if (overlay === undefined) return base
  if (!isMap(base) || !isMap(overlay)) return overlay
  const keys = new Set([...Object.keys(base), ...Object.keys(overlay)])
  return Object.fromEntries(
    [...keys]
      .filter((key) => overlay[key] !== null)
      .map((key) => [key, merged(base[key], overlay[key])]),
  )
}

/** Whether it is the overlay that says what stands at a path. */
function isSaid(overlay: unknown, [key, ...rest]: Path): boolean {
  if (overlay === undefined) return false
  if (key === undefined || !isMap(overlay)) return true
  return isSaid(overlay[String(key)], rest)
}

const isMap = (value: unknown): value is Keys =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
