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
  const texts = new Map(
    written.flatMap(({ target, files }) =>
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
  if (options.json) out(JSON.stringify(dataOf(written, texts, options), undefined, 2))
  else out(written.map((one) => summary(one, options)).join('\n\n'))
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

const dataOf = (written: readonly Written[], texts: Files, { dryRun }: ImportOptions) => ({
  outcome: dryRun ? 'read' : 'done',
  files: dryRun ? Object.fromEntries(texts) : [...texts.keys()],
  catalogs: written.map(({ target, imported }) => ({
    ...{ catalog: target.directory, ...asData(imported.report) },
  })),
})

function summary({ target, imported, files }: Written, { dryRun }: ImportOptions): string {
  const { directory } = target
  const { report } = imported
  const paths = [...files.keys()].map((path) => join(directory, path))
  const isElsewhere = directory !== 'catalog' ? ` --catalog ${directory}` : ''
  const texts = [...files].flatMap(([path, text]) => [
    '',
    `# ${join(directory, path)}`,
    text.trimEnd(),
  ])
  const isNobody = [...files.values()].some((text) => text.includes(NOBODY))
  return [
    dryRun ? 'Would be written:' : 'Written:',
    ...paths.map((path) => `  ${path}`),
    ...(dryRun ? texts : []),
    ...leftOutLines(report),
    ...noteLines(report),
    ...(isNobody
      ? [
          '',
          `In ${join(directory, 'environment.yaml')}, put an e-mail address in place of ${NOBODY}.`,
        ]
      : []),
    '',
    'What comes next:',
    `  npx caretaker environment synth${isElsewhere}   # every mistake, with file and line`,
    `  npx caretaker start${isElsewhere}               # all of it on a simulated AWS, without an account`,
    `  npx caretaker environment deploy${isElsewhere}  # shows what changes, asks once`,
    ...(report.steps.size === 0 ? [] : ['and once it is deployed:']),
    ...[...report.steps].map((step) => `  ${step}`),
  ].join('\n')
}
