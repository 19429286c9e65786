import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { readCatalog } from '../../catalog/read.ts'
import { Problem } from '../problem.ts'
import type { Terminal } from '../terminal.ts'
import { UsageError } from '../usage.ts'

/** What is typed about where Caretaker is asked. */
export type PlaceOptions = {
  local?: boolean | undefined
  aws?: boolean | undefined
  endpointUrl?: string | undefined
  as?: string | undefined
  /** On a simulated AWS: with the rights of whoever may do everything in the account. */
  administers?: boolean
  catalog: string
}

/** Where Caretaker is asked. */
export type Place = {
  environment: string
  region: string
  timeZone: string
  /** The time there, by which what is typed is read. */
  now: Date
  /** Of the simulated AWS; AWS's own when absent. */
  endpoint?: string
  /** Whom of the simulation's people it is asked as. */
  as?: string
  administers?: boolean
  /** What the caller has not said of it, in words. */
  assumed?: string
  console?: string
  /** Of the simulation: what it has. */
  services?: readonly { name: string; repository: string }[]
}

/** Where a simulated AWS listens unless it was told otherwise. */
const USUAL = 'http://127.0.0.1:4566'

/** What a running simulation says of itself (`cli/start/control.ts`). */
const about = z.object({
  environment: z.string(),
  region: z.string(),
  timeZone: z.string(),
  now: z.iso.datetime(),
  console: z.string(),
  people: z.array(z.string()),
  services: z.array(z.object({ name: z.string(), repository: z.string() })),
})
type About = z.infer<typeof about>

/** Milliseconds: it is on this machine, and may be busy simulating. */
const PATIENCE = 5_000

/**
 * Where the caller means: a simulated AWS that was named or that runs here, else AWS.
 *
 * @throws UsageError for words that contradict each other; Problem where nothing answers.
 */
export async function placeOf(options: PlaceOptions, terminal: Terminal): Promise<Place> {
  const set = terminal.env.AWS_ENDPOINT_URL
  if (options.aws && set !== undefined && set !== '') {
    throw new UsageError(`--aws: the variable AWS_ENDPOINT_URL says ${set}; unset it first`)
  }
  const named = options.endpointUrl ?? (options.local ? USUAL : set || undefined)
  const endpoint = named ?? USUAL
  if (!URL.canParse(endpoint)) {
    throw new UsageError(
      `--endpoint-url: found ${JSON.stringify(endpoint)}, allowed: a URL, such as ${USUAL}`,
    )
  }
  const running = options.aws ? undefined : await aboutOf(endpoint, named !== undefined)
  if (running !== undefined) return simulated(endpoint, running, options)
  if (options.as !== undefined) {
    throw new UsageError(
      '--as is for a simulated AWS, and none runs here (`npm start`): AWS itself says who you are',
    )
  }
  return onAws(options.catalog, terminal)
}

function simulated(
  endpoint: string,
  { environment, region, timeZone, now, console, people, services }: About,
  options: PlaceOptions,
): Place {
  const as = options.as ?? people[0]
  const who = as === undefined ? '' : `, as ${as}`
  const other = options.local || options.endpointUrl ? '' : '; AWS itself: --aws'
  const assumed = `Simulated AWS at ${endpoint}${who}. Somebody else: --as <e-mail>${other}.`
  return {
    ...{ environment, region, timeZone, now: new Date(now), endpoint },
    ...{ console, services },
    ...(as === undefined ? {} : { as }),
    ...(options.administers && { administers: true }),
    ...(options.as === undefined && { assumed }),
  }
}

function onAws(catalog: string, terminal: Terminal): Place {
  if (!existsSync(join(catalog, 'environment.yaml'))) {
    throw new Problem(
      `There is no ${join(catalog, 'environment.yaml')}, which says which environment is meant: go to its folder, or say --catalog <directory>. For a simulated AWS: \`npm start\`.`,
    )
  }
  const { name, region, timeZone } = readCatalog(catalog).environment
  return { environment: name, region, timeZone, now: terminal.now() }
}

/** Whether a simulation of Caretaker's listens there. */
export const isSimulation = async (endpoint: string): Promise<boolean> =>
  (await aboutOf(endpoint, false)) !== undefined

/** What listens there; undefined when nothing of Caretaker's does, and nobody said that it would. */
async function aboutOf(endpoint: string, isMeant: boolean): Promise<About | undefined> {
  try {
    const signal = AbortSignal.timeout(PATIENCE)
    const response = await fetch(new URL('/_caretaker/about', endpoint), { signal })
    const read = about.safeParse(await response.json().catch(() => undefined))
    if (read.success) return read.data
  } catch {
    if (!isMeant) return undefined
    throw new Problem(`Nothing answers at ${endpoint}: is \`npm start\` running?`)
  }
  if (!isMeant) return undefined
  throw new Problem(
    `What answers at ${endpoint} is no simulation of Caretaker's (\`npm start\`), or one of an older version.`,
  )
}
