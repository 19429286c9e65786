import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
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
