import { serveConsole } from '../local/console/server.ts'
import { sourceOf } from '../local/console/simulated.ts'
import { playDemo } from '../local/simulation/demo.ts'
import { setUpIdentityCenter } from '../local/simulation/identity-center.ts'
import { Pace } from '../local/simulation/pace.ts'
import { Simulation } from '../local/simulation/simulation.ts'
import { Story } from '../local/views/story.ts'
import { serve } from '../local/wire/endpoint.ts'
import { printer } from './print.ts'
import { controlOf } from './start/control.ts'
import { type SecureEndpoint, serveSecurely } from './start/secure.ts'
import { UsageError } from './usage.ts'

type Options = {
  consolePort: number
  awsPort: number
  /** Of the same by HTTPS, which is not served without. */
  httpsPort?: number | undefined
  catalog: string
  seed: number
  /** Simulated seconds per second. */
  speed: number
}

/** The demo takes about six simulated minutes, and should be over in fifteen seconds. */
const DEMO_SPEED = 30

/**
 * Serves the environment on a simulated AWS: the console, and the endpoint for the AWS CLI. Tells
 * the demo, then goes on until it is stopped.
 */
export async function start(options: Options): Promise<number> {
  const { consolePort, awsPort, httpsPort, catalog, seed, speed } = options
  console.log('Building the functions and the templates, and loading them…')
  const simulation = await Simulation.open({
    catalog,
    seed,
    start: new Date('2026-03-02T09:00:00Z'),
  })
  await setUpIdentityCenter(simulation.aws, simulation.environment.name)
  const pace = new Pace(simulation.world, DEMO_SPEED)
  const source = sourceOf(simulation)
  const console_ = { source, pace }
  const run = <T>(work: () => Promise<T>) => pace.run(work)
  const served = new Served()
  await served.add('--console-port', () => serveConsole(console_, { port: consolePort }))
  const own = controlOf(simulation, `http://localhost:${consolePort}`, run)
  const serving = { run, own }
  const { url } = await served.add('--aws-port', () =>
    serve(simulation.aws, { port: awsPort, ...serving }),
  )
  const secure =
    httpsPort === undefined
      ? undefined
      : await served.add('--https-port', () =>
          serveSecurely(simulation.aws, { port: httpsPort, ...serving }),
        )
  const repository = simulation.repositories.includes('orders')
    ? 'orders'
    : (simulation.repositories[0] ?? '')
  greet(simulation, { port: consolePort, url, repository, secure })
  new Story(simulation, printer(simulation.start))
  playDemo(simulation, repository).then(() => announceReady(pace, speed, consolePort))
  await pace.start()
  return 0
}

/** What listens. If one port is in use none does: simulated time would not pass behind the others. */
class Served {
  readonly #open: { close(): unknown }[] = []

  /** @throws UsageError naming the option, for a port that is in use. */
  async add<Server extends { close(): unknown }>(
    option: string,
    serving: () => Promise<Server>,
  ): Promise<Server> {
    try {
      const server = await serving()
      this.#open.push(server)
      return server
    } catch (error) {
      for (const server of this.#open) server.close()
      throw new UsageError(`${option}: ${(error as Error).message}`)
    }
  }
}

type Addresses = {
  port: number
  url: string
  repository: string
  secure: SecureEndpoint | undefined
}

function greet(
  { environment, deployed }: Simulation,
  { port, url, repository, secure }: Addresses,
): void {
  const resources = deployed.stacks.reduce((sum, stack) => sum + stack.resources.length, 0)
  console.log(`
The environment "${environment.name}" stands on a simulated AWS: ${deployed.stacks.length} stacks, ${resources} resources.

  Console      http://localhost:${port}
  AWS CLI      aws --endpoint-url ${url} ecs list-clusters
  Caretaker    npx caretaker status${url.endsWith(':4566') ? '' : ` --endpoint-url ${url}`}
  Registry     docker push ${url.replace('http://127.0.0.1', 'localhost')}/${repository}:main (docs/push-a-real-image.md)${secure === undefined ? '' : secureLines(secure)}

Here is what it does. Time runs ${DEMO_SPEED} times as fast; Ctrl-C ends it.
`)
}

const secureLines = ({ url, authority }: SecureEndpoint): string => `
  HTTPS        export AWS_CA_BUNDLE=${authority} NODE_EXTRA_CA_CERTS=${authority}
               aws --endpoint-url ${url} ecs list-clusters`

function announceReady(pace: Pace, speed: number, port: number): void {
  pace.set(speed === 0 ? 'paused' : speed)
  const time = speed === 0 ? 'Time stands still' : `Time runs ${speed} times as fast`
  console.log(
    `\nNow it is yours: push images, and slow down or skip time, at http://localhost:${port}. ${time}.\n`,
  )
}
