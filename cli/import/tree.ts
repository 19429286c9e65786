import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
} from 'yaml'
import { mistakeIn } from '../../catalog/yaml-words.ts'
import { Problem } from '../problem.ts'

/** Where something stands in what is imported. */
export type Place = { file: string; line: number; path: readonly string[] }

type Scalar = string | number | boolean | null

/** A part of a YAML file that knows where it stands, with anchors and merge keys put in. */
export type Tree = {
  place: Place
  /** `!reset`, `!GetAtt` and the like. */
  tag?: string
  /** Names of variables in it for which there is no value. */
  lacks?: readonly string[]
  content: ReadonlyMap<string, Tree> | readonly Tree[] | Scalar
}

/** More than any file that a person writes; aliases can make a small file endless. */
const MOST_PARTS = 100_000

/**
 * Reads a YAML file with the line of each of its parts.
 *
 * @param file as messages name it.
 * @param problem ends each message: what has been done.
 * @throws Problem for what is no YAML with keys.
 */
export function readTree(text: string, file: string): Tree {
  const lines = new LineCounter()
  const yaml = parseDocument(text, { lineCounter: lines, merge: true })
  // A tag such as !GetAtt is left out by name, where its value is read.
  yaml.warnings = []
  const mistake = mistakeIn(yaml, text, lines)
  if (mistake !== undefined) {
    const { line, found, allowed, remedy } = mistake
    throw new Problem(`${file}:${line}: found ${found}, allowed: ${allowed}; ${remedy}`)
  }
  return new Reader(yaml, file, lines).read()
}

class Reader {
  readonly #yaml: Document
  readonly #file: string
  readonly #lines: LineCounter
  #parts = 0
  readonly #open = new Set<unknown>()

  constructor(yaml: Document, file: string, lines: LineCounter) {
    this.#yaml = yaml
    this.#file = file
    this.#lines = lines
  }

  read(): Tree {
    return this.#tree(this.#yaml.contents, undefined, [])
  }

