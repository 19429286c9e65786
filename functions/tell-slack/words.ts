import type { Progress, RollOutRecord, Standing } from '../../domain/record.ts'
import { short } from '../../domain/record.ts'
import { duration, literal } from './markup.ts'

/** One character may become five when it is made literal. */
const REASON_CHARACTERS = 500

/** `main` (`857d0c2d2334`) */
const named = ({ tag, digest }: { tag?: string; digest: string }): string =>
  tag === undefined ? `\`${short(digest)}\`` : `\`${literal(tag)}\` (\`${short(digest)}\`)`

const service = (record: RollOutRecord): string => `*${literal(record.service)}*`

/** What ran before; undefined if nothing did, or if it is this very image. */
function before({ previous, digest }: RollOutRecord): string | undefined {
  if (previous?.digest === undefined || previous.digest === digest) return undefined
  return named({ ...previous, digest: previous.digest })
}

/** Who asked, with the person's own reason. */
const asker = ({ asked }: RollOutRecord): string | undefined =>
  asked && `${literal(asked.by)}: ${literal(asked.reason.slice(0, REASON_CHARACTERS))}`

/** The first line; a standing without one is not told. */
export const HEADLINES: Partial<Record<Standing, (record: RollOutRecord) => string>> = {
  'rolling-out': (record) =>
    `:hourglass_flowing_sand: ${service(record)} is rolling out ${named(record)}`,
  deployed: (record) =>
    record.asked === undefined || record.asked.retry
      ? `:white_check_mark: ${service(record)} runs ${named(record)}`
      : `:leftwards_arrow_with_hook: ${service(record)} is back on ${named(record)}`,
  unchanged: (record) => `:white_check_mark: ${service(record)} runs ${named(record)} already`,
  staged: (record) => `:zzz: ${service(record)} is asleep; ${named(record)} runs when it wakes`,
  'rolled-back': (record) =>
    `:rewind: ${service(record)} was rolled back: ${named(record)} did not hold`,
  superseded: (record) =>
    `:twisted_rightwards_arrows: ${service(record)} skips ${named(record)} for another`,
  refused: (record) =>
    record.asked === undefined
      ? `:no_entry: ${service(record)} cannot run ${named(record)}`
      : `:no_entry: ${service(record)} does not change to ${named(record)}`,
  quarantined: (record) =>
    `:biohazard_sign: ${service(record)} does not try ${named(record)} again`,
  frozen: (record) => `:snowflake: ${service(record)} is frozen; ${named(record)} waits`,
  pinned: (record) => `:pushpin: ${service(record)} is pinned; ${named(record)} waits`,
  failed: (record) =>
    `:x: ${service(record)}: Caretaker could not finish the roll-out of ${named(record)}`,
}

/** The road of a roll-out so far, a line for each step; none for what changed nothing. */
export function howItGoes(record: RollOutRecord): string[] {
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
  return [`:black_square_button: Deploying${tally(progress)}${elapsed}`]
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

/** Standings whose headline and steps say why. */
const SAID: ReadonlySet<Standing> = new Set(['rolling-out', 'deployed', 'staged'])

/** Why it ended so; a headline that says it already has no more. */
export function why(record: RollOutRecord): string | undefined {
  const { verdict, reason } = record
  const asked = asker(record)
  if (SAID.has(verdict)) return asked && `*Why:* ${asked}`
  const because = literal(readable(reason).slice(0, REASON_CHARACTERS))
  return `*Why:* ${because}${asked === undefined ? '' : ` (asked for by ${asked})`}`
}

/** An error as the machine records it has its message inside JSON. */
const readable = (reason: string): string =>
  /"errorMessage":"((?:[^"\\]|\\.)*)/.exec(reason)?.[1]?.replaceAll('\\"', '"') ?? reason

/** What the service runs after this, and what a person can do. */
export function whatRuns(record: RollOutRecord): string | undefined {
  const { verdict, asked } = record
  const now = before(record)
  if (verdict === 'rolled-back')
    return now === undefined
      ? '*Now:* nothing ran before, so the service is stopped. Push another image'
      : `*Now:* ${now} runs again. Caretaker does not try this image again: push another, or retry it`
  if (verdict === 'deployed' && asked !== undefined)
    return `*Now:* it stays${now === undefined ? '' : `, and ${now} does not come back,`} until the next push`
  if (verdict === 'failed')
    return '*Now:* whatever ECS made of it. Caretaker tries again every hour for a day'
  // A roll-out that was overtaken on its way: what runs is somebody else's.
  if (!UNTOUCHED.has(verdict) || record.progress !== undefined) return undefined
  if (record.previous?.digest === record.digest) return undefined
  return now === undefined ? '*Now:* it runs no image yet' : `*Now:* ${now} runs`
}

/** Verdicts that leave the service as it was. */
const UNTOUCHED: ReadonlySet<Standing> = new Set([
  'superseded',
  'refused',
  'quarantined',
  'frozen',
  'pinned',
])

/** Where from and where to, when, how long, whose. */
export function footnote({ cluster, repository, at, endedAt, owner }: RollOutRecord): string {
  const took =
    endedAt === undefined ? '' : ` · took ${duration(Date.parse(endedAt) - Date.parse(at))}`
  const seconds = Math.floor(Date.parse(at) / 1000)
  const pushed = `<!date^${seconds}^pushed {date_short_pretty} {time}|pushed ${at}>`
  return [
    `${literal(repository)} → ${literal(cluster)}`,
    `${pushed}${took}`,
    owner && `owner ${literal(owner)}`,
  ]
    .filter(Boolean)
    .join(' · ')
}
