import { spawn, spawnSync } from 'node:child_process'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { text as textOf } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { painted, plain } from './paint.ts'
import { visible } from './print.ts'
import { Interrupted } from './problem.ts'

/** Whoever runs a command: what they read, and what is read of them. */
export type Terminal = {
  /** As it is: a line or several. */
  out(text: string): void
  /** An answer of Caretaker's in words, in colour where a person reads it. */
  say(text: string): void
  /** What went wrong, or where something was done: not part of the answer. */
  tell(text: string): void
  /**
   * Writes over the last line of its kind, for what takes long; an empty text takes it away. Absent
   * where nobody looks.
   */
  progress: ((text: string) => void) | undefined
  env: Record<string, string | undefined>
  /** Characters of a line. */
  columns: number
  now(): Date
  /** An IANA zone. */
  timeZone: string
  /** Ends early, and throws, when it is aborted. */
  wait(milliseconds: number, signal?: AbortSignal): Promise<void>
  /** Asks for what nobody should read on the screen; what is piped in, where nobody types. */
  hidden(question: string): Promise<string>
  /** Whether a program is there to be run. */
  has(program: string): boolean
  /** Runs a program of somebody else's at this terminal. @returns its exit code. */
  runs(program: string, words: readonly string[]): Promise<number>
  /** Opens an address in the person's browser; absent where no person is. */
  browse: ((url: string) => void) | undefined
  /** Calls when whoever runs the command ends it (Ctrl-C). @returns what ends that. */
  onInterrupt(listener: () => void): () => void
}

/** The terminal of this process. */
export function ownTerminal(): Terminal {
  const { env, stdout, stderr } = process
  // https://no-color.org
  const hasColours = stdout.isTTY === true && !env.NO_COLOR
  return {
    out: (text) => console.log(visible(text)),
    say: (text) => console.log(hasColours ? painted(visible(text)) : plain(visible(text))),
    tell: (text) => console.error(visible(text)),
    // https://en.wikipedia.org/wiki/ANSI_escape_code: to the line's beginning, and nothing after it.
    progress: stderr.isTTY ? (text) => stderr.write(`\r\u001b[K${visible(text)}`) : undefined,
    env,
    columns: stdout.columns ?? 80,
    now: () => new Date(),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    wait: async (milliseconds, signal) => {
      await sleep(milliseconds, undefined, signal === undefined ? {} : { signal })
    },
    hidden,
    has: (program) => spawnSync(program, ['--version']).error === undefined,
    runs,
    browse: stdout.isTTY && !env.CI ? browse : undefined,
    onInterrupt: (listener) => {
      process.on('SIGINT', listener)
      return () => process.off('SIGINT', listener)
    },
  }
}

/** What opens an address on each system; elsewhere it is only printed. */
const OPENERS: Partial<Record<NodeJS.Platform, [string, ...string[]]>> = {
  darwin: ['open'],
  linux: ['xdg-open'],
  win32: ['cmd', '/c', 'start', ''],
}

function browse(url: string): void {
  const [opener, ...words] = OPENERS[process.platform] ?? []
  if (opener === undefined) return
  const child = spawn(opener, [...words, url], { stdio: 'ignore', detached: true })
  // Where there is no browser, the address that was printed is all there is.
  child.on('error', () => {})
  child.unref()
}

async function hidden(question: string): Promise<string> {
  const { stdin, stderr } = process
  if (!stdin.isTTY) return (await textOf(stdin)).replace(/\r?\n$/, '')
  stderr.write(`${question} `)
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const reader = createInterface({ input: stdin, output: nowhere, terminal: true })
  const given = new AbortController()
  reader.once('SIGINT', () => given.abort())
  try {
    return await reader.question('', { signal: given.signal })
  } catch (error) {
    if (!given.signal.aborted) throw error
    throw new Interrupted('Interrupted: nothing was done.')
  } finally {
    reader.close()
    stderr.write('\n')
  }
}

function runs(program: string, words: readonly string[]): Promise<number> {
  const child = spawn(program, words, { stdio: 'inherit' })
  // Ctrl-C is the program's own: in a shell it ends what runs there, and not the shell.
  const left = () => undefined
  process.on('SIGINT', left)
  return new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? 1))
  }).finally(() => process.off('SIGINT', left))
}
