import type { KnownBlock } from '@slack/types'
import type { Progress, RollOutRecord, Standing } from '../record.ts'
import { short } from '../record.ts'

/** What is posted: `text` alone must say it all, screen readers and notifications use only that. */
export type Message = { text: string; blocks: KnownBlock[] }

/** Slack refuses a section over 3,000 characters; the log excerpt gets what is left of it. */
const LOG_CHARACTERS = 2400
/** One character may become five when it is made literal. */
const REASON_CHARACTERS = 500

const HEADLINE: Partial<Record<Standing, (name: string, image: string) => string>> = {
  'rolling-out': (name, image) => `:hourglass_flowing_sand: *${name}* is rolling out ${image}`,
  deployed: (name, image) => `:white_check_mark: *${name}* runs ${image}`,
  staged: (name, image) => `:zzz: *${name}* is asleep; ${image} runs when it wakes`,
  'rolled-back': (name, image) => `:rewind: *${name}* was rolled back: ${image} did not hold`,
  superseded: (name, image) => `:twisted_rightwards_arrows: *${name}*: ${image} was overtaken`,
  refused: (name, image) => `:no_entry: *${name}* cannot run ${image}`,
  quarantined: (name, image) => `:biohazard_sign: *${name}* does not try ${image} again`,
  frozen: (name, image) => `:snowflake: *${name}* is frozen; ${image} waits`,
  pinned: (name, image) => `:pushpin: *${name}* is pinned; ${image} waits`,
  failed: (name, image) => `:x: Caretaker could not roll out ${image} to *${name}*`,
}

/** Whether a record in this standing is worth a message at all. */
export const isTold = (standing: Standing): boolean => standing in HEADLINE

/** The one message of a roll-out, as it stands now. */
export function render(record: RollOutRecord): Message {
  const image = `\`${literal(record.tag)}\` (\`${short(record.digest)}\`)`
  const headline = HEADLINE[record.verdict]?.(literal(record.service), image) ?? ''
  const blocks: KnownBlock[] = [section(headline)]
  const steps = stepsOf(record)
  if (steps.length > 0) blocks.push(section(steps.join('\n')))
  if (record.verdict !== 'rolling-out')
    blocks.push(section(`*Why:* ${literal(record.reason.slice(0, REASON_CHARACTERS))}`))
  blocks.push(...failureBlocks(record))
  blocks.push({ type: 'context', elements: [{ type: 'mrkdwn', text: footnote(record) }] })
  const plain = headline.replace(/^:\w+: /, '').replaceAll(/[*`]/g, '')
  const why = record.verdict === 'rolling-out' ? '' : `: ${record.reason}`
  return { text: `${plain}${why}`.slice(0, 3900), blocks }
}

/** The road of a roll-out; none for a push that changed nothing. */
function stepsOf({ verdict, previous, progress }: RollOutRecord): string[] {
  const before = previous?.tag ?? (previous?.digest && short(previous.digest))
  const planned = `:heavy_check_mark: planned: replaces ${before ? `\`${literal(before)}\`` : 'nothing, it is the first'}`
  if (verdict === 'rolling-out') return [planned, ...deploying(progress)]
  if (verdict === 'deployed' || verdict === 'staged') {
    return [planned, `:heavy_check_mark: deployed${tally(progress)}`, ':heavy_check_mark: baked']
  }
  if (verdict === 'rolled-back') {
    const now = before
      ? `\`${literal(before)}\` runs again`
      : 'nothing ran before: the service is stopped'
    return [planned, `:x: did not hold${tally(progress)}`, `:rewind: ${now}`]
  }
  return []
}

function deploying(progress: Progress | undefined): string[] {
  if (progress === undefined) return [':black_square_button: deploying']
  if (progress.steadyAt !== undefined) {
    return [`:heavy_check_mark: deployed${tally(progress)}`, ':black_square_button: baking']
  }
  return [`:black_square_button: deploying${tally(progress)}`]
}

/** `2 of 2 tasks, 1 of 2 failures`: the second number is where ECS's circuit breaker trips. */
function tally(progress: Progress | undefined): string {
  if (progress === undefined) return ''
  const { running, desired, failures, threshold } = progress
  const failed = failures > 0 ? `, ${failures} of ${threshold} failures before ECS rolls back` : ''
  return `: ${running} of ${desired} tasks running${failed}`
}

function failureBlocks({ failure }: RollOutRecord): KnownBlock[] {
  if (failure === undefined || failure.logs.length === 0) return []
  const excerpt = lastLines(failure.logs, LOG_CHARACTERS)
  return [
    section(
      `Last words of \`${literal(failure.container ?? 'the container')}\`:\n\`\`\`${excerpt}\`\`\``,
    ),
  ]
}

/** As many of the last lines as fit, made literal; a line that is too long by itself is cut. */
function lastLines(lines: readonly string[], room: number): string {
  const fitting: string[] = []
  let left = room
  for (const line of lines.toReversed()) {
    const text = literal(line.slice(0, 400))
    if (text.length + 1 > left) break
    left -= text.length + 1
    fitting.unshift(text)
  }
  return fitting.join('\n')
}

function footnote({ cluster, repository, at, endedAt, owner }: RollOutRecord): string {
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

function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60
    ? `${minutes} min ${seconds % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

const section = (text: string): KnownBlock => ({ type: 'section', text: { type: 'mrkdwn', text } })

/** Slack reads these three characters as markup; a tag or a log line must never be a link or a mention. */
const literal = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('`', 'ˋ')
