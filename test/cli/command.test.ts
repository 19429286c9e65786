import { execFile, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dataOf } from '../../cli/asking/data.ts'
import { lengthOf } from '../../cli/asking/length.ts'
import { patiently } from '../../cli/asking/patiently.ts'
import { judge } from '../../cli/asking/verdict.ts'
import { commandLinePage } from '../../cli/docs/command-line-page.ts'
import { painted, plain } from '../../cli/paint.ts'
import { programOf } from '../../cli/program/program.ts'
import { ownTerminal } from '../../cli/terminal.ts'
import { historyData } from '../../domain/acts/answer.ts'
import { Desk } from '../kits/desk.ts'

let desk: Desk
let digest = ''
beforeAll(async () => {
  desk = await Desk.open()
  digest = desk.stage.push()
  await desk.stage.minutes(10)
})
afterAll(() => desk.close())

const json = async (words: string, as = 'bob') => {
  const { code, out } = await desk.types(`${words} --json`, as)
  return { code, ...JSON.parse(out) }
}

describe('--json', () => {
  test('status and why: what the words say, for a program', async () => {
    const { data, ...status } = await json('status ordering')
    expect(status).toMatchObject({
      ...{ code: 0, outcome: 'read', environment: 'dev', endpoint: desk.url },
      text: expect.stringContaining('dev, team ordering'),
    })
    expect(data).toMatchObject({ environment: 'dev', team: 'ordering', red: [] })
    expect(data.services).toContainEqual({
      ...{ name: 'orders', id: 'dev-backend/orders', team: 'ordering', desired: 1, running: 1 },
      images: [{ tag: 'main', digest }],
    })
    expect((await json('why orders')).data).toMatchObject({
      service: 'orders',
      lastVerdicts: [{ verdict: 'deployed', tag: 'main', digest, repository: 'orders' }],
    })
  })

  test('history, logs and savings', async () => {
    const { data } = await json('history orders')
    expect(data).toMatchObject({ runs: digest, rollOuts: [{ digest, verdict: 'deployed' }] })
    const logs = await json('logs orders')
    expect(logs.data.lines).toContainEqual({
      ...{ at: expect.stringMatching(/^2026-03-02T09:\d\d:/), message: 'listening on port 8080' },
    })
    const savings = await json('savings')
    expect(savings.data.weeks.map(({ monday }: { monday: string }) => monday)).toEqual([
      '2026-02-23',
      '2026-03-02',
    ])
  })

  test('what was done has its receipt, its end and what undoes it; what was refused a reason', async () => {
    const frozen = await json('freeze orders --for 2h')
    expect(frozen).toMatchObject({
      ...{ code: 0, outcome: 'done', undo: 'thaw orders', receipt: expect.any(String) },
      until: expect.stringMatching(/^2026-03-02T11:/),
      data: { verb: 'freeze', subject: 'orders' },
    })
    const again = await json('freeze orders --for 1h')
    expect(again).toMatchObject({ code: 1, outcome: 'refused' })
    expect(again.text).toContain('until Mon 2 Mar 12:')
    expect(await json('why ordres')).toMatchObject({ code: 2, outcome: 'refused', mistake: true })
    expect(await json('thaw orders')).toMatchObject({ code: 0, outcome: 'done' })
  })

  test('the verdict that was waited for', async () => {
    const waited = await json(`wait orders@${digest}`)
    expect(waited).toMatchObject({ code: 0, service: 'orders', verdict: 'deployed', digest })
  })
})

describe('logs --follow', () => {
  test('prints each line once, as it comes, until Ctrl-C', async () => {
    let pauses = 0
    desk.whilePausing = () => {
      pauses++
      // The second one replaces the task, whose first line is like the other's.
      if (pauses === 1) desk.stage.push()
      if (pauses === 100) desk.interrupt()
    }
    const { code, out, told } = await desk.types('logs orders --follow', 'bob')
    desk.whilePausing = () => {}
    expect(code).toBe(130)
    expect(out.split('\n')).toEqual(['listening on port 8080', 'listening on port 8080'])
    expect(told).toMatch(/^Task \w+ of orders:\nTask \w+ of orders:\nInterrupted\.$/)
  })

  test('since an instant: nothing of before', async () => {
    const { out } = await desk.types('logs orders --since 2026-03-02T23:00:00Z', 'bob')
    expect(out).toMatch(/^Task \w+ of orders has logged nothing\.$/)
  })
})

