import type { CompiledCatalog } from '../compiled-catalog.ts'
import { shortDigest } from '../image.ts'
import { DAY, dayAfter, localTime } from '../local-time.ts'
import { edges, type Input, scheduled } from '../schedule/scheduled.ts'
import { TAGS } from '../tags.ts'
import type { Assessment } from './assess.ts'

/**
 * What the proposed tags would cause within a day, in sentences.
 *
 * @param input what the schedule function is asked about the schedule of that name.
 */
export function aheadOf(
  { found, set, would, atOnce }: Assessment,
  { features, timeZone }: Pick<CompiledCatalog, 'features' | 'timeZone'>,
  input: (schedule: string) => Input | undefined,
  now: Date,
): string[] {
  const said: string[] = []
  if (would.includes('roll-outs') && set[TAGS.repository] !== undefined) {
    for (const { tag, digest } of atOnce) {
      said.push(
        found.service?.count === 0
          ? `within 5 minutes: ${tag} (${shortDigest(digest)}) is put into its task definition, and runs when it wakes`
          : `within 5 minutes: ${tag} (${shortDigest(digest)}) is rolled out, for it is not what runs`,
      )
    }
    said.push(
      `a push to ${set[TAGS.repository]} of ${sayPolicy(set[TAGS.deploy] ?? '')} is rolled out`,
    )
  }
  const schedule = set[TAGS.schedule]
  if (schedule !== undefined) said.push(...sleepAhead(schedule))
  return said

  function sleepAhead(name: string): string[] {
    if (features.sleep !== 'act') {
      return [`nothing sleeps: features.sleep is ${features.sleep} in the catalog`]
    }
    const asked = input(name)
    if (asked === undefined) return [`it stays awake: ${name}`]
    const state = scheduled(asked, now)
    const first =
      state.state === 'stopped' && found.isUp
        ? [
            'it stays awake now, for it was so when it was first looked at; its schedule says asleep',
          ]
        : []
    const moves = edges(asked, now, new Date(now.getTime() + DAY)).flatMap(({ at, state: to }) =>
      to === 'any' ? [] : [`${to === 'stopped' ? 'stops' : 'starts'} at ${sayClock(at)}`],
    )
    const day = localTime(now, timeZone).date
    if (moves.length > 0) return [...first, moves.join(', ')]
    const next = state.next === undefined ? 'never' : `at ${sayClock(state.next.at)}`
    return [
      ...first,
      `neither stops nor starts between now and this time on ${dayAfter(day)}; next ${next}`,
    ]
  }

  function sayClock(at: string): string {
    const { date, time } = localTime(new Date(at), timeZone)
    const today = localTime(now, timeZone).date
    const day = date === today ? 'today' : date === dayAfter(today) ? 'tomorrow' : date
    return `${time.slice(0, 5)} ${day}`
  }
}

/** `the tag main`, `tags like feature-*`, `a version in 1.x` */
function sayPolicy(value: string): string {
  if (value.startsWith('glob:')) return `tags like ${value.slice(5).replaceAll('@', '*')}`
  if (value.startsWith('semver:')) return `a version in ${value.slice(7)}`
  return value === 'off' ? 'nothing' : `the tag ${value}`
}
