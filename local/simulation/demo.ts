import type { Simulation } from './simulation.ts'

const SECOND = 1000

/** The two images of the demo, and how long after the last verdict each is pushed. */
const GOOD = { image: { behaviour: 'healthy' }, after: 5 * SECOND } as const
const BAD = {
  image: {
    behaviour: 'crashes',
    exitCode: 137,
    logs: ['INFO  warming the cache', 'FATAL heap out of memory'],
  },
  after: 20 * SECOND,
} as const

/** Slack's message follows the verdict within seconds. */
const SLACK_FOLLOWS = 10 * SECOND

/**
 * The demo: a good image is pushed and deployed, a bad one is pushed and
 * rolled back.
 *
 * @returns resolves when both have their verdicts.
 */
export async function playDemo(simulation: Simulation, repository: string): Promise<void> {
  for (const { image, after } of [GOOD, BAD]) {
    const { world, ecr } = simulation
    const digest = await new Promise<string>((resolve) => {
      world.after(after, 'demo', () => resolve(ecr.push({ repository, tag: 'main', image }).digest))
    })
    await verdictOf(simulation, digest)
  }
  await simulation.world.sleep(SLACK_FOLLOWS)
}

function verdictOf({ records }: Simulation, digest: string): Promise<void> {
  return new Promise((resolve) => {
    const stop = records.onChange(() => {
      if (!records.verdicts.some((one) => one.digest === digest)) return
      stop()
      resolve()
    })
  })
}