describe('wait', () => {
  test('ends with 3 when the time is over, and says what is known', async () => {
    const none = await desk.types('wait orders@00000000 --timeout 5m', 'bob')
    expect(none).toMatchObject({ code: 3, out: '' })
    expect(none.told).toBe(
      'orders@00000000 has no verdict after 5 min: no roll-out of it is known. `npx caretaker why orders` says more.',
    )
  })

  test('Ctrl-C ends it, and what is rolled out goes on', async () => {
    desk.whilePausing = () => desk.interrupt()
    const { code, told } = await desk.types('wait orders@00000000', 'bob')
    desk.whilePausing = () => {}
    expect({ code, told }).toEqual({ code: 130, told: 'Interrupted: what is rolled out goes on.' })
  })

  test('of a service that is not there, or by somebody who may not ask: as they are refused', async () => {
    expect((await desk.types('wait ordres@00000000', 'bob')).code).toBe(2)
    expect((await desk.types('wait orders@00000000', 'eve')).code).toBe(1)
  })

  const D = `sha256:${'d'.repeat(64)}`
  const E = `sha256:${'e'.repeat(64)}`
  const rollOut = (verdict: string, of = D) => ({
    ...{ at: '', repository: 'orders', tag: 'main', digest: of, verdict, reason: '' },
  })
  const DIGITS = 'd'.repeat(12)
  const cases: [string, string, string | undefined, string[], number, string][] = [
    ['it runs', D, 'deployed', [], 0, 'good'],
    ['it ran already', D, 'unchanged', [], 0, 'good'],
    ['asleep: it runs at wake', E, 'staged', [], 0, 'good'],
    ['it did not hold', E, 'rolled-back', [], 0, 'bad'],
    ['another one is newer', E, 'superseded', [], 0, 'bad'],
    ['its turn is to come', E, 'waiting', [], 0, 'waiting'],
    ['it is under way', E, 'rolling-out', [], 0, 'waiting'],
    ['nothing is known of it', E, undefined, [], 600_000, 'waiting'],
    ['gone back to just now: not planned yet', E, 'deployed', ['deployed'], 2_000, 'waiting'],
    ['it was replaced a while ago', E, 'deployed', ['deployed'], 90_000, 'bad'],
    ['it may be on its way back', E, 'deployed', ['rolling-out'], 90_000, 'waiting'],
  ]
  test.each(cases)('%s', (_, runs, verdict, others, waited, expected) => {
    const own = verdict === undefined ? [] : [rollOut(verdict)]
    const rollOuts = [...others.map((other) => rollOut(other, E)), ...own]
    const judged = judge({ service: 'orders', runs, rollOuts }, DIGITS, waited)
    const said = judged.state === 'waiting' ? 'waiting' : judged.isGood ? 'good' : 'bad'
    expect(said).toBe(expected)
  })
})

test('an entrance of a version before answers in words alone: what to do', () => {
  expect(() => dataOf(historyData, { outcome: 'read', text: 'The last roll-outs' })).toThrow(
    /^The Caretaker that answers is of another version than this program/,
  )
})

test('open: the console of the simulation that runs', async () => {
  const { code, out } = await desk.types('open orders')
  expect({ code, out }).toEqual({ code: 0, out: 'http://localhost:4400/services/orders' })
  expect((await desk.types('open --print')).out).toBe('http://localhost:4400')
  expect(desk.opened).toEqual(['http://localhost:4400/services/orders'])
  const wrong = await desk.types('open ordres')
  expect(wrong).toMatchObject({ code: 2, out: '' })
  expect(wrong.told).toMatch(/^The service: found "ordres".* Did you mean orders\?$/)
  const aws = await desk.runs(['open', 'orders', '--aws'])
  expect(aws.out).toMatch(
    /^https:\/\/eu-central-1\.console\..*\/dev-backend\/services\/orders\/health/,
  )
})

/** Which commands print no JSON document, and why. */
const WITHOUT_JSON: Readonly<Record<string, string>> = {
  console: 'serves until Ctrl-C',
  start: 'serves until Ctrl-C',
  exec: 'is the shell of a container',
  connect: 'forwards a port until Ctrl-C',
  'environment deploy': 'CloudFormation tells how far it is; the exit code says how it ended',
  'environment destroy': 'CloudFormation tells how far it is; the exit code says how it ended',
  'slack manifest': 'prints a document that Slack reads',
  completion: 'prints a script that a shell reads',
  complete: 'is called by the shell',
  build: 'is for developers of Caretaker',
  docs: 'is for developers of Caretaker',
  release: 'is for developers of Caretaker',
  grants: 'is for developers of Caretaker',
}

