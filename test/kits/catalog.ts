import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { temporaryDirectory } from './temporary.ts'

/** Files by their path inside the catalog; null takes one away. */
export type Files = Record<string, string | null>

/**
 * A copy of the repository's catalog with some files written anew, or taken away (null).
 *
 * @returns its directory.
 */
export function catalogWith(files: Files): string {
  const directory = emptyDirectory()
  cpSync('catalog/environment.yaml', join(directory, 'environment.yaml'))
  cpSync('catalog/services', join(directory, 'services'), { recursive: true })
  return written(directory, files)
}

/**
 * The repository's environment with no services but these, for what one service alone does.
 *
 * @returns its directory.
 */
export function catalogOf(files: Files): string {
  const directory = emptyDirectory()
  mkdirSync(join(directory, 'services'), { recursive: true })
  cpSync('catalog/environment.yaml', join(directory, 'environment.yaml'))
  return written(directory, files)
}

let two: string | undefined

/**
 * The repository's environment with two of its services: for stories about these, which every
 * sweep and every deployment of the others would make dearer by half.
 *
 * @returns its directory, the same for a whole test file.
 */
export function twoServices(): string {
  if (two === undefined || !existsSync(two)) two = catalogOfServices(['orders', 'web'])
  return two
}

/**
 * The repository's environment with these of its services as they are, but that none waits for
 * one that is not there.
 *
 * @returns its directory.
 */
export function catalogOfServices(names: readonly string[], files: Files = {}): string {
  const services = names.map((name) => {
    const text = readFileSync(`catalog/services/${name}.yaml`, 'utf8')
    return [`services/${name}.yaml`, text.replace(/^dependsOn: .*\n/m, '')] as const
  })
  return catalogOf({ ...Object.fromEntries(services), ...files })
}

const emptyDirectory = (): string => join(temporaryDirectory(), 'catalog')

function written(directory: string, files: Files): string {
  for (const [file, content] of Object.entries(files)) {
    const path = join(directory, file)
    mkdirSync(dirname(path), { recursive: true })
    if (content === null) rmSync(path)
    else writeFileSync(path, content)
  }
  return directory
}
