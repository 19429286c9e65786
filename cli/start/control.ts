import * as z from 'zod'
import { IMAGES, type ImageKind } from '../../local/console/actions.ts'
import type { Simulation } from '../../local/simulation/simulation.ts'
import { NotTaken, type OwnPaths } from '../../local/wire/own-paths.ts'

const push = z.strictObject({
  repository: z.string(),
  tag: z.string().regex(/^[\w][\w.-]{0,127}$/),
  image: z.enum(Object.keys(IMAGES) as ImageKind[]),
})

const layer = z.strictObject({ url: z.string() })

/**
 * What a running simulation says of itself to the command line, and takes from it, besides AWS's
 * own calls: `GET /_caretaker/about`, `POST /_caretaker/push`,
 * `POST /_caretaker/layer`.
 *
 * @param run does a piece of work between two moments of the world.
 */
export function controlOf(
  simulation: Simulation,
  console: string,
  run: <T>(work: () => Promise<T>) => Promise<T>,
): OwnPaths {
  const { environment, catalog, aws, world, ecr, repositories } = simulation
  return {
    'GET /_caretaker/about': () => ({
      environment: environment.name,
      ...{ region: aws.region, timeZone: environment.timeZone, console },
      now: world.date.toISOString(),
      people: peopleOf(environment),
      services: catalog.services.flatMap(({ name, repository, image }) =>
        image === undefined ? [{ name, repository }] : [],
      ),
    }),
    'POST /_caretaker/push': async (body) => {
      const asked = push.safeParse(body)
      if (!asked.success) throw new NotTaken(z.prettifyError(asked.error))
      const { repository, tag, image } = asked.data
      if (!repositories.includes(repository)) {
        throw new NotTaken(`There is no repository ${repository}: ${repositories.join(', ')}`)
      }
      const build = { repository, tag, image: IMAGES[image] }
      return { digest: await run(async () => ecr.push(build).digest) }
    },
    // What AWS's own network has: the address is one of `GetDownloadUrlForLayer`.
    'POST /_caretaker/layer': (body) => {
      const asked = layer.safeParse(body)
      const content = asked.success ? ecr.layer(asked.data.url) : undefined
      if (content === undefined) throw new NotTaken('There is no layer at this address')
      return { text: Buffer.from(content).toString() }
    },
  }
}

/** Everybody of the catalog, whoever may do everything first. */
const peopleOf = ({ teams, operators }: Simulation['environment']): string[] =>
  [operators, ...Object.values(teams)].flatMap(({ members }) => members.map(({ email }) => email))
