import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { readScenario } from '../../local/scenario/read.ts'
import { catalogWith } from '../kits/catalog.ts'
import { temporaryDirectory } from '../kits/temporary.ts'

/** What a person who mistypes something is told: one clear error each, and nothing is done. */

/** A process that takes longer will never end; on a busy machine a command may take a minute. */
const STUCK_MILLISECONDS = 600_000

function run(words: string[], options: { preload?: string } = {}) {
  const preload = options.preload === undefined ? [] : ['--require', options.preload]
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...preload, 'cli/caretaker.mjs', ...words],
    { encoding: 'utf8', timeout: STUCK_MILLISECONDS },
  )
  return { status, stdout, stderr }
}

const written = (name: string, text: string): string => {
  const path = join(temporaryDirectory(), name)
  writeFileSync(path, text)
  return path
}

describe('the command line', () => {
  it('refuses a command it does not have, naming those it has', () => {
    expect(run(['simulte'])).toMatchObject({
      status: 2,
      stdout: '',
      stderr: "Unknown command 'simulte'. Did you mean simulate? See `caretaker --help`.\n",
    })
  })

  it('says how simulate is used', () => {
    expect(run(['simulate'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('`caretaker simulate --help`'),
    })
    expect(run(['simulate', 'a.yaml', '--sed', '1']).stderr).toMatch(/--sed/)
    expect(run(['simulate', 'test/scenarios/good-then-bad.yaml', '--seed', 'x']).stderr).toMatch(
      /--seed: found "x", allowed: a whole number/,
    )
  })

  it('says which Node it needs on a machine with an old one', () => {
    const preload = written(
      'old.cjs',
      "Object.defineProperty(process, 'version', { value: 'v18.20.4' })",
    )
    expect(run(['start'], { preload })).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(
        /^Caretaker needs Node 20 or newer; this is v18\.20\.4\. Install it from/,
      ),
    })
  })

  it.each(['--console-port', '--aws-port'])(
    'says which port is taken, ends, and tells how to take another: %s',
    async (option) => {
      const server = createServer()
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as { port: number }
      const taken = run(['start', '--console-port', '0', '--aws-port', '0', option, String(port)])
      server.close()
      expect(taken.status).toBe(2)
      expect(taken.stderr).toMatch(new RegExp(`^${option}: Port ${port} is taken`))
    },
  )

  it('plays a scenario and prints one JSON document and nothing else', () => {
    const { status, stdout, stderr } = run([
      'simulate',
      'test/scenarios/good-then-bad.yaml',
      '--json',
    ])
    expect(stderr).toBe('')
    expect(status).toBe(0)
    const told = JSON.parse(stdout)
    expect(told.verdicts.map(({ verdict }: { verdict: string }) => verdict)).toEqual([
      'deployed',
      'rolled-back',
    ])
  })

  it('ends quietly when nobody reads on', () => {
    const command = `"${process.execPath}" cli/caretaker.mjs simulate test/scenarios/good-then-bad.yaml --json | head -c 1`
    const { stdout, stderr } = spawnSync(command, {
      shell: true,
      encoding: 'utf8',
      timeout: STUCK_MILLISECONDS,
    })
    expect({ stdout, stderr }).toEqual({ stdout: '{', stderr: '' })
  })

  it('ends with 1 and names what was expected when an expectation fails', () => {
    const file = written(
      'wrong.yaml',
      'name: wrong\nsteps:\n  - at: +1m\n    expect: { service: orders, awake: true }\n',
    )
    const { status, stderr } = run(['simulate', file])
    expect(status).toBe(1)
    expect(stderr).toMatch(/wrong\.yaml:3 orders awake: expected true, found false/)
  })
})

describe('a wrong scenario', () => {
  const STEP = 'name: x\nsteps:\n  - at: +1m\n'
  const WRONG: [string, string, RegExp][] = [
    [
      'an unknown field',
      'name: x\nstep: []\n',
      /:2 step: found an unknown field, allowed: name, start/,
    ],
    ['no steps', 'name: x\nsteps: []\n', /:2 steps: found \[\], allowed: at least one step/],
    ['a step without an action', STEP, /:3 steps\.0: .*allowed: at, and exactly one of push/],
    [
      'a step with two actions',
      `${STEP}    push: { repository: orders, tag: main }\n    faults: { lose: 1 }\n`,
      /:3 steps\.0: .*exactly one of/,
    ],
    [
      'a time that is none',
      'name: x\nsteps:\n  - at: 5 minutes\n    faults: { lose: 1 }\n',
      /:3 steps\.0\.at: found "5 minutes", allowed: \+<duration>/,
    ],
    [
      'a time before the start',
      'name: x\nsteps:\n  - at: 2026-03-01T09:00:00Z\n    faults: { lose: 1 }\n',
      /:3 steps\.0\.at: .*allowed: an instant from 2026-03-02T09:00/,
    ],
    [
      'a rate over one',
      `${STEP}    faults: { lose: 2 }\n`,
      /:4 steps\.0\.faults\.lose: found 2, allowed: .*0 \(never\) to 1/,
    ],
    [
      'an unknown repository',
      `${STEP}    push: { repository: order, tag: main }\n`,
      /:4 steps\.0\.push\.repository: found "order", allowed: .*orders/,
    ],
    [
      'an unknown service',
      `${STEP}    expect: { service: order }\n`,
      /:4 steps\.0\.expect\.service: found "order", allowed: .*orders/,
    ],
    [
      'an unknown behaviour',
      `${STEP}    push: { repository: orders, tag: main, image: { behaviour: bad } }\n`,
      /image\.behaviour: found "bad", allowed: healthy, crashes, unhealthy or never-starts/,
    ],
    [
      'an image not pushed yet',
      `${STEP}    expect: { service: orders, running: second }\n`,
      /running: found "second", allowed: one of the 0 images pushed above/,
    ],
    [
      'an operation AWS does not have',
      `${STEP}    call: { service: ecs, operation: UpdateServices }\n`,
      /call\.operation: found "UpdateServices", allowed: .*UpdateService,/,
    ],
    [
      'an input AWS does not take',
      `${STEP}    call: { service: ecs, operation: UpdateService, input: { servce: a } }\n`,
      /call\.input\.servce: found "servce"/,
    ],
    ['broken YAML', 'name: "x\nsteps: []\n', /the file: found .*allowed: text with a quote/],
  ]
  test.each(WRONG)('%s', (_, text, problem) => {
    expect(() => readScenario(written('scenario.yaml', text))).toThrow(problem)
  })

  it.each([
    ['is not there', 'test/scenarios/none.yaml', 'nothing'],
    ['is a directory', 'test/scenarios', 'a directory'],
  ])('%s', (_, path, found) => {
    expect(() => readScenario(path)).toThrow(
      `${path}:1 the file: found ${found}, allowed: a scenario file (docs/scenarios.md)`,
    )
  })

  it('is told with file, line and field, and exit code 2', () => {
    const file = written('scenario.yaml', 'name: x\nstepps: []\n')
    const { status, stdout, stderr } = run(['simulate', file, '--json'])
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(/scenario\.yaml:2 stepps/)
  })

  it('of a catalog that cannot be used tells the catalog’s own problem', () => {
    const catalog = catalogWith({
      'services/orders.yaml': 'team: ordering\ncluster: backend\ncolour: red\n',
    })
    const file = written(
      'scenario.yaml',
      `name: x\ncatalog: ${catalog}\nsteps:\n  - at: +1m\n    faults: {}\n`,
    )
    expect(() => readScenario(file)).toThrow(/orders\.yaml:3 colour: found an unknown field/)
  })
})
