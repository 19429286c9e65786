import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseEnv } from 'node:util'
import type { Document } from './document.ts'
import { type Problem, shown } from './problem.ts'
import type { WrittenService } from './schema.ts'
import { readText } from './text-file.ts'
import { VARIABLE_NAME } from './words.ts'

/** Where a variable of an env file stands. */
type Place = { file: string; line: number }

/**
 * Reads the env files that a service names, in the way of Compose: what the service's own file says
 * goes before them, and a later file before an earlier one. A problem with one of their variables is
 * told at its line.
 *
 * @param directory the catalog's, from which the files are named.
 * @returns the document with the variables in `environment`, and `fromFiles`: where each is from.
 */
export function withEnvFiles(
  document: Document<WrittenService>,
  directory: string,
): Document<WrittenService> & { fromFiles: Record<string, string> } {
  const { value, problem } = document
  if (value === undefined || value.envFiles.length === 0) return { ...document, fromFiles: {} }
  const read = value.envFiles.map((name, index) => {
    const path = join(directory, name)
    if (existsSync(path)) return readEnvFile(path)
    const allowed = 'a file of the catalog, such as env/shop.env'
    const remedy = 'add the file, or remove it here'
    const missing = problem(['envFiles', index], { found: shown(name), allowed, remedy })
    return { variables: {}, places: {}, problems: [missing] }
  })
  const fromFiles: Record<string, string> = Object.assign(
    {},
    ...read.map(({ variables }) => variables),
  )
  const places: Record<string, Place> = Object.assign({}, ...read.map((one) => one.places))
  for (const name of Object.keys(value.environment)) delete places[name]
  const problems = [...document.problems, ...read.flatMap((one) => one.problems)]
  return {
    ...document,
    problems,
    value:
      problems.length > 0
        ? undefined
        : { ...value, environment: { ...fromFiles, ...value.environment } },
    problem: ([key, name, ...rest], words) => {
      const place = key === 'environment' ? places[String(name)] : undefined
      return place === undefined
        ? problem([key, name, ...rest].filter((one) => one !== undefined) as PropertyKey[], words)
        : { ...place, field: String(name), ...words }
    },
    fromFiles: Object.fromEntries(Object.entries(places).map(([name, { file }]) => [name, file])),
  }
}

type EnvFile = {
  variables: Record<string, string>
  places: Record<string, Place>
  problems: Problem[]
}

/** `NAME=value` in each line, as Node itself reads them: quotes, comments and `export` are known. */
function readEnvFile(path: string): EnvFile {
  const file = relative(process.cwd(), path)
  const read = readText(path)
  if (!('text' in read)) {
    const words = { allowed: 'text in UTF-8', remedy: 'save the file as UTF-8' }
    return { variables: {}, places: {}, problems: [{ file, field: 'the file', ...read, ...words }] }
  }
  const lines = read.text.split('\n')
  const variables = parseEnv(read.text) as Record<string, string>
  const places = Object.fromEntries(
    Object.keys(variables).map((name) => [name, { file, line: lineOf(name, lines) }]),
  )
  const problems = Object.keys(variables)
    .filter((name) => !VARIABLE_NAME.safeParse(name).success)
    .map((name) => ({
      ...{ file, line: lineOf(name, lines), field: name, found: shown(name) },
      ...{ allowed: VARIABLE_NAME.description ?? '', remedy: 'rename it' },
    }))
  return { variables, places, problems }
}

/** The last line that sets a variable: `AB=` does not set `A`. */
const lineOf = (name: string, lines: readonly string[]): number =>
  1 +
  Math.max(
    0,
    lines.findLastIndex((line) => setIn(line) === name),
  )

const setIn = (line: string): string | undefined =>
  line.includes('=')
    ? line
        .slice(0, line.indexOf('='))
        .trim()
        .replace(/^export\s+/, '')
    : undefined
