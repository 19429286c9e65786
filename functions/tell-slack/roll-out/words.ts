import { findingsText } from '../../../domain/findings.ts'
import { shortDigest } from '../../../domain/image.ts'
import { dateAndTime } from '../../../domain/local-time.ts'
import type { Progress, RollOutRecord } from '../../../domain/table/record.ts'
import type { Status } from '../../../domain/verdicts.ts'
import { dotted, duration, literal } from '../markup.ts'
import type { Says } from '../notice.ts'
import { localized } from '../when.ts'

/** One character may become five when it is made literal. */
const REASON_CHARACTERS = 500

/** `main` (`857d0c2d2334`) */
const named = ({ tag, digest }: { tag?: string | undefined; digest: string }): string =>
  tag === undefined
    ? `\`${shortDigest(digest)}\``
    : `\`${literal(tag)}\` (\`${shortDigest(digest)}\`)`

const image = ({ detail }: RollOutRecord): string => named(detail)

const service = ({ detail }: RollOutRecord): string => `*${literal(detail.service ?? '')}*`

/** What ran before; undefined if nothing did, or if it is this very image. */
function before({ detail: { previous, digest } }: RollOutRecord): string | undefined {
  if (previous?.digest === undefined || previous.digest === digest) return undefined
  return named({ tag: previous.tag, digest: previous.digest })
}

/** Who asked, with the person's own reason. */
const asker = ({ detail: { asked } }: RollOutRecord): string | undefined =>
  asked && `${literal(asked.by)}: ${literal(asked.reason.slice(0, REASON_CHARACTERS))}`

/** The first line; a status without one is not told. */
export const HEADLINES: Partial<Record<Status, (record: RollOutRecord) => string>> = {
  'rolling-out': (record) =>
    `:hourglass_flowing_sand: ${service(record)} is rolling out ${image(record)}`,
  deployed: (record) =>
    record.detail.asked === undefined || record.detail.asked.retry
      ? `:white_check_mark: ${service(record)} runs ${image(record)}`
      : `:leftwards_arrow_with_hook: ${service(record)} is back on ${image(record)}`,
  unchanged: (record) => `:white_check_mark: ${service(record)} runs ${image(record)} already`,
  staged: (record) => `:zzz: ${service(record)} is asleep; ${image(record)} runs when it wakes`,
  'rolled-back': (record) =>
    `:rewind: ${service(record)} was rolled back: ${image(record)} did not hold`,
  superseded: (record) =>
    `:twisted_rightwards_arrows: ${service(record)} skips ${image(record)} for another`,
  refused: (record) =>
    record.detail.asked === undefined
      ? `:no_entry: ${service(record)} cannot run ${image(record)}`
      : `:no_entry: ${service(record)} does not change to ${image(record)}`,
  quarantined: (record) =>
    `:biohazard_sign: ${service(record)} does not try ${image(record)} again`,
  frozen: (record) => `:snowflake: ${service(record)} is frozen; ${image(record)} waits`,
  pinned: (record) => `:pushpin: ${service(record)} is pinned; ${image(record)} waits`,
  failed: (record) =>
    `:x: ${service(record)}: Caretaker could not finish the roll-out of ${image(record)}`,
}

/** How far a roll-out has come, a line for each step; none for what changed nothing. */
export function progressLines(record: RollOutRecord): string[] {
  const { verdict, progress } = record
  const planned = `:heavy_check_mark: Replaces ${before(record) ?? 'nothing: it is the first'}`
  if (verdict === 'rolling-out') return [planned, ...deploying(record)]
  if (verdict === 'deployed') {
    const baked = `:heavy_check_mark: Baked: ${literal(record.reason)}`
    return [planned, `:heavy_check_mark: Deployed${tally(progress)}`, baked]
  }
  if (verdict === 'rolled-back') return [planned, ...givenUp(progress)]
  return []
}

