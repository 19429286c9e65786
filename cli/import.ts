import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, normalize } from 'node:path'
import { importCompose } from './import/compose/index.ts'
import { defaultFiles } from './import/compose/load.ts'
import { importCopilot } from './import/copilot/index.ts'
import { environmentsOf, type SourceFile } from './import/copilot/load.ts'
import { targetOf } from './import/place.ts'
import { importScore } from './import/score/index.ts'
import { type ImportOptions, type ImportTools, write } from './import/write.ts'
import { Problem } from './problem.ts'
import { UsageError } from './usage.ts'

/**
 * Writes the files of a catalog that say what Compose files do.
 *
 * @param paths files, or folders with the files that Compose itself would read.
 * @throws UsageError, Problem, CatalogError: nothing was written.
 */
export function importComposeFiles(
  paths: readonly string[],
  options: ImportOptions & { profile?: string[] | undefined },
  tools: ImportTools,
): number {
  const { folder } = tools
  const isThere = (path: string) => existsSync(join(folder, path))
  const files = paths.flatMap((path) =>
    isFolder(join(folder, path)) ? defaultFiles(path, isThere) : [path],
  )
  if (files.length === 0) {
    throw new Problem(
      `${paths.join(', ')}: found no compose.yaml or docker-compose.yml, allowed: a Compose file, or a folder with one. Nothing was written.`,
    )
  }
  const target = targetOf(options.to ?? 'catalog', options, folder)
  const input = { paths: files, profiles: options.profile ?? [], read: reader(folder) }
  return write([{ target, imported: importCompose(input, target.ground) }], options, tools)
}

/**
 * Writes a catalog for each environment of a `copilot/` folder.
 *
 * @param path the folder `copilot/`, or the one above it.
 * @throws UsageError, Problem, CatalogError: nothing was written.
 */
export function importCopilotFolder(
  path: string,
  options: ImportOptions & { environment?: string[] | undefined },
  tools: ImportTools,
): number {
  const { folder } = tools
  const root = isFolder(join(folder, path, 'copilot')) ? join(path, 'copilot') : normalize(path)
  if (basename(root) !== 'copilot' || !isFolder(join(folder, root))) {
    throw new Problem(
      `${path}: found no folder copilot/, allowed: copilot/, or the folder above it. Nothing was written.`,
    )
  }
  const files = filesBelow(folder, root)
  const read = reader(join(folder, dirname(root)))
  const environments = chosen(environmentsOf(files), options.environment ?? [])
  const made = environments.map((environment) => {
    const to = options.to ?? 'catalog'
    const directory = environments.length === 1 ? to : join(to, environment)
    const target = targetOf(directory, options, folder)
    const isStanding = target.standing !== undefined
    const input = { files, environment, read }
    return { target, imported: importCopilot(input, target.ground, isStanding) }
  })
  return write(made, options, tools)
}

/** The environments that are asked for; all of them when none is. Copilot calls its first `test`. */
function chosen(found: readonly string[], wanted: readonly string[]): readonly string[] {
  const unknown = wanted.find((one) => !found.includes(one))
  if (unknown !== undefined && found.length > 0) {
    throw new UsageError(
      `--environment: found ${JSON.stringify(unknown)}, allowed: ${found.join(', ')}`,
    )
  }
  if (wanted.length > 0) return wanted
  return found.length > 0 ? found : ['test']
}

/**
 * Writes the files of a catalog that say what Score files do.
 *
 * @throws UsageError, Problem, CatalogError: nothing was written.
 */
export function importScoreFiles(
  paths: readonly string[],
  options: ImportOptions,
  tools: ImportTools,
): number {
  const { folder } = tools
  const read = reader(folder)
  const files = paths.map((path) => {
    const text = read(path)
    if (text !== undefined) return { path, text }
    throw new Problem(`${path}: found no file, allowed: a Score file. Nothing was written.`)
  })
  const target = targetOf(options.to ?? 'catalog', options, folder)
  return write([{ target, imported: importScore({ files }, target.ground) }], options, tools)
}

const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory()

const reader = (folder: string) => (path: string) => {
  const file = join(folder, path)
  return existsSync(file) && statSync(file).isFile() ? readFileSync(file, 'utf8') : undefined
}

/** What Copilot itself reads, and the files of overrides, in the order of their paths. */
function filesBelow(folder: string, root: string): SourceFile[] {
  return readdirSync(join(folder, root), { recursive: true, encoding: 'utf8' })
    .map((name) => join(root, name))
    .filter((path) => /(\.ya?ml|\.workspace|overrides\/[^/]+)$/.test(path))
    .filter((path) => !path.includes('node_modules') && !isFolder(join(folder, path)))
    .toSorted()
    .map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }))
}
