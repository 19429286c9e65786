import { run } from '../../cli/run.ts'
import { controlOf } from '../../cli/start/control.ts'
import type { Terminal } from '../../cli/terminal.ts'
import { setUpIdentityCenter } from '../../local/simulation/identity-center.ts'
import type { Simulation } from '../../local/simulation/simulation.ts'
import { type Endpoint, serve } from '../../local/wire/endpoint.ts'
import { Stage } from './roll-outs.ts'

/** What a command has printed, and how it has ended. */
export type Typed = { code: number; out: string; told: string }

/** Somebody at a terminal, beside a simulation that `npm start` would serve. */
export class Desk {
  readonly stage: Stage
  readonly #endpoint: Endpoint
  /** What is typed where nobody should read it. */
  hidden = ''
  /** Other programs that are there, and how they were run. */
  programs: string[] = ['aws', 'session-manager-plugin']
  readonly ran: string[] = []
  /** What has been opened in a browser. */
  readonly opened: string[] = []
  readonly #interrupts = new Set<() => void>()
  /** Called before each pause of a command that waits. */
  whilePausing: () => void = () => {}

  private constructor(stage: Stage, endpoint: Endpoint) {
    this.stage = stage
    this.#endpoint = endpoint
  }

  /** @param catalog its directory, the repository's own when absent. */
  static async open(catalog?: string): Promise<Desk> {
    const stage = await Stage.open(catalog === undefined ? {} : { catalog })
    const { simulation } = stage
    await setUpIdentityCenter(simulation.aws, 'dev')
    const run = during(simulation)
    const own = controlOf(simulation, 'http://localhost:4400', run)
    return new Desk(stage, await serve(simulation.aws, { port: 0, run, own }))
  }

  get url(): string {
    return this.#endpoint.url
  }

  close(): Promise<void> {
    return this.#endpoint.close()
  }

  /** `npx caretaker …`, as the one who is named; nobody is named: as whoever is first. */
  async types(words: string, as?: string, env: Terminal['env'] = {}): Promise<Typed> {
    const who = as === undefined ? [] : ['--as', `${as}@example.com`]
    return this.runs([...split(words), '--endpoint-url', this.url, ...who], env)
  }

  /** A command that asks nobody. */
  async plain(words: string): Promise<Typed> {
    return this.runs(split(words))
  }

  /** The same with exactly these words. */
  async runs(words: readonly string[], env: Terminal['env'] = {}): Promise<Typed> {
    const out: string[] = []
    const told: string[] = []
    const code = await run(words, this.#terminal(out, told, env))
    return { code, out: out.join('\n'), told: told.join('\n') }
  }

  /** Ctrl-C. */
  interrupt(): void {
    for (const listener of this.#interrupts) listener()
  }

  #terminal(out: string[], told: string[], env: Terminal['env']): Terminal {
    const { world } = this.stage.simulation
    return {
      out: (text) => out.push(text),
      say: (text) => out.push(text),
      tell: (text) => told.push(text),
      progress: undefined,
      env,
      columns: 80,
      now: () => world.date,
      timeZone: 'America/New_York',
      wait: async (milliseconds, signal) => {
        this.whilePausing()
        signal?.throwIfAborted()
        await world.run(milliseconds)
      },
      hidden: async () => this.hidden,
      has: (program) => this.programs.includes(program),
      runs: async (program, words) => {
        this.ran.push([program, ...words].join(' '))
        return 0
      },
      browse: (url) => this.opened.push(url),
      onInterrupt: (listener) => {
        this.#interrupts.add(listener)
        return () => this.#interrupts.delete(listener)
      },
    }
  }
}

/** Does something between two moments of the world; simulated time passes while it waits. */
const during =
  ({ world }: Simulation) =>
  async <Result>(work: () => Promise<Result>): Promise<Result> => {
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

/** Words as a shell splits them, with double quotes around what belongs together. */
const split = (words: string): string[] =>
  [...words.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')