  #tree(given: unknown, key: unknown, path: readonly string[]): Tree {
    const node = isAlias(given) ? given.resolve(this.#yaml) : given
    this.#parts += 1
    if (this.#parts > MOST_PARTS) {
      throw new Problem(
        `${this.#file}: found more than ${MOST_PARTS} parts, allowed: less; look at its aliases (*name)`,
      )
    }
    const start = (rangeOf(key) ?? rangeOf(given))?.[0] ?? 0
    const place = { file: this.#file, line: Math.max(1, this.#lines.linePos(start).line), path }
    if (this.#open.has(node)) {
      throw new Problem(
        `${this.#file}:${place.line}: found an alias (*name) inside what it names, allowed: one that ends; remove it`,
      )
    }
    const { tag } = (node ?? {}) as Node & { tag?: string }
    if (typeof node === 'object') this.#open.add(node)
    const content = this.#content(node, path)
    this.#open.delete(node)
    return { place, ...(tag?.startsWith('!') === true && { tag }), content }
  }

  #content(node: unknown, path: readonly string[]): Tree['content'] {
    if (isMap(node)) return this.#entries(node, path)
    if (isSeq(node)) {
      return node.items.map((item, index) => this.#tree(item, item, [...path, String(index)]))
    }
    const value = isScalar(node) ? node.value : undefined
    if (typeof value === 'bigint') return value.toString()
    return ['string', 'number', 'boolean'].includes(typeof value) ? (value as Scalar) : null
  }

  #entries(map: { items: { key: unknown; value: unknown }[] }, path: readonly string[]) {
    const merged = new Map<string, Tree>()
    const own = new Map<string, Tree>()
    for (const { key, value } of map.items) {
      const name = isScalar(key) ? key.value : undefined
      if (typeof name !== 'symbol' && name !== '<<') {
        const text = String(isScalar(key) ? (key.source ?? key.value) : key)
        own.set(text, this.#tree(value, key, [...path, text]))
        continue
      }
      const from = isAlias(value) ? value.resolve(this.#yaml) : value
      for (const one of isSeq(from) ? from.items : [from]) {
        const source = isAlias(one) ? one.resolve(this.#yaml) : one
        if (!isMap(source)) continue
        for (const [text, tree] of this.#entries(source, path)) {
          if (!merged.has(text)) merged.set(text, tree)
        }
      }
    }
    return new Map([...merged, ...own])
  }
}

const rangeOf = (node: unknown): readonly number[] | undefined =>
  (node as Partial<Node> | null | undefined)?.range ?? undefined

export const isMapTree = (tree: Tree | undefined): boolean => tree?.content instanceof Map
export const isList = (tree: Tree | undefined): boolean => Array.isArray(tree?.content)

/** The entries of a map; none of anything else. */
export const entriesOf = (tree: Tree | undefined): [string, Tree][] =>
  tree?.content instanceof Map ? [...(tree.content as ReadonlyMap<string, Tree>)] : []

/** The items of a list; a single value counts as a list of one. */
export function itemsOf(tree: Tree | undefined): readonly Tree[] {
  if (tree === undefined || tree.content === null || tree.content instanceof Map) return []
  return Array.isArray(tree.content) ? (tree.content as Tree[]) : [tree]
}

/** What stands below some keys. */
export function childOf(tree: Tree | undefined, ...keys: readonly string[]): Tree | undefined {
  return keys.reduce<Tree | undefined>((at, key) => new Map(entriesOf(at)).get(key), tree)
}

/** A value as text; undefined for a map, a list and nothing. */
export function textOf(tree: Tree | undefined): string | undefined {
  const content = tree?.content
  if (content === null || content === undefined || typeof content === 'object') return undefined
  return String(content)
}

/** A value that is a number, also in quotes. */
export function numberOf(tree: Tree | undefined): number | undefined {
  const text = textOf(tree)?.trim()
  return text === undefined || !/^-?\d+(\.\d+)?$/.test(text) ? undefined : Number(text)
}

export function flagOf(tree: Tree | undefined): boolean | undefined {
  const text = textOf(tree)?.toLowerCase()
  if (text === 'true' || text === 'yes' || text === 'on') return true
  return text === 'false' || text === 'no' || text === 'off' ? false : undefined
}

/** Everything in it that holds nothing further: values, and maps and lists without entries. */
export function leavesOf(tree: Tree): Tree[] {
  const { content } = tree
  const inner =
    content instanceof Map
      ? [...(content as ReadonlyMap<string, Tree>).values()]
      : Array.isArray(content)
        ? (content as Tree[])
        : []
  return inner.length === 0 ? [tree] : inner.flatMap(leavesOf)
}

/** As JavaScript has it. */
export function plainOf(tree: Tree): unknown {
  const { content } = tree
  if (content instanceof Map) {
    return Object.fromEntries(entriesOf(tree).map(([key, one]) => [key, plainOf(one)]))
  }
  return Array.isArray(content) ? (content as Tree[]).map(plainOf) : content
}

/** A text in which values were put, and the names of those that nothing gives. */
export type Filled = { text: string; lacks: string[] }

/** A tree with values in its texts; where one is missing, the tree says which. */
export function filledTree(tree: Tree, fill: (text: string) => Filled): Tree {
  const { content } = tree
  if (content instanceof Map) {
    const entries = entriesOf(tree).map(([key, one]) => [key, filledTree(one, fill)] as const)
    return { ...tree, content: new Map(entries) }
  }
  if (Array.isArray(content)) {
    return { ...tree, content: (content as Tree[]).map((one) => filledTree(one, fill)) }
  }
  if (typeof content !== 'string' || !content.includes('$')) return tree
  const { text, lacks } = fill(content)
  return { ...tree, content: text, ...(lacks.length > 0 && { lacks }) }
}
