import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { IS_PACKAGE, ROOT, VERSION } from '../local/own-files.ts'
import { newFiles, readme, withIgnored, withScripts } from './init/files.ts'
import { type Answers, type Asked, QUESTIONS, wrongWith } from './init/questions.ts'
import { Interrupted, Problem } from './problem.ts'
import { typedAfter } from './question.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage.ts'

type Given = { [asked in Asked]?: string | undefined }
type Options = Given & { yes?: boolean | undefined; json?: boolean | undefined }

export type InitTools = Pick<Terminal, 'out' | 'tell' | 'env' | 'timeZone'> & {
  /** Puts a question; undefined when whoever is asked has ended it. Absent without a terminal. */
  ask: ((text: string) => Promise<string | undefined>) | undefined
  /** Where everything is written. */
  folder: string
}

/**
 * Writes a catalog, and what a repository of its own needs, into the folder one is in. Four
 * questions are put, or with `yes` none; nothing that is there is overwritten.
 *
 * @throws UsageError for an option that cannot be used.
 * @throws Problem where a catalog is already, or where nobody can be asked.
 */
export async function init(options: Options, terminal: Terminal): Promise<number> {
  // A question would stand in the document.
  const isAsked = process.stdin.isTTY && !options.json
  const ask = isAsked ? (text: string) => typedAfter(text) : undefined
  return initIn(options, { ...terminal, ask, folder: process.cwd() })
}

export async function initIn({ yes, json, ...given }: Options, tools: InitTools): Promise<number> {
  refuseWhereCatalogIs(tools.folder)
  for (const asked of Object.keys(QUESTIONS) as Asked[]) {
    const wrong = given[asked] === undefined ? undefined : wrongWith(asked, given[asked])
    if (wrong !== undefined) throw new UsageError(`--${asked}: ${wrong}`)
  }
  const defaults = defaultsFrom(tools)
  const answers = yes
    ? { ...defaults, email: defaults.email ?? NOBODY, ...defined(given) }
    : await asking(given, defaults, tools)
  const written = write(filesOf(answers, tools), tools.folder)
  if (json) tools.out(JSON.stringify({ answers, written }, undefined, 2))
  else tools.out(summary(answers, written, tools))
  return 0
}

function refuseWhereCatalogIs(folder: string): void {
  const catalog = join(folder, 'catalog')
  if (!existsSync(catalog) || readdirSync(catalog).length === 0) return
  throw new Problem(
    'catalog/ is there already, and nothing was written: init begins a new one. `npx caretaker environment synth` checks the one that is there; for another, go to an empty folder.',
  )
}

/** To be replaced before anything is deployed; said at the end. */
export const NOBODY = 'you@example.com'

type Defaults = Omit<Answers, 'email'> & { email: string | undefined }

/** What is likely: the Region of one's credentials, the address of one's commits. */
export function defaultsFrom({ env }: Pick<Terminal, 'env'>): Defaults {
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION || 'eu-central-1'
  const email = spawnSync('git', ['config', 'user.email'], { encoding: 'utf8', env }).stdout?.trim()
  return {
    name: 'dev',
    region: wrongWith('region', region) === undefined ? region : 'eu-central-1',
    email: wrongWith('email', email ?? '') === undefined ? email : undefined,
    service: 'hello',
  }
}

async function asking(given: Given, defaults: Defaults, tools: InitTools): Promise<Answers> {
  const answers: Given = { ...given }
  for (const asked of Object.keys(QUESTIONS) as Asked[]) {
    answers[asked] ??= await answerFor(asked, defaults[asked], tools)
  }
  return answers as Answers
}

async function answerFor(asked: Asked, usual: string | undefined, { ask, tell }: InitTools) {
  const { text } = QUESTIONS[asked]
  if (ask === undefined) {
    throw new Problem(
      `${text} There is no terminal to ask on; use --${asked} <…>, or --yes, which takes ${usual ?? NOBODY}.`,
    )
  }
  for (;;) {
    const typed = await ask(`${text}${usual === undefined ? '' : ` [${usual}]`} `)
    if (typed === undefined) throw new Interrupted('Interrupted: nothing was written.')
    const answer = typed === '' ? (usual ?? '') : typed
    const wrong = wrongWith(asked, answer)
    if (wrong === undefined) return answer
    tell(`  ${wrong}.`)
  }
}

const defined = (given: Given): Partial<Answers> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))

/** Paths and texts; what is there already is left out, or added to. */
function filesOf(answers: Answers, { folder, timeZone }: InitTools): Map<string, string> {
  const read = (path: string) =>
    existsSync(join(folder, path)) ? readFileSync(join(folder, path), 'utf8') : undefined
  const files = new Map(Object.entries(newFiles(answers, { timeZone, schemas: schemas(folder) })))
  files.set('README.md', readme(answers))
  for (const path of files.keys()) if (read(path) !== undefined) files.delete(path)
  const [ignored, manifest] = [read('.gitignore'), read('package.json')]
  const added = { '.gitignore': withIgnored(ignored), 'package.json': manifestOf(manifest) }
  for (const [path, text] of Object.entries(added)) if (text !== read(path)) files.set(path, text)
  return files
}

/** From a catalog: as it will be found once the package is installed in the folder. */
export const schemas = (folder: string, catalog = 'catalog'): string => {
  const [from, root] = [resolve(folder, catalog), resolve(folder)]
  return IS_PACKAGE
    ? relative(from, join(root, 'node_modules/caretaker/built/catalog/schema'))
    : relative(from, join(ROOT, 'catalog', 'schema'))
}

function manifestOf(text: string | undefined): string {
  try {
    return withScripts(text, IS_PACKAGE ? VERSION : undefined)
  } catch (error) {
    throw new Problem(`package.json: ${(error as Error).message}; nothing was written`)
  }
}

type Written = { path: string; isNew: boolean }

function write(files: ReadonlyMap<string, string>, folder: string): Written[] {
  return [...files].map(([path, text]) => {
    const isNew = !existsSync(join(folder, path))
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text, { flag: isNew ? 'wx' : 'w' })
    return { path, isNew }
  })
}

function summary({ email, service }: Answers, written: Written[], { folder }: InitTools): string {
  const paths = (of: Written[]) => of.map(({ path }) => `  ${path}`)
  const added = written.filter(({ isNew }) => !isNew)
  const isInstalled = !IS_PACKAGE || existsSync(join(folder, 'node_modules', 'caretaker'))
  return [
    'Written:',
    ...paths(written.filter(({ isNew }) => isNew)),
    ...(added.length === 0 ? [] : ['Lines were added to:', ...paths(added)]),
    ...(email === NOBODY
      ? ['', `In catalog/environment.yaml, put an e-mail address in place of ${NOBODY}.`]
      : []),
    '',
    'What comes next:',
    ...(isInstalled ? [] : ['  npm install']),
    '  npx caretaker start                # all of it on a simulated AWS, without an account',
    `  npx caretaker push ${service.padEnd(16)}# there, in a second terminal: an image`,
    '  npx caretaker environment synth    # every mistake, with file and line',
    '  npx caretaker environment doctor   # is the AWS account ready?',
    '  npx caretaker environment deploy   # shows what changes, asks once',
  ].join('\n')
}
