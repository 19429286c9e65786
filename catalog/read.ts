import { existsSync, readdirSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { crossChecks, type Entry } from './checks.ts'
import { type Document, readDocument } from './document.ts'
import { CatalogError, type Problem } from './problem.ts'
import type { Catalog } from './schema.ts'
import { environmentSchema, serviceSchema } from './schema.ts'

/**
 * Reads a catalog: `environment.yaml` and `services/*.yaml`.
 *
 * @returns services in the order of their names.
 * @throws CatalogError naming every problem of every file with its line.
 */
export function readCatalog(directory: string): Catalog {
  const path = join(directory, 'environment.yaml')
  if (!existsSync(path)) throw new CatalogError([missing(path)])
  const environment = readDocument(path, environmentSchema)
  const { entries, problems } = readServices(join(directory, 'services'))
  const all = [...environment.problems, ...problems, ...crossChecks(environment, entries)]
  if (all.length > 0 || environment.value === undefined) throw new CatalogError(inOrder(all))
  return { environment: environment.value, services: entries.map(({ service }) => service) }
}

function readServices(directory: string): { entries: Entry[]; problems: Problem[] } {
  const entries: Entry[] = []
  const problems: Problem[] = []
  const files = existsSync(directory) ? readdirSync(directory).toSorted() : []
  for (const file of files) {
    const path = join(directory, file)
    if (!file.endsWith('.yaml')) {
      problems.push(notAService(path))
      continue
    }
    const document: Document<
      Omit<Entry['service'], 'name' | 'repository'> & { repository?: string | undefined }
    > = readDocument(path, serviceSchema)
    problems.push(...document.problems)
    if (document.value === undefined) continue
    const name = basename(file, '.yaml')
    const { repository = name } = document.value
    entries.push({ service: { ...document.value, name, repository }, document })
  }
  return { entries, problems }
}

/** By file and line, as a reader goes through them. */
function inOrder(problems: readonly Problem[]): Problem[] {
  return problems.toSorted((a, b) => a.file.localeCompare(b.file) || a.line - b.line)
}

const missing = (path: string): Problem => ({
  file: relative(process.cwd(), path),
  line: 1,
  field: 'the file',
  found: 'nothing',
  allowed: 'a catalog directory with environment.yaml and services/<name>.yaml',
  remedy: 'create the file or name another directory',
})

const notAService = (path: string): Problem => ({
  file: relative(process.cwd(), path),
  line: 1,
  field: 'the file',
  found: JSON.stringify(basename(path)),
  allowed: '<service name>.yaml',
  remedy: 'rename or remove the file',
})
