import { serveConsole } from '../local/console/server.ts'
import { sourceOf } from '../local/console/simulated.ts'
import { playDemo } from '../local/simulation/demo.ts'
import { setUpIdentityCenter } from '../local/simulation/identity-center.ts'
import { Pace } from '../local/simulation/pace.ts'
import { Simulation } from '../local/simulation/simulation.ts'
import { Story } from '../local/views/story.ts'
import { serve } from '../local/wire/endpoint.ts'
import { printer } from './print.ts'
import { parseWords, UsageError, wholeNumber } from './usage.ts'

const USAGE =
  'npm start [-- --console-port <port>] [--aws-port <port>] [--catalog <directory>] [--seed <number>] [--speed <simulated seconds per second>]'

/** The demo takes about six simulated minutes, and should be over in fifteen seconds. */
const DEMO_SPEED = 30
const LARGEST_PORT = 65_535

/**
 * Serves the environment on a simulated AWS: the console, and the endpoint for the AWS CLI. Tells
 * the demo, then goes on until it is stopped.
 */
export async function start(words: string[]): Promise<number> {
  const { values } = parseWords(
    words,
    {
      'console-port': { type: 'string', default: '4400' },
      'aws-port': { type: 'string', default: '4566' },
      catalog: { type: 'string', default: 'catalog' },
      seed: { type: 'string', default: '1' },
      speed: { type: 'string', default: '10' },
    },
    USAGE,
  )
  const number = (name: string, most?: number) =>
    wholeNumber(name, values[name as keyof typeof values], most)
  const consolePort = number('console-port', LARGEST_PORT)
  const awsPort = number('aws-port', LARGEST_PORT)
  const seed = number('seed')
  const speed = number('speed')

  console.log('Building the functions and the templates, and loading them…')
  const simulation = await Simulation.open({
    catalog: String(values.catalog),
    seed,
    start: new Date('2026-03-02T09:00:00Z'),
  })
  await setUpIdentityCenter(simulation.aws, simulation.environment.name)
  const pace = new Pace(simulation.world, DEMO_SPEED)
  const console_ = { source: sourceOf(simulation), pace }
  const run = <T>(work: () => Promise<T>) => pace.run(work)
  const page = await listening(() => serveConsole(console_, { port: consolePort }))
  const { url } = await listening(() => serve(simulation.aws, { port: awsPort, run })).catch(
    (error) => {
      // Otherwise the console would keep the process running, while simulated time does not pass.
      page.close()
      throw error
    },
  )
  greet(simulation, consolePort, url)
  new Story(simulation, printer(simulation.start))
  const repository = simulation.repositories.includes('orders')
    ? 'orders'
    : (simulation.repositories[0] ?? '')
  playDemo(simulation, repository).then(() => announceReady(pace, speed, consolePort))
  await pace.start()
  return 0
}

/** A port that is in use is reported as a mistake in what was typed. */
async function listening<Server>(serving: () => Promise<Server>): Promise<Server> {
  try {
    return await serving()
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\nUse: ${USAGE}`)
  }
}

function greet({ environment, deployed }: Simulation, port: number, url: string): void {
  const resources = deployed.stacks.reduce((sum, stack) => sum + stack.resources.length, 0)
  console.log(`
The environment "${environment.name}" stands on a simulated AWS: ${deployed.stacks.length} stacks, ${resources} resources.

  Console      http://localhost:${port}
  AWS CLI      aws --endpoint-url ${url} ecs list-clusters
  Caretaker    npm run caretaker -- --endpoint-url ${url} --as ${somebodyOf(environment)} status

Here is what it does. Time runs ${DEMO_SPEED} times as fast; Ctrl-C ends it.
`)
}

function announceReady(pace: Pace, speed: number, port: number): void {
  pace.set(speed)
  console.log(
    `\nNow it is yours: push images, and slow down or skip time, at http://localhost:${port}. Time runs ${speed} times as fast.\n`,
  )
}

/** Somebody who may ask Caretaker; what the help shows where the catalog names nobody. */
const somebodyOf = ({ teams, operators }: Simulation['environment']): string =>
  [...Object.values(teams), operators].flatMap(({ members }) => members)[0]?.email ?? '<e-mail>'
