import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { NOBODY, schemas } from '../init.ts'
import { Problem } from '../problem.ts'
import type { Terminal } from '../terminal.ts'
import type { Imported } from './imported.ts'
import { environmentText, type PlaceOptions, type Target } from './place.ts'
import { asData, leftOutLines, noteLines } from './say.ts'
import { type Files, settled } from './settle.ts'

export type ImportOptions = PlaceOptions & {
  force?: boolean | undefined
  dryRun?: boolean | undefined
  json?: boolean | undefined
}

export type ImportTools = Pick<Terminal, 'out' | 'env'> & {
  /** Where paths begin. */
  folder: string
}

type Made = { target: Target; imported: Imported }

/**
 * Writes all files of all catalogs, or none, and says what was written and left out.
 *
 * @returns the exit code: 1 where no service came of it, and nothing was written.
 * @throws Problem for files that are there already; nothing was written.
 */
export function write(made: readonly Made[], options: ImportOptions, tools: ImportTools): number {
  const { folder, out } = tools
  const written = made.map(({ target, imported }) => {
    const { directory, standing } = target
    const text = environmentText(target, imported.environment, options, tools, folder)
    const schema = `../${schemas(folder, directory)}/service.json`
    const from = standing === undefined ? undefined : join(folder, directory)
    return { target, imported, files: settled(imported.services, text, from, schema) }
  })
  const whole = written.filter(({ files }) => [...files.keys()].some(isService))
  if (whole.length === 0) {
    const reports = made.map(({ imported }) => imported.report)
    const words = ['Nothing was written: none of it can be a service.', ...leftOutLines(reports)]
    out(
      options.json
        ? JSON.stringify(dataOf([], 'refused', written), undefined, 2)
        : words.join('\n'),
    )
    return 1
  }
  const texts = new Map(
    whole.flatMap(({ target, files }) =>
      [...files].map(([path, text]) => [join(target.directory, path), text] as const),
    ),
  )
  const standing = [...texts.keys()].filter((path) => existsSync(join(folder, path)))
  if (standing.length > 0 && !options.force && !options.dryRun) {
    throw new Problem(
      `${standing.join(', ')}: there already, and nothing was written. --force writes over them; --to names another folder; --dry-run prints what would be written.`,
    )
  }
  if (!options.dryRun) writeAll(texts, folder)
  if (options.json) {
    const data = options.dryRun
      ? dataOf(Object.fromEntries(texts), 'read', written)
      : dataOf([...texts.keys()], 'done', written)
    out(JSON.stringify(data, undefined, 2))
  } else out(summary(whole, written, options))
  return 0
}

/** A disk that refuses one file has none of those that were not there before. */
function writeAll(texts: Files, folder: string): void {
  const made: string[] = []
  try {
    for (const [path, text] of texts) {
      const file = join(folder, path)
      mkdirSync(dirname(file), { recursive: true })
      if (!existsSync(file)) made.push(file)
      writeFileSync(file, text)
    }
  } catch (error) {
    for (const file of made) rmSync(file, { force: true })
    throw new Problem(`${(error as Error).message}; nothing new was left behind`)
  }
}

type Written = Made & { files: Files }

const isService = (path: string): boolean => path.startsWith('services/')

const dataOf = (
  files: readonly string[] | Readonly<Record<string, string>>,
  outcome: 'done' | 'read' | 'refused',
  written: readonly Written[],
) => ({
  ...{ outcome, files },
  catalogs: written.map(({ target, imported }) => ({
    ...{ catalog: target.directory, ...asData(imported.report) },
  })),
})

/** What a person reads: of several catalogs, what is left out of all is said once. */
function summary(
  written: readonly Written[],
  all: readonly Written[],
  { dryRun }: ImportOptions,
): string {
  const reports = all.map(({ imported }) => imported.report)
  const paths = written.flatMap(({ target, files }) =>
    [...files].map(([path, text]) => ({ path: join(target.directory, path), text })),
  )
  const nobody = paths.filter(({ text }) => text.includes(NOBODY)).map(({ path }) => path)
  return [
    dryRun ? 'Would be written:' : 'Written:',
    ...paths.map(({ path }) => `  ${path}`),
    ...(dryRun ? paths.flatMap(({ path, text }) => ['', `# ${path}`, text.trimEnd()]) : []),
    ...leftOutLines(reports),
    ...noteLines(reports),
    ...(nobody.length === 0
      ? []
      : ['', `In ${nobody.join(', ')}, put an e-mail address in place of ${NOBODY}.`]),
    '',
    ...nextLines(written),
  ].join('\n')
}

function nextLines(written: readonly Written[]): string[] {
  const steps = written.flatMap(({ target, imported }) =>
    [...imported.report.steps].map((step) => `  ${step}${optionOf(target)}`),
  )
  const [first] = written
  const option = first === undefined ? '' : optionOf(first.target)
  const others = written.slice(1).map(({ target }) => target.directory)
  return [
    'What comes next:',
    `  npx caretaker environment synth${option}   # every mistake, with file and line`,
    `  npx caretaker start${option}               # all of it on a simulated AWS, without an account`,
    `  npx caretaker environment deploy${option}  # shows what changes, asks once`,
    ...(steps.length === 0 ? [] : ['and once it is deployed:']),
    ...steps,
    ...(others.length === 0 ? [] : [`and the same for ${others.join(', ')}.`]),
  ]
}

const optionOf = ({ directory }: Target): string =>
  directory === 'catalog' ? '' : ` --catalog ${directory}`
