import { execFile } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setUpIdentityCenter } from '../../local/simulation/identity-center.ts'
import { type Endpoint, serve } from '../../local/wire/endpoint.ts'
import { Acts } from '../kits/acts.ts'
import { GOOD, Stage } from '../kits/roll-outs.ts'

let acts: Acts
let endpoint: Endpoint

/** Serves the environment on this machine; simulated time passes while somebody waits. */
beforeAll(async () => {
  acts = new Acts(await Stage.open())
  const { simulation } = acts.stage
  const { world } = simulation
  await setUpIdentityCenter(simulation.aws, 'dev')
  acts.stage.push(GOOD, 'web', 'main')
  await acts.stage.minutes(10)
  const run = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    let ended = false
    const answer = work().finally(() => {
      ended = true
    })
    answer.catch(() => {
      // Whoever awaits it hears of it.
    })
    await world.settle()
    while (!ended && (await world.step())) {
      // each step is one moment
    }
    return answer
  }
  endpoint = await serve(simulation.aws, { port: 0, run })
})

afterAll(() => endpoint.close())

/** Runs `npm run caretaker -- …` as somebody, on the served environment. */
function caretaker(words: string[], as = 'ann@example.com') {
  const local = ['--endpoint-url', endpoint.url, '--as', as]
  return run([...local, ...words])
}

function run(words: string[]): Promise<{ code: number; out: string; problem: string }> {
  return new Promise((resolve) => {
    const command = ['cli/caretaker.mjs', 'act', ...words]
    const env = { ...process.env, TZ: 'America/New_York' }
    execFile(process.execPath, command, { env }, (error, out, problem) => {
      resolve({ code: Number(error?.code ?? 0), out, problem })
    })
  })
}

describe('npm run caretaker', () => {
  test('reads and does, signed by who asks; 0, or 1 where Caretaker refuses', async () => {
    const why = await caretaker(['why', 'web'])
    expect(why).toMatchObject({ code: 0, problem: '' })
    expect(why.out).toContain('web (dev-frontend/web, team storefront)')
    const frozen = await caretaker(['freeze', 'web', 'until', 'tomorrow 9:00', 'the demo'])
    expect(frozen.code).toBe(0)
    expect(frozen.out).toMatch(/until Tue 3 Mar 09:00 Europe\/Berlin, .* \(Tue 3 Mar 03:00 America/)
    expect(frozen.out).toContain('To undo it: `npm run caretaker -- thaw web`. Receipt ')
    const refused = await caretaker(['deploy', 'web', 'main'])
    expect(refused).toMatchObject({ code: 1, problem: '' })
    expect(refused.out).toContain('ann@example.com froze roll-outs until')
    const stranger = await caretaker(['thaw', 'web'], 'bob@example.com')
    expect(stranger).toMatchObject({ code: 1 })
    expect(stranger.out).toContain('Only members of storefront')
    expect(await acts.receipts()).toMatchObject([
      { verb: 'freeze', by: 'ann@example.com', via: 'iam', outcome: 'done' },
      { verb: 'deploy', by: 'ann@example.com', via: 'iam', outcome: 'refused' },
    ])
  }, 120_000)

  test.each([
    [['deploi', 'web'], /Did you mean `deploy`\?/],
    [['deploy', 'web'], /names no service and a tag/],
    [['--endpoint', 'x', 'status'], /Unknown option '--endpoint'/],
    [['--as', 'ann@example.com', 'status'], /--as is for the local AWS/],
    [['--endpoint-url'], /--endpoint-url needs a value/],
    [['--endpoint-url', 'http://127.0.0.1:9', '--as', 'a@b.c', 'status'], /is `npm start` running/],
  ])('%j is a mistake: 2, and nothing is asked', async (words, problem) => {
    const done = await run(words)
    expect(done).toMatchObject({ code: 2, out: '' })
    expect(done.problem).toMatch(problem)
  })

  test('help lists what can be asked, without asking', async () => {
    const help = await run(['help'])
    expect(help).toMatchObject({ code: 0, problem: '' })
    expect(help.out).toContain('`rollback <service> [tag | digest | previous]`')
  })
})
