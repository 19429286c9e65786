import type { RollOutRecord } from '../table/record.ts'
import type { TriedVerdict } from '../verdicts.ts'

/** An image that held: from its verdict until that of the next one. ISO 8601. */
export type Run = { digest: string; tag: string; from: string; to: string }

/**
 * When each image ran that held, as the records of a service's roll-outs tell it, newest first.
 *
 * @param now until when the newest has run.
 */
export function runsOf(records: readonly RollOutRecord[], now: Date): Run[] {
  const held = records
    .filter(({ verdict }) => verdict === 'deployed')
    .map(({ detail, endedAt, at }) => ({ ...detail, from: endedAt ?? at }))
    .toSorted((a, b) => b.from.localeCompare(a.from))
  return held.map(({ digest, tag, from }, place) => ({
    digest,
    tag,
    from,
    to: held[place - 1]?.from ?? now.toISOString(),
  }))
}

/**
 * The last image that ran well, and still counts: not what runs now, and nothing that was undone
 * since, by ECS, by Caretaker or by a person.
 *
 * @param tried what became of each digest in the service, by digest.
 */
export function lastThatRanWell(
  runs: readonly Run[],
  tried: ReadonlyMap<string, TriedVerdict>,
  running: string | undefined,
): Run | undefined {
  return runs.find(
    ({ digest }) => digest !== running && (tried.get(digest) ?? 'deployed') === 'deployed',
  )
}
