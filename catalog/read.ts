import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { withCalendars } from './calendars.ts'
import type { Entry } from './check.ts'
import { crossChecks } from './checks.ts'
import { complete } from './complete.ts'
import { readDocument } from './document.ts'
import { withEnvFiles } from './env-files.ts'
import { environmentSchema } from './environment-schema.ts'
import { readWithOverlays } from './overlays.ts'
import { CatalogError, type Problem } from './problem.ts'
import type { Catalog, Environment } from './schema.ts'
import { serviceSchema } from './service-schema.ts'

/**
 * Reads a catalog: `environment.yaml` with the calendars it names, and `services/*.yaml`.
 *
 * @returns services in the order of their names.
 * @throws CatalogError naming every problem of every file with its line.
 */
export function readCatalog(directory: string): Catalog {
  const path = join(directory, 'environment.yaml')
  if (!existsSync(path)) throw new CatalogError([missing(path)])
  const environment = withCalendars(readDocument(path, environmentSchema), directory)
  const { entries, names, problems } = readServices(join(directory, 'services'), environment.value)
  const all = [...environment.problems, ...problems, ...crossChecks(environment, entries, names)]
  if (all.length > 0 || environment.value === undefined) throw new CatalogError(inOrder(all))
  return { environment: environment.value, services: entries.map(({ service }) => service) }
}

type Services = {
  entries: Entry[]
  /** Of every file, readable or not. */
  names: string[]
  problems: Problem[]
}

function readServices(directory: string, environment: Environment | undefined): Services {
  const repositoryPrefix = environment?.repositoryPrefix ?? ''
  if (!existsSync(directory)) return { entries: [], names: [], problems: [noServices(directory)] }
  // What editors and Git leave behind, such as .gitkeep, is nobody's service.
  const files = readdirSync(directory)
    .filter((file) => !file.startsWith('.'))
    .toSorted()
  const isService = (file: string) => file.endsWith('.yaml')
  const documents = files.filter(isService).map((file) => ({
    name: basename(file, '.yaml'),
    document: withEnvFiles(
      readWithOverlays(join(directory, file), serviceSchema, environment?.name),
      dirname(directory),
    ),
  }))
  return {
    entries: documents.flatMap(({ name, document }) =>
      document.value === undefined
        ? []
        : [
            {
              service: {
                ...complete(name, document.value, repositoryPrefix),
                ...(Object.keys(document.fromFiles).length > 0 && {
                  fromFiles: document.fromFiles,
                }),
              },
              document,
            },
          ],
    ),
    names: documents.map(({ name }) => name),
    problems: [
      ...files.filter((file) => !isService(file)).map((file) => notAService(join(directory, file))),
      ...documents.flatMap(({ document }) => document.problems),
    ],
  }
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

const noServices = (directory: string): Problem => ({
  file: relative(process.cwd(), directory),
  line: 1,
  field: 'the directory',
  found: 'nothing',
  allowed:
    'a directory services/ beside environment.yaml, with a file <name>.yaml for each service',
  remedy: 'create it; it may be empty at first',
})

const notAService = (path: string): Problem => ({
  file: relative(process.cwd(), path),
  line: 1,
  field: 'the file',
  found: JSON.stringify(basename(path)),
  allowed: '<service name>.yaml',
  remedy: 'rename or remove the file',
})
