import { Document, isCollection, isMap, isPair, isScalar, visit } from 'yaml'
import type * as z from 'zod'
import { examplesOf, SERVICE_EXAMPLES } from '../../catalog/examples.ts'
import type { serviceSchema } from '../../catalog/service-schema.ts'
import type { Report } from './report.ts'
import type { Place, Tree } from './tree.ts'
import { commandOf } from './words.ts'

/** A service's file as it is being written. */
export type Written = Partial<z.input<typeof serviceSchema>>

/** A sidecar of a service's file. */
export type Sidecar = NonNullable<Written['sidecars']>[string]

/** A value of a variable: text, and what only the environment knows, of a data store. */
export type Part = string | Known

/** Something of a data store, in the words of the catalog. */
export type Known = { store: 'database' | 'cache'; part: string } | { store: 'bucket' }

/** A service's file that is being made from an input. */
export class Draft {
  readonly name: string
  /** Where the input describes it. */
  readonly place: Place
  readonly is: Written = {}
  /** The values of new secrets as the input has them, where there are some: equal ones are one. */
  readonly secretValues = new Map<string, string>()
  readonly report: Report

  constructor(name: string, place: Place, report: Report) {
    this.name = name
    this.place = place
    this.report = report
  }

  get file(): string {
    return `services/${this.name}.yaml`
  }

  /** Writes a field, and notes which key it comes from. */
  put<Field extends keyof Written>(
    field: Field,
    value: Written[Field],
    from: Tree | undefined,
  ): void {
    this.is[field] = value
    this.report.to(from, `${this.file} ${field}`)
  }

  /** Writes a field of a field: `health`, `interval`. */
  putIn<Field extends 'health' | 'deployment' | 'scaling' | 'mounts' | 'aliases' | 'environment'>(
    field: Field,
    key: string,
    value: unknown,
    from: Tree | undefined,
  ): void {
    const before = (this.is[field] ?? {}) as object
    this.is[field] = { ...before, [key]: value } as Written[Field]
    this.report.to(from, `${this.file} ${field}.${key}`)
  }
}

/** Writes the words that are started, where there are some. */
export function putWords(draft: Draft, field: 'entryPoint' | 'command', from: Tree): void {
  const words = commandOf(from)
  if (words !== undefined) draft.put(field, words, from)
}

/** Writes what no key is for: a property of the service's own container, as CloudFormation calls it. */
export function override(draft: Draft, property: string, value: unknown, from: Tree): void {
  const { is, name, file, report } = draft
  const before = is.override?.containers?.[name]
  is.override = { containers: { [name]: { ...before, [property]: value } } }
  report.to(from, `${file} override.containers.${name}.${property}`)
}

/** Gives a data store a variable in which it is found. */
export function findIn(
  draft: Draft,
  store: 'database' | 'cache',
  name: string,
  text: string,
  from: Tree,
): void {
  const { is, file, report } = draft
  if (store === 'database') {
    const { database } = is
    const before = typeof database === 'object' ? database.as : {}
    is.database = { as: { ...before, [name]: text } }
  } else {
    const before = typeof is.cache === 'object' ? is.cache.as : {}
    is.cache = { as: { ...before, [name]: text } }
  }
  report.to(from, `${file} ${store}.as.${name}`)
}

/** In the order of docs/catalog.md, but what it is first. */
const ORDER = ['team', ...Object.keys(examplesOf(SERVICE_EXAMPLES))]

/** A service's file as a person would write it. */
export function serviceFile({ is, place }: Draft, schema: string): string {
  const keys = Object.keys(is).toSorted((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b))
  const fields = Object.fromEntries(keys.map((key) => [key, is[key as keyof Written]]))
  return [
    `# yaml-language-server: $schema=${schema}`,
    `# Imported from ${place.file}, line ${place.line}.`,
    yamlOf(fields),
  ].join('\n')
}

/** Characters of a list or a map that stands in one line. */
const ONE_LINE = 80

/** YAML in which short lists and maps stand in one line. */
export function yamlOf(value: Record<string, unknown>): string {
  const document = new Document(value, { aliasDuplicateObjects: false })
  visit(document, {
    Collection: (key, node, path) => {
      if (path.length < 2 || key === null) return undefined
      const holdsCollections = node.items.some((item) =>
        isCollection(isPair(item) ? item.value : item),
      )
      // Variables are read one below the other.
      const parent = path.findLast(isPair)
      const name = isPair(parent) && isScalar(parent.key) ? String(parent.key.value) : ''
      const isLong = JSON.stringify(node.toJSON()).length > ONE_LINE
      if (!holdsCollections && !isLong && !(name === 'environment' && isMap(node))) node.flow = true
      return undefined
    },
  })
  return document.toString({ lineWidth: 0, flowCollectionPadding: true })
}
