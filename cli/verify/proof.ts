import { DescribeServicesCommand, ECSClient } from '@aws-sdk/client-ecs'
import { historyData } from '../../domain/acts/answer.ts'
import { sayLength } from '../../domain/say-time.ts'
import { askOnce } from '../asking/act.ts'
import type { Entrance } from '../asking/ask.ts'
import { configurationOf } from '../asking/configuration.ts'
import { dataOf } from '../asking/data.ts'
import type { Place } from '../asking/place.ts'
import { judge } from '../asking/verdict.ts'
import { untilInterrupted } from '../interruption.ts'
import { Problem } from '../problem.ts'
import type { Terminal } from '../terminal.ts'
import { messagesOf } from './messages.ts'

/** What should have been seen was not. */
export class NotProved extends Error {
  override readonly name = 'NotProved'
}

/** The copy, and how it is asked about. */
export type Proving = {
  place: Place
  entrance: Entrance
  terminal: Terminal
  cluster: string
  name: string
}

const PAUSE_MS = 5_000
const MINUTE_MS = 60_000
/** Of AWS's list of tags, which Caretaker finds services by. */
const FOUND_WITHIN_MS = 5 * MINUTE_MS
const VERDICT_WITHIN_MS = 15 * MINUTE_MS
const RESTED_WITHIN_MS = 15 * MINUTE_MS
const TOLD_WITHIN_MS = 3 * MINUTE_MS

/** Until Caretaker knows the service: what is pushed before would be nobody's. */
export async function knows(proving: Proving): Promise<void> {
  await until(proving, FOUND_WITHIN_MS, 'Caretaker does not find it by its tags', async () => {
    const { entrance, terminal, name } = proving
    const { outcome } = await askOnce(entrance, `history ${name}`, terminal)
    return outcome === 'refused' ? undefined : true
  })
}

/** Until there is a verdict on the image. @throws NotProved for another verdict than that. */
export async function hasVerdict(
  proving: Proving,
  digest: string,
  wanted: 'deployed' | 'rolled-back',
): Promise<string> {
  const { name, terminal } = proving
  const began = terminal.now().getTime()
  const rollOut = await until(proving, VERDICT_WITHIN_MS, 'there is no verdict', async () => {
    const seen = judge(
      await historyOf(proving),
      digest.slice('sha256:'.length),
      terminal.now().getTime() - began,
    )
    return seen.state === 'over' ? seen.rollOut : undefined
  })
  if (rollOut.verdict === wanted) return rollOut.reason
  throw new NotProved(`${name}: ${rollOut.verdict} and not ${wanted}. ${rollOut.reason}`)
}

/** Until it runs this image, in as many tasks as it should. */
export async function runs(proving: Proving, digest: string): Promise<void> {
  await until(proving, RESTED_WITHIN_MS, 'it does not run the good image', async () => {
    const { desired, running } = await countsOf(proving)
    if (desired !== 1 || running !== 1) return undefined
    return (await historyOf(proving)).runs === digest ? true : undefined
  })
}

/** Until no task of it is left. */
export async function sleeps(proving: Proving): Promise<void> {
  await until(proving, RESTED_WITHIN_MS, 'it has tasks still', async () => {
    const { desired, running } = await countsOf(proving)
    return desired === 0 && running === 0 ? true : undefined
  })
}

/** Until Slack has so many messages about it. */
export async function isTold(proving: Proving, count: number): Promise<number> {
  const missing =
    'Slack has no message of each roll-out; `npx caretaker environment doctor slack` says why'
  return await until(proving, TOLD_WITHIN_MS, missing, async () => {
    const found = await messagesOf(proving.place, `${proving.cluster}/${proving.name}`)
    return found >= count ? found : undefined
  })
}

/** Asks for something. @throws NotProved when Caretaker has refused. */
export async function asks({ entrance, terminal }: Proving, text: string): Promise<void> {
  const answer = await askOnce(entrance, text, terminal)
  if (answer.outcome === 'refused') throw new NotProved(`\`${text}\`: ${answer.text}`)
}

async function historyOf({ entrance, terminal, name }: Proving) {
  const answer = await askOnce(entrance, `history ${name}`, terminal)
  if (answer.outcome === 'refused') throw new NotProved(answer.text)
  return dataOf(historyData, answer)
}

async function countsOf({ place, cluster, name }: Proving) {
  const ecs = new ECSClient(await configurationOf(place))
  const { services: [found] = [] } = await ecs.send(
    new DescribeServicesCommand({ cluster, services: [name] }),
  )
  return { desired: found?.desiredCount, running: found?.runningCount }
}

/** Failed looks in a row: networks fail for seconds, a right that is missing stays so. */
const FAILED_LOOKS = 3

/** Looks again and again, until something is found. */
async function until<Found>(
  { terminal, name }: Proving,
  within: number,
  otherwise: string,
  look: () => Promise<Found | undefined>,
): Promise<Found> {
  const ends = terminal.now().getTime() + within
  let failed = 0
  for (;;) {
    const found = await look().then(
      (seen) => {
        failed = 0
        return seen
      },
      (error: Error) => {
        failed++
        const mayPass = error instanceof Problem || '$metadata' in error
        if (!mayPass || failed >= FAILED_LOOKS) throw error
        terminal.tell(`${error.message} Asking again.`)
        return undefined
      },
    )
    if (found !== undefined) return found
    if (terminal.now().getTime() >= ends) {
      throw new NotProved(`${name}: ${otherwise}, after ${sayLength(within)}.`)
    }
    const pause = (interrupted: AbortSignal) => terminal.wait(PAUSE_MS, interrupted)
    await untilInterrupted(terminal, pause, 'Interrupted.')
  }
}