describe('help', () => {
  const program = programOf({ terminal: ownTerminal(), ended: () => {} })
  type Shown = { name(): string; commands: readonly Shown[]; description(): string }
  const below = (command: Shown, path: string[]): string[][] =>
    command.commands.length === 0
      ? [path]
      : command.commands.flatMap((one) => below(one, [...path, one.name()]))

  test.each(below(program, []).map((path) => path.join(' ')))('%s --help', async (words) => {
    const { code, out, told } = await desk.plain(`${words} --help`)
    expect({ code, told }).toEqual({ code: 0, told: '' })
    expect(out).toMatch(new RegExp(`^Usage: caretaker ${words}\\b`))
    // People read the examples. `complete` is what the shell itself calls.
    if (words !== 'complete') expect(out).toMatch(/Examples:\n {2}\$ caretaker/)
    expect(/--json/.test(out)).toBe(!Object.hasOwn(WITHOUT_JSON, words))
  })

  test.each([
    ['runbook --json', { pages: expect.arrayContaining(['service-unhealthy']) }],
    ['runbook dev-orders-unhealthy --json', { page: 'service-unhealthy', text: /dev-orders/ }],
  ])('%s: one JSON document', async (words, document) => {
    const { code, out, told } = await desk.plain(words)
    expect({ code, told }).toEqual({ code: 0, told: '' })
    expect(JSON.parse(out)).toMatchObject(document)
  })

  test('open --json: the address, and nothing is opened', async () => {
    const before = desk.opened.length
    const { out } = await desk.types('open orders --json')
    expect(JSON.parse(out)).toEqual({ url: 'http://localhost:4400/services/orders' })
    expect(desk.opened.length).toBe(before)
  })

  test('without a command it is shown as a mistake is', async () => {
    const { code, out, told } = await desk.plain('')
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(told).toMatch(/^Usage: caretaker [\s\S]*Exit codes: 0 done/)
    expect((await desk.plain('help freeze')).out).toContain('caretaker freeze --until 18:00')
  })
})

test('docs/command-line.md is what the program says: run `npm run docs`', () => {
  const program = programOf({ terminal: ownTerminal(), ended: () => {} })
  expect(readFileSync('docs/command-line.md', 'utf8')).toBe(commandLinePage(program))
})

describe('what a terminal shows', () => {
  const ANSWER = 'Done: it is deployed. To undo it: `npx caretaker thaw`.\n```\na log line\n```'

  test('colours and plain commands on a terminal, plain words elsewhere', () => {
    const ESCAPE = '\u001b'
    expect(painted(ANSWER)).toContain(`${ESCAPE}[32mDone${ESCAPE}[39m`)
    expect(painted(ANSWER)).toContain(`${ESCAPE}[36mnpx caretaker thaw${ESCAPE}[39m`)
    expect(plain(ANSWER)).toBe(
      'Done: it is deployed. To undo it: `npx caretaker thaw`.\na log line',
    )
  })

  test('what it waits for, once that takes long; nothing where nobody looks', async () => {
    const shown: string[] = []
    let done: (text: string) => void = () => {}
    const work = new Promise<string>((resolve) => {
      done = resolve
    })
    let waits = 0
    const terminal = {
      ...ownTerminal(),
      progress: (text: string) => shown.push(text),
      wait: async () => {
        waits++
        if (waits === 4) done('answered')
        await new Promise(setImmediate)
      },
    }
    expect(await patiently(terminal, 'Asking', work)).toBe('answered')
    expect(shown.slice(0, 2)).toEqual(['Asking: 2 s', 'Asking: 3 s'])
    expect(shown.at(-1)).toBe('')
    expect(await patiently({ ...terminal, progress: undefined }, 'Asking', work)).toBe('answered')
  })

  test.each([
    ['30m', 30],
    ['2h', 120],
    ['1h 30m', 90],
    ['1 day', 1_440],
  ])('a length: %s', (text, minutes) => {
    expect(lengthOf('--timeout')(text)).toBe(minutes * 60_000)
  })
  test.each(['18:00', '9 am', 'tomorrow 9:00', '', '2h please', '-3'])('none: %j', (text) => {
    expect(() => lengthOf('--timeout')(text)).toThrow(/^--timeout: found/)
  })
})

test.each([
  ['why or', 'orders\tof ordering'],
  ['freeze plat', 'platform\ta team'],
  ['environment do', 'doctor\tsays whether the account is ready, and what to do where it is not'],
  ['push orders --im', '--image\twhat it does when it runs'],
])('the shell completes %j', (words, first) => {
  const typed = ['cli/caretaker.mjs', 'complete', '--', ...words.split(' ')]
  const { stdout } = spawnSync(process.execPath, typed, { encoding: 'utf8' })
  expect(stdout.split('\n')[0]).toBe(first)
})

test('the binary: asks with the caller’s own zone, and its exit code is the answer’s', async () => {
  const words = ['cli/caretaker.mjs', 'freeze', 'orders', '--for', '1h', '--as', 'bob@example.com']
  const env = { ...process.env, TZ: 'America/New_York', AWS_ENDPOINT_URL: desk.url }
  const typed = await new Promise<{ code: number; out: string; told: string }>((resolve) => {
    execFile(process.execPath, words, { env }, (error, out, told) => {
      resolve({ code: Number(error?.code ?? 0), out, told })
    })
  })
  expect(typed).toMatchObject({ code: 0, told: '' })
  expect(typed.out).toMatch(
    /Europe\/Berlin, 1 h from now \(Mon 2 Mar \d\d:\d\d America\/New_York\)/,
  )
})
