import { type Start, startsOf } from './claims.ts'
import type { Invariant } from './invariant.ts'
import type { Naming, Trace } from './trace.ts'

export const startsDigestsInOrder: Invariant = {
  holds:
    'Digests started for a service follow the order in which their tags were set; an older one only by a roll-back (ours or a person’s), a retag, or because the newer tag is gone.',
  number: 2,
  when: 'always',
  violations: (trace) => {
    const chosen = startsOf(trace).filter(({ claim }) => !claim.byHand)
    const lanes = Map.groupBy(chosen, ({ claim }) => `${claim.service} ${claim.repository}`)
    return [...lanes.values()].flatMap((starts) =>
      starts.flatMap((start, place) => overtaken(trace, start, starts.slice(0, place))),
    )
  },
}

/** The digests that were started before this one although their tags were set after its own. */
function overtaken(trace: Trace, { call, claim }: Start, before: readonly Start[]): string[] {
  const set = lastSet(trace, claim.repository, claim.digest, call.at)
  if (set === undefined) return [`${claim.service} starts ${claim.digest}, which no tag has named`]
  return before.flatMap(({ call: earlier, claim: { digest } }) => {
    const other = lastSet(trace, claim.repository, digest, earlier.at)
    const newer = other !== undefined && other.at > set.at && !isGone(trace, other, call.at)
    return newer ? [`${claim.service} starts ${claim.digest} after ${digest}, which is newer`] : []
  })
}

/** When a digest got a tag for the last time, until an instant. */
function lastSet(
  { namings }: Trace,
  repository: string,
  digest: string,
  until: number,
): Naming | undefined {
  return namings.findLast(
    (one) => one.repository === repository && one.digest === digest && one.at <= until,
  )
}

/** The tag of a naming was deleted, and names nothing at that instant. */
const isGone = ({ namings }: Trace, { repository, tag }: Naming, at: number): boolean =>
  namings.findLast((one) => one.repository === repository && one.tag === tag && one.at <= at)
    ?.digest === undefined
