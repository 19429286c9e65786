import { readCatalog } from '../catalog/read.ts'
import { sayLength } from '../domain/say-time.ts'
import { askOnce } from './asking/act.ts'
import { entranceOf } from './asking/ask.ts'
import { explained } from './asking/configuration.ts'
import { type PlaceOptions, placeOf } from './asking/place.ts'
import { serviceNamed } from './hands/catalog.ts'
import { Interrupted } from './problem.ts'
import { answerTo } from './question.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage.ts'
import { pairOf } from './verify/image.ts'
import { costOf, readModel } from './verify/model.ts'
import { NotProved, type Proving } from './verify/proof.ts'
import { readImage } from './verify/registry.ts'
import { type Left, madeDefinitions, madeImage, madeService, removeAll } from './verify/removal.ts'
import { notOf } from './verify/standing.ts'
import { type Plan, stepsOf } from './verify/steps.ts'

type Options = Omit<PlaceOptions, 'administers'> & {
  service: string
  yes?: boolean | undefined
  json?: boolean | undefined
}

type Proved = { what: string; seconds: number; seen: string }

/** Ten minutes when all goes well; each step waits longer for what is slow. */
const MINUTES = 15

/**
 * Proves on the account itself that Caretaker does what it says, with a service of its own that is
 * made after one of the catalog's. What it makes is removed again, however it ends.
 *
 * @returns 0 when all was seen and removed, else 1.
 * @throws UsageError, Problem before anything was made.
 */
export async function verify(options: Options, terminal: Terminal): Promise<number> {
  const found = serviceNamed(options.service, options.catalog)
  if (found.kind === 'job') {
    throw new UsageError(`--service: ${found.name} is a job; allowed: a service that stays`)
  }
  const { environment } = readCatalog(options.catalog)
  const place = await placeOf({ ...options, administers: true }, terminal)
  if (place.assumed !== undefined) terminal.tell(place.assumed)
  const entrance = entranceOf(place)
  const name = nameAt(place.environment, terminal.now())
  const cluster = `${place.environment}-${found.cluster}`
  const proving: Proving = { place, entrance, terminal, cluster, name }
  try {
    const known = await askOnce(entrance, `history ${found.name}`, terminal)
    const team = await notOf(place, environment, found.team)
    const refused = known.outcome === 'refused' ? known.text : team
    if (refused !== undefined) {
      terminal.tell(refused)
      return 1
    }
    const model = await readModel(place, found)
    const image = await readImage(place, model.repository, model.image, model.processor)
    const plan: Plan = { proving, model, image, made: [] }
    terminal.tell(promise(plan))
    if (!options.yes && !/^y(es)?$/i.test(await answerTo('Begin? [y/N]', '--yes'))) return 1
    return await carryOut(plan, options)
  } catch (error) {
    throw explained(error, place)
  }
}

/** `dev-verify-t1x2y3`: of its second, so that two of them do not meet. */
const nameAt = (environment: string, now: Date): string =>
  `${environment}-verify-${Math.floor(now.getTime() / 1_000).toString(36)}`

/** What is said before anything is made. */
function promise({ proving, model, image }: Plan): string {
  const { place, terminal, cluster, name } = proving
  const { good, bad } = pairOf(image, name)
  const { service, repository } = model
  return [
    `It makes the ECS service ${name} in ${cluster}, which is as ${service.serviceName} is (its image, settings and roles), without load balancer or address, and in ${repository} two images with tags of its name. ${service.serviceName} itself is not touched.`,
    `It takes about ten minutes and costs less than $${(Math.ceil(costOf(model, MINUTES) * 100) / 100).toFixed(2)} (one Fargate task, two during a roll-out). Everything is removed at the end, after a failure and after Ctrl-C.`,
    'If this program itself is killed, these remove it:',
    ...[
      madeService(place, { cluster, service: name }, terminal),
      madeDefinitions(place, name),
      ...[good, bad].map((one) => madeImage(place, repository, one)),
    ].map(({ byHand }) => `  ${byHand}`),
  ].join('\n')
}

/** Proves one after the other until one fails; then removes. */
async function carryOut(plan: Plan, { json }: Options): Promise<number> {
  const { terminal, name } = plan.proving
  const interrupted = new AbortController()
  const off = terminal.onInterrupt(() => interrupted.abort())
  const proved: Proved[] = []
  let failed: unknown
  let left: Left[] = []
  try {
    await prove(plan, proved, interrupted.signal)
  } catch (error) {
    failed = error
  } finally {
    terminal.tell('Removing what was made.')
    left = await removeAll(plan.made)
    off()
  }
  for (const { what, error, byHand } of left) {
    terminal.tell(`Not removed: ${what} (${error}). This does it: ${byHand}`)
  }
  const all = left.length === 0 ? 'Everything that was made is removed.' : ''
  if (failed !== undefined && !(failed instanceof NotProved)) throw withEnd(failed, all)
  const failure = failed?.message
  if (json) {
    const outcome = failure === undefined ? 'proved' : 'not-proved'
    const more = failure === undefined ? {} : { failure }
    terminal.out(JSON.stringify({ outcome, service: name, proved, ...more, left }, undefined, 2))
  } else if (failure === undefined) terminal.say(`Proved. ${all}`.trim())
  if (failure !== undefined) terminal.tell(`Not proved: ${failure} ${all}`.trim())
  return failure === undefined && left.length === 0 ? 0 : 1
}

const UNDER_WAY =
  'A roll-out of it that was under way is told in Slack as not finished, because its service is gone.'

const withEnd = (error: unknown, all: string): unknown =>
  error instanceof Interrupted
    ? new Interrupted(['Interrupted.', all, UNDER_WAY].filter(Boolean).join(' '))
    : error

async function prove(plan: Plan, proved: Proved[], interrupted: AbortSignal): Promise<void> {
  const { terminal } = plan.proving
  for (const { what, prove: see } of stepsOf(plan)) {
    if (interrupted.aborted) throw new Interrupted('Interrupted.')
    const began = terminal.now().getTime()
    const seen = await see()
    const milliseconds = terminal.now().getTime() - began
    proved.push({ what, seconds: Math.round(milliseconds / 1_000), seen })
    terminal.tell(`${what}: ${seen} (${sayLength(milliseconds)}).`)
  }
}
