import { type Answer, historyData, type RollOut } from '../../domain/acts/answer.ts'
import { shortDigest } from '../../domain/image.ts'
import { sayLength, sayLocalIn } from '../../domain/say-time.ts'
import { untilInterrupted } from '../interruption.ts'
import { Problem } from '../problem.ts'
import type { Terminal } from '../terminal.ts'
import { UsageError } from '../usage.ts'
import { type AskOptions, askOnce, placeFor } from './act.ts'
import { type Entrance, entranceOf } from './ask.ts'
import { dataOf } from './data.ts'
import type { Place } from './place.ts'
import { type Judged, judge } from './verdict.ts'

type WaitOptions = AskOptions & {
  /** Milliseconds. */
  timeout: number
}

const TIME_IS_OVER = 3

const FIRST_PAUSE_MS = 3_000
const LONGEST_PAUSE_MS = 30_000

/**
 * Waits for the verdict on an image in a service: for pipelines.
 *
 * @param image `<service>@<digest>`; of the digest its first eight digits or more.
 * @returns 0 when it runs or will run at wake, 1 for every other verdict, 3 when there was none in time.
 */
export async function wait(
  image: string,
  options: WaitOptions,
  terminal: Terminal,
): Promise<number> {
  const { service, digits } = imageIn(image)
  const text = `history ${service}`
  const place = await placeFor(text, options, terminal)
  const look = { text, digits, entrance: entranceOf(place) }
  const began = terminal.now().getTime()
  let pause = FIRST_PAUSE_MS
  for (let seen: Seen = {}; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    const waited = terminal.now().getTime() - began
    seen = await lookAgain(look, seen, waited, terminal)
    if (seen.refused !== undefined) {
      terminal.tell(seen.refused.text)
      return seen.refused.mistake ? 2 : 1
    }
    if (seen.judged?.state === 'over')
      return ended({ service, place }, seen.judged, options, terminal)
    const left = options.timeout - waited
    if (left <= 0) return overTime(image, seen.judged?.rollOut, options, terminal)
    const rest = Math.min(pause, left)
    const then = 'Interrupted: what is rolled out goes on.'
    await untilInterrupted(terminal, (interrupted) => terminal.wait(rest, interrupted), then)
  }
}

/** @throws UsageError */
function imageIn(text: string): { service: string; digits: string } {
  const [, service, digits] = /^([\w./-]+)@(?:sha256:)?([0-9a-f]{8,64})$/.exec(text) ?? []
  if (service !== undefined && digits !== undefined) return { service, digits }
  throw new UsageError(
    `The image: found ${JSON.stringify(text)}, allowed: <service>@<digest>, such as orders@sha256:41ab09f3…`,
  )
}

type Look = { text: string; digits: string; entrance: Entrance }
type Seen = { judged?: Judged; refused?: Answer }

/** One failed look is no verdict: somebody waits for minutes, and networks fail for seconds. */
async function lookAgain(
  { entrance, text, digits }: Look,
  seen: Seen,
  waited: number,
  terminal: Terminal,
): Promise<Seen> {
  try {
    const answer = await askOnce(entrance, text, terminal)
    if (answer.outcome === 'refused') return { refused: answer }
    const judged = judge(dataOf(historyData, answer), digits, waited)
    const { rollOut } = judged
    if (rollOut !== undefined && rollOut.verdict !== seen.judged?.rollOut?.verdict) {
      terminal.tell(`${nameOf(rollOut)}: ${rollOut.verdict}`)
    }
    return { judged }
  } catch (error) {
    if (!(error instanceof Problem) || seen.judged === undefined) throw error
    terminal.tell(`${error.message} Asking again.`)
    return seen
  }
}

const nameOf = ({ tag, digest }: RollOut): string => `${tag} (${shortDigest(digest)})`

/** Says the verdict. */
function ended(
  { service, place }: { service: string; place: Place },
  { rollOut, isGood, replaced }: Extract<Judged, { state: 'over' }>,
  { json }: WaitOptions,
  terminal: Terminal,
): number {
  const { verdict, reason } = rollOut
  const since = replaced ? ` It does not run any more: \`npx caretaker why ${service}\`.` : ''
  if (json) terminal.out(JSON.stringify({ service, ...rollOut, replaced }, undefined, 2))
  else {
    const why = sayLocalIn(reason, place.timeZone, place.now)
    terminal.say(`${service}: ${nameOf(rollOut)} ${verdict}. ${why}${since}`)
  }
  return isGood ? 0 : 1
}

function overTime(
  image: string,
  rollOut: RollOut | undefined,
  { timeout }: WaitOptions,
  terminal: Terminal,
): number {
  const known = rollOut === undefined ? 'no roll-out of it is known' : `it is ${rollOut.verdict}`
  const [service] = image.split('@')
  terminal.tell(
    `${image} has no verdict after ${sayLength(timeout)}: ${known}. \`npx caretaker why ${service}\` says more.`,
  )
  return TIME_IS_OVER
}
