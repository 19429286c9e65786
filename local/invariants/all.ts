import { actsTheSameWithoutSlack } from './acts-the-same-without-slack.ts'
import { blamesImagesForWhatTheyDid } from './blames-images-for-what-they-did.ts'
import { changesNothingForStrangers } from './changes-nothing-for-strangers.ts'
import { changesNothingOnAFailedRead } from './changes-nothing-on-a-failed-read.ts'
import { changesOnlyWhatOptedIn } from './changes-only-what-opted-in.ts'
import { doesNothingWhenNothingIs } from './does-nothing-when-nothing-is.ts'
import { endsEveryEvent } from './ends-every-event.ts'
import { endsEveryMove } from './ends-every-move.ts'
import type { Comparison, Invariant } from './invariant.ts'
import { keepsTheSchedule } from './keeps-the-schedule.ts'
import { leavesOtherEnvironmentsAlone } from './leaves-other-environments-alone.ts'
import { leavesTheSameWorld } from './leaves-the-same-world.ts'
import { leavesWhatPeopleDid } from './leaves-what-people-did.ts'
import { movesNoCircuitOnAFailedRead } from './moves-no-circuit-on-a-failed-read.ts'
import { movesNothingOnAFailedRead } from './moves-nothing-on-a-failed-read.ts'
import { neverTakesOutTheLast } from './never-takes-out-the-last.ts'
import { neverWakesASleeper } from './never-wakes-a-sleeper.ts'
import { notifiesOfEveryRedAlarm } from './notifies-of-every-red-alarm.ts'
import { onlyTells } from './only-tells.ts'
import { recordsEveryRedAlarm } from './records-every-red-alarm.ts'
import { runsWhatItsTagNames } from './runs-what-its-tag-names.ts'
import { sleepsForItsOwnBudget } from './sleeps-for-its-own-budget.ts'
import { startsDigestsInOrder } from './starts-digests-in-order.ts'
import { startsEachDigestOnce } from './starts-each-digest-once.ts'
import { staysSmall } from './stays-small.ts'
import { stepsOncePerFigure } from './steps-once-per-figure.ts'
import { sumsUpOnce } from './sums-up-once.ts'
import { tagsOnlyWhatIsAbsent } from './tags-only-what-is-absent.ts'
import { takesEachSignatureOnce } from './takes-each-signature-once.ts'
import { tellsEachRecordOnce } from './tells-each-record-once.ts'
import { tellsEveryRecord } from './tells-every-record.ts'
import type { Trace } from './trace.ts'
import { usesEachIntentOnce } from './uses-each-intent-once.ts'
import { wakesToTheSameSize } from './wakes-to-the-same-size.ts'

/** What must always hold (design §7). */
export const INVARIANTS: readonly Invariant[] = [
  runsWhatItsTagNames,
  startsDigestsInOrder,
  startsEachDigestOnce,
  neverWakesASleeper,
  wakesToTheSameSize,
  keepsTheSchedule,
  endsEveryMove,
  leavesWhatPeopleDid,
  changesOnlyWhatOptedIn,
  sleepsForItsOwnBudget,
  onlyTells,
  tagsOnlyWhatIsAbsent,
  doesNothingWhenNothingIs,
  changesNothingOnAFailedRead,
  movesNothingOnAFailedRead,
  movesNoCircuitOnAFailedRead,
  neverTakesOutTheLast,
  tellsEachRecordOnce,
  tellsEveryRecord,
  sumsUpOnce,
  endsEveryEvent,
  stepsOncePerFigure,
  changesNothingForStrangers,
  takesEachSignatureOnce,
  usesEachIntentOnce,
  recordsEveryRedAlarm,
  notifiesOfEveryRedAlarm,
  staysSmall,
  leavesOtherEnvironmentsAlone,
  blamesImagesForWhatTheyDid,
]

/** What must hold between a run with an interruption and the same run without. */
export const COMPARISONS: readonly Comparison[] = [leavesTheSameWorld, actsTheSameWithoutSlack]

/** What does not hold in a trace: the sentence of each invariant, and below it where. */
export function violatedIn(trace: Trace): string[] {
  return INVARIANTS.filter(({ when }) => when === 'always' || trace.settled).flatMap((invariant) =>
    told(invariant, invariant.violations(trace)),
  )
}

/** What differs between two runs of one story, as `violatedIn` says it. */
export const differentIn = (
  calm: Trace,
  disturbed: Trace,
  by: Comparison['between'] = 'killed',
): string[] =>
  COMPARISONS.filter(({ between }) => between === by).flatMap((one) =>
    told(one, one.differences(calm, disturbed)),
  )

const told = ({ number, holds }: Invariant | Comparison, found: readonly string[]): string[] =>
  found.length === 0 ? [] : [[`${number}. ${holds}`, ...found.map((one) => `- ${one}`)].join('\n')]