function deploying({ progress, at }: RollOutRecord): string[] {
  if (progress === undefined) return [':black_square_button: Deploying']
  if (progress.steadyAt !== undefined) {
    return [
      `:heavy_check_mark: Deployed${tally(progress)}`,
      ':black_square_button: Baking: it must stay healthy',
    ]
  }
  if (progress.failures >= progress.threshold && progress.failures > 0) return givenUp(progress)
  const elapsed =
    progress.at === undefined
      ? ''
      : `, ${duration(Date.parse(progress.at) - Date.parse(at))} so far`
  const stage = progress.stage === undefined ? '' : `; ${literal(progress.stage)}`
  return [`:black_square_button: Deploying${tally(progress)}${elapsed}${stage}`]
}

/** ECS's circuit breaker has tripped; what failed later, in the bake, has its own reason. */
function givenUp(progress: Progress | undefined): string[] {
  if (progress === undefined || progress.failures === 0) return []
  return [`:x: ${progress.failures} of ${progress.threshold} failures: ECS rolls back`]
}

/** `2 of 2 tasks, 1 of 3 failures`: the second number is where ECS's circuit breaker trips. */
function tally(progress: Progress | undefined): string {
  if (progress === undefined) return ''
  const { running, desired, failures, threshold } = progress
  const failed = failures > 0 ? `, ${failures} of ${threshold} failures, then ECS rolls back` : ''
  return `: ${running} of ${desired} tasks running${failed}`
}

/** Statuses whose headline and steps say why. */
const SAID: ReadonlySet<Status> = new Set(['rolling-out', 'deployed', 'staged'])

/** Why it ended so; a headline that says it already has no more. */
export function why(record: RollOutRecord, says: Says): string | undefined {
  const { verdict, reason } = record
  const asked = asker(record)
  if (SAID.has(verdict)) return asked && `*Why:* ${asked}`
  const local = localized(readable(reason), says, record.at)
  const because = literal(local.slice(0, REASON_CHARACTERS))
  return `*Why:* ${because}${asked === undefined ? '' : ` (asked for by ${asked})`}`
}

/** An error as the machine records it has its message inside JSON. */
const readable = (reason: string): string =>
  /"errorMessage":"((?:[^"\\]|\\.)*)/.exec(reason)?.[1]?.replaceAll('\\"', '"') ?? reason

/** What the registry's scan found in the image; nothing where it found nothing, or has not said. */
export function findings({ detail: { findings: found } }: RollOutRecord): string | undefined {
  const text = typeof found === 'string' ? found : findingsText(found ?? {})
  return text === '' ? undefined : `*Findings:* ${text}`
}

/** What the service runs after this, and what a person can do. */
export function whatRuns(record: RollOutRecord): string | undefined {
  const { verdict, detail } = record
  const now = before(record)
  if (verdict === 'rolled-back')
    return now === undefined
      ? '*Now:* nothing ran before, so the service is stopped. Push another image'
      : `*Now:* ${now} runs again. Caretaker does not try this image again: push another, or retry it`
  if (verdict === 'deployed' && detail.asked !== undefined)
    return `*Now:* it stays${now === undefined ? '' : `, and ${now} does not come back,`} until the next push`
  if (verdict === 'failed')
    return '*Now:* whatever ECS made of it. Caretaker tries again every hour for a day'
  // A roll-out that was overtaken on its way: what runs is somebody else's.
  if (!UNTOUCHED.has(verdict) || record.progress !== undefined) return undefined
  if (detail.previous?.digest === detail.digest) return undefined
  return now === undefined ? '*Now:* it runs no image yet' : `*Now:* ${now} runs`
}

/** Verdicts that leave the service as it was. */
const UNTOUCHED: ReadonlySet<Status> = new Set([
  'superseded',
  'refused',
  'quarantined',
  'frozen',
  'pinned',
])

/** Where from and where to, when, how long, whose. */
export function footnote({ detail, at, endedAt, owner }: RollOutRecord, timeZone: string): string {
  const took =
    endedAt === undefined ? '' : ` · took ${duration(Date.parse(endedAt) - Date.parse(at))}`
  return dotted(
    `${literal(detail.repository)} → ${literal(detail.cluster ?? '')}`,
    `pushed ${dateAndTime(at, timeZone)} ${timeZone}${took}`,
    owner && `owner ${literal(owner)}`,
  )
}
