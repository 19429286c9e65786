import { dirname, join } from 'node:path'
import { Problem } from '../../problem.ts'
import { readVariables } from '../env-file.ts'
import type { Report } from '../report.ts'
import {
  childOf,
  entriesOf,
  filledTree,
  isMapTree,
  itemsOf,
  plainOf,
  readTree,
  type Tree,
  textOf,
} from '../tree.ts'
import { filled, type Values } from './interpolate.ts'
import { asMaps, merged } from './merge.ts'

/** Reads a file by its path; undefined where there is none. */
export type Read = (path: string) => string | undefined

export type Project = {
  /** Everything but `services`. */
  top: Tree
  services: ReadonlyMap<string, Tree>
  /** All that was read: each of its keys has to be accounted for. */
  sources: readonly Tree[]
  /** The folder of the first file, from which paths count. */
  folder: string
  values: Values
}

/**
 * Reads Compose files, the later over the earlier, with what they include and extend, and with
 * the values of `.env` put in.
 *
 * @throws Problem for a file that is not there or cannot be read.
 */
export function loadProject(paths: readonly string[], read: Read, report: Report): Project {
  const folder = dirname(paths[0] ?? '.')
  return new Loader(read, report).load(paths, folder, valuesIn(folder, read, {}))
}

const valuesIn = (folder: string, read: Read, known: Values): Values => {
  const path = join(folder, '.env')
  return readVariables(read(path) ?? '', path, known).values
}

class Loader {
  readonly #read: Read
  readonly #report: Report
  readonly #sources: Tree[] = []
  readonly #open: string[] = []

  constructor(read: Read, report: Report) {
    this.#read = read
    this.#report = report
  }

  load(paths: readonly string[], folder: string, values: Values): Project {
    let all: Tree | undefined
    for (const path of paths) all = merged(all, this.#file(path, values), this.#report)
    const top = all ?? this.#file('compose.yaml', values)
    return {
      ...{ top, folder, values, sources: this.#sources },
      services: new Map(entriesOf(childOf(top, 'services'))),
    }
  }

  /** One file with what it includes below it and what its services extend. */
  #file(path: string, values: Values): Tree {
    if (this.#open.includes(path)) {
      throw new Problem(`${path}: found itself among what it includes; remove one of the steps`)
    }
    this.#open.push(path)
    const tree = filledTree(this.#parsed(path), (text) => filled(text, values))
    this.#sources.push(tree)
    const services = entriesOf(childOf(tree, 'services')).map(([name, one]): [string, Tree] => [
      name,
      this.#extended(asMaps(one), path, values, childOf(tree, 'services'), [name]),
    ])
    const own = withEntry(tree, 'services', services)
    const included = this.#included(tree, path, values)
    this.#open.pop()
    return included === undefined ? own : merged(included, own, this.#report)
  }

  #parsed(path: string): Tree {
    const text = this.#read(path)
    if (text === undefined) throw new Problem(`${path}: found nothing, allowed: a Compose file`)
    const tree = readTree(text, path)
    const services = childOf(tree, 'services')
    if (services !== undefined && !isMapTree(services)) {
      throw new Problem(
        `${path}:${services.place.line} services: found no map, allowed: services by name, each with its keys`,
      )
    }
    return tree
  }

  /** https://github.com/compose-spec/compose-spec/blob/main/14-include.md */
  #included(tree: Tree, path: string, values: Values): Tree | undefined {
    let all: Tree | undefined
    for (const one of itemsOf(childOf(tree, 'include'))) {
      const paths = isMapTree(one) ? itemsOf(childOf(one, 'path')) : [one]
      for (const text of paths.map(textOf)) {
        if (text === undefined) continue
        const target = join(dirname(path), text)
        const found = this.#file(target, valuesIn(dirname(target), this.#read, values))
        all = merged(all, found, this.#report)
      }
      this.#report.to(one, 'what is included there')
    }
    return all
  }

  /** A service over the one it extends, of this file or another. */
  #extended(
    service: Tree,
    path: string,
    values: Values,
    siblings: Tree | undefined,
    way: readonly string[],
  ): Tree {
    const extend = childOf(service, 'extends')
    if (extend === undefined) return service
    const name = textOf(extend) ?? textOf(childOf(extend, 'service')) ?? ''
    const file = textOf(childOf(extend, 'file'))
    const from = file === undefined ? path : join(dirname(path), file)
    if (way.includes(`${from} ${name}`)) {
      throw new Problem(`${path}:${extend.place.line} extends: found a circle, ${way.join(', ')}`)
    }
    const around =
      file === undefined
        ? siblings
        : childOf(
            filledTree(this.#parsed(from), (text) => filled(text, values)),
            'services',
          )
    const found = childOf(around, name)
    if (found === undefined) {
      throw new Problem(
        `${path}:${extend.place.line} extends: found ${JSON.stringify(name)}, allowed: a service of ${from}`,
      )
    }
    if (file !== undefined) this.#sources.push(found)
    const base = this.#extended(asMaps(found), from, values, around, [...way, `${from} ${name}`])
    this.#report.to(extend, `what ${name} of ${from} has`)
    return without(merged(base, service, this.#report), 'extends')
  }
}

const without = (tree: Tree, key: string): Tree => ({
  ...tree,
  content: new Map(entriesOf(tree).filter(([one]) => one !== key)),
})

function withEntry(tree: Tree, key: string, entries: readonly [string, Tree][]): Tree {
  const found = childOf(tree, key)
  if (found === undefined) return tree
  const inner: Tree = { ...found, content: new Map(entries) }
  return { ...tree, content: new Map([...entriesOf(tree), [key, inner]]) }
}

/** The files that `docker compose` reads in a folder, when none is named. */
export function defaultFiles(folder: string, isThere: (path: string) => boolean): string[] {
  const first = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml']
    .map((name) => join(folder, name))
    .find(isThere)
  if (first === undefined) return []
  const over = first.replace(/\.(ya?ml)$/, '.override.$1')
  return [first, ...(isThere(over) ? [over] : [])]
}

/** The variables of a service, those of its files below its own. */
export function variablesOf(
  service: Tree,
  { folder, values }: Project,
  read: Read,
  report: Report,
) {
  const found = new Map<string, Tree>()
  const sources: Tree[] = []
  for (const one of itemsOf(childOf(service, 'env_file'))) {
    const written = textOf(one) ?? textOf(childOf(one, 'path')) ?? ''
    const path = join(folder, written)
    const text = read(path)
    if (text === undefined) {
      const because = `${path} is not there; what stands in it is not known`
      report.leave(one, because, 'run the import where the file is, or write its variables')
      continue
    }
    const isRaw = textOf(childOf(one, 'format')) === 'raw'
    const { trees } = readVariables(text, path, isRaw ? {} : values)
    sources.push({ place: one.place, content: trees })
    for (const [name, tree] of trees) {
      const before = found.get(name)
      if (before !== undefined) report.to(before, `${path}, which stands over it`)
      found.set(name, tree)
    }
    report.to(one, `the variables of ${path}`)
  }
  for (const [name, tree] of entriesOf(childOf(service, 'environment'))) {
    const before = found.get(name)
    if (before !== undefined) {
      report.to(before, `${tree.place.file}:${tree.place.line}, which stands over it`)
    }
    found.set(name, tree)
  }
  return { variables: found, sources }
}

/** Whether a tree says anything at all. */
export const isEmpty = (tree: Tree | undefined): boolean => {
  const value = tree === undefined ? null : plainOf(tree)
  return (
    value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0)
  )
}
