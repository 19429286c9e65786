import { appendFileSync } from 'node:fs'
import { type Profiler, Session } from 'node:inspector'
import { join } from 'node:path'
import { afterAll, expect } from 'vitest'
import { RAN_FILE, type Ran, SOURCES } from './ran.ts'

const ROOT = join(import.meta.dirname, '../..')
const SESSION = Symbol.for('caretaker.what-ran')
const shared = globalThis as { [SESSION]?: Session }

/** V8 counts from the first test file of a process on; what is taken is counted from zero again. */
function session(): Session {
  if (shared[SESSION] !== undefined) return shared[SESSION]
  const made = new Session()
  shared[SESSION] = made
  made.connect()
  made.post('Profiler.enable')
  made.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  return made
}

// Vitest runs this before each test file.
const begun = process.cpuUsage()
const counting = session()

afterAll(() => {
  const { user, system } = process.cpuUsage(begun)
  counting.post('Profiler.takePreciseCoverage', (error, taken) => {
    if (error !== null) throw error
    const { testPath = '' } = expect.getState()
    const ran: Ran = {
      test: testPath.slice(ROOT.length + 1),
      milliseconds: Math.round((user + system) / 1000),
      ranges: Object.fromEntries(
        taken.result.flatMap(({ url, functions }) => {
          const path = url.replace(`file://${ROOT}/`, '')
          return path.startsWith(SOURCES) ? [[path, rangesOf(functions)]] : []
        }),
      ),
    }
    appendFileSync(RAN_FILE, `${JSON.stringify(ran)}\n`)
  })
})

/** The module's own function runs once for all test files: it says nothing of this one. */
function rangesOf(functions: readonly Profiler.FunctionCoverage[]): Ran['ranges'][string] {
  return functions
    .filter(({ functionName, ranges }) => functionName !== '' || ranges[0]?.startOffset !== 0)
    .flatMap(({ ranges }) => ranges)
    .map(({ startOffset, endOffset, count }) => [startOffset, endOffset, count > 0 ? 1 : 0])
}
