import type { Logger } from '@aws-lambda-powertools/logger'
import { isTimeZone } from '../../domain/say-time.ts'
import type { Asked } from '../shared/slack/asked.ts'
import type { Token } from '../shared/slack/token.ts'

/** The writer's time zone, or why it is not known; neither where no time was written. */
export type Zone = { zone: string } | { unknown: string } | undefined

/** A zone that was read, and when: milliseconds. */
type Known = { zone: string; at: number }
export type Zones = Map<string, Known>

/** People travel; nobody asks Slack twice a day for that. */
const FRESH_MS = 12 * 60 * 60_000
/** What somebody asked for does not wait longer for Slack. */
const LONGEST_MS = 5_000

/** Acts whose times are meant in the writer's zone, with a time in them. */
const WITH_TIME = /^\W*(keep|sleep|wake)\b.*\b(until|till?)\b/is

/**
 * The zone that somebody has set in Slack: asked only where they have written a time at which
 * something sleeps or wakes, and kept for half a day. Slack out of reach, or an app without the
 * scope `users:read`, keeps nobody from acting: the answer says which zone counted instead.
 *
 * https://docs.slack.dev/reference/methods/users.info
 */
export async function zoneOf(
  {
    token,
    zones,
    fetch,
    log,
    now,
  }: {
    token: Token
    zones: Zones
    fetch: typeof globalThis.fetch
    log: Logger
    now: Date
  },
  asked: Asked,
): Promise<Zone> {
  if (asked.kind === 'press' || !WITH_TIME.test(asked.text)) return undefined
  const known = zones.get(asked.user)
  if (known !== undefined && now.getTime() - known.at < FRESH_MS) return known
  try {
    const value = await token.value()
    if (value === undefined) return { unknown: 'Slack is not connected' }
    const answer = await fetch('https://slack.com/api/users.info', {
      method: 'POST',
      headers: { authorization: `Bearer ${value}` },
      body: new URLSearchParams({ user: asked.user }),
      signal: AbortSignal.timeout(LONGEST_MS),
    })
    const { ok, error, user } = (await answer.json()) as Info
    if (ok !== true) {
      log.warn('Slack does not say in which time zone somebody is', { error })
      return { unknown: error === 'missing_scope' ? NO_SCOPE : `Slack says ${error}` }
    }
    const zone = user?.tz ?? ''
    if (!isTimeZone(zone)) return { unknown: 'Slack does not know it' }
    zones.set(asked.user, { zone, at: now.getTime() })
    return { zone }
  } catch (error) {
    log.warn('Slack does not say in which time zone somebody is', { error })
    return { unknown: 'Slack did not answer' }
  }
}

type Info = { ok?: boolean; error?: string; user?: { tz?: string } }

const NO_SCOPE = 'the Slack app lacks the scope users:read'

/** Told below an answer: which zone was meant in place of the writer's. */
export const sayZone = (zone: Zone, timeZone: string): string =>
  zone !== undefined && 'unknown' in zone
    ? `\nYour own time zone is not known (${zone.unknown}): the time was read as one of ${timeZone}.`
    : ''
