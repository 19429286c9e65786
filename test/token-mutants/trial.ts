import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const ROOT = join(import.meta.dirname, '../..')

/** A source file of the repository with another text. */
export type Mutant = { path: string; text: string }

/** What its tests said: `by` is the test that failed, or what did not end. */
export type Verdict = { killed: true; by: string } | { killed: false }

/**
 * Runs the tests one after the other up to the first that fails, with the mutant's text in place of
 * the file's; nothing is written but in `directory`.
 *
 * What does not end in `seconds` is killed by the mutant only if the same tests end without it.
 */
export async function tried(
  mutant: Mutant,
  tests: readonly string[],
  { directory, seconds }: { directory: string; seconds: number },
): Promise<Verdict> {
  if (tests.length === 0) return { killed: false }
  const text = resolve(directory, 'mutant.ts')
  writeFileSync(text, mutant.text)
  const url = pathToFileURL(join(ROOT, mutant.path)).href
  const report = resolve(directory, 'report.json')
  writeFileSync(report, '{}')
  const hook = {
    NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, 'replace.ts')).href}`,
    CARETAKER_MUTANT: JSON.stringify({ url, text }),
  }
  const ended = await vitest(tests, { report, seconds, env: hook })
  if (ended === 0) return { killed: false }
  if (ended !== 'never') return { killed: true, by: failureIn(report) }
  const without = await vitest(tests, { report, seconds, env: {} })
  return without === 'never' ? { killed: false } : { killed: true, by: 'it did not end' }
}

/** Its exit code, or that it had not ended in time and was ended. */
function vitest(
  tests: readonly string[],
  { report, seconds, env }: { report: string; seconds: number; env: Record<string, string> },
): Promise<number | 'never'> {
  return new Promise((resolve, reject) => {
    const config = join(import.meta.dirname, 'vitest.mutant.config.ts')
    const started = spawn(
      process.execPath,
      [
        join(ROOT, 'node_modules/vitest/vitest.mjs'),
        ...['run', '--config', config, '--reporter=json', `--outputFile=${report}`],
      ],
      {
        cwd: ROOT,
        // A group of its own: its workers end with it.
        detached: true,
        stdio: 'ignore',
        env: { ...process.env, ...env, CARETAKER_TESTS: tests.join('\n') },
      },
    )
    let late = false
    const timer = setTimeout(() => {
      late = true
      process.kill(-(started.pid ?? 0), 'SIGKILL')
    }, seconds * 1000)
    started.on('error', reject)
    started.on('exit', (code) => {
      clearTimeout(timer)
      resolve(late ? 'never' : (code ?? 1))
    })
  })
}

type Report = {
  testResults?: {
    name: string
    status: string
    message?: string
    assertionResults: { fullName: string; status: string }[]
  }[]
}

/** The first test that failed, or the file that could not be loaded. */
function failureIn(report: string): string {
  const { testResults = [] } = JSON.parse(readFileSync(report, 'utf8')) as Report
  for (const { name, status, assertionResults } of testResults) {
    const path = name.slice(ROOT.length + 1)
    const failed = assertionResults.find((one) => one.status === 'failed')
    if (failed !== undefined) return `${path} > ${failed.fullName}`
    if (status === 'failed') return `${path}, which cannot be loaded`
  }
  return 'the run as a whole'
}
