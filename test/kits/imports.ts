import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readCatalog } from '../../catalog/read.ts'
import { importComposeFiles, importCopilotFolder, importScoreFiles } from '../../cli/import.ts'
import { temporaryDirectory } from './temporary.ts'

/** One input as somebody has it: files by their path. */
export type Input = { name: string; files: Record<string, string> }

export type Format = 'compose' | 'copilot' | 'score'

/** The inputs of a format: `##### name` begins one, `=== path` a file of it. */
export function inputsOf(format: Format): Input[] {
  const text = readFileSync(`test/import/${format}.txt`, 'utf8')
  return text
    .split(/^##### /m)
    .slice(1)
    .map((part) => {
      const [name = '', ...rest] = part.split('\n')
      const files = rest
        .join('\n')
        .split(/^=== /m)
        .slice(1)
        .map((file) => [file.slice(0, file.indexOf('\n')), file.slice(file.indexOf('\n') + 1)])
      return { name: name.trim(), files: Object.fromEntries(files) as Record<string, string> }
    })
}

export type Line = { file: string; line: number; key: string }

/** What `--json` prints of an import. */
export type Printed = {
  outcome: string
  files: string[]
  catalogs: {
    catalog: string
    translated: (Line & { to: string })[]
    leftOut: (Line & { found: string; because: string; remedy: string })[]
    steps: string[]
  }[]
}

/** A folder with the files of an input in it. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = temporaryDirectory()
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

/** Imports what is in a folder, as the command does. */
export function imported(
  format: Format,
  folder: string,
  files: readonly string[],
  options: { force?: boolean; profile?: string[]; environment?: string[] } = {},
): Printed {
  const said: string[] = []
  const tools = { folder, env: { PATH: process.env.PATH }, out: (text: string) => said.push(text) }
  const asked = { json: true, region: 'eu-central-1', email: 'ann@example.com', ...options }
  if (format === 'copilot') importCopilotFolder('.', asked, tools)
  else if (format === 'score') {
    importScoreFiles(
      files.filter((path) => path.endsWith('.yaml')),
      asked,
      tools,
    )
  } else {
    const stack = files.find((path) => path.includes('stack'))
    importComposeFiles([stack ?? '.'], asked, tools)
  }
  return JSON.parse(said.join('')) as Printed
}

/** Imports one of the inputs by its name, into a folder of its own. */
export function inputOf(format: Format, name: string) {
  const found = inputsOf(format).find((one) => one.name === name)
  if (found === undefined) throw new Error(`no input ${name}`)
  const folder = folderWith(found.files)
  return { folder, ...imported(format, folder, Object.keys(found.files)) }
}

/** Services of a catalog by their names. */
export function servicesIn(folder: string, catalog = 'catalog') {
  const { services } = readCatalog(join(folder, catalog))
  return Object.fromEntries(services.map((service) => [service.name, service]))
}
