import type { History, RollOut } from '../../domain/acts/answer.ts'
import { isVerdict } from '../../domain/verdicts.ts'

/** It runs, or will as soon as its service wakes. */
const GOOD = ['deployed', 'unchanged', 'staged']

/** What was asked for a moment ago is planned within seconds; milliseconds. */
const PLANNED_WITHIN = 60_000

export type Judged =
  | { state: 'waiting'; rollOut?: RollOut }
  /** `replaced`: it was deployed, and something else runs by now. */
  | { state: 'over'; rollOut: RollOut; isGood: boolean; replaced: boolean }

/**
 * Whether there is a verdict on an image. One that was deployed before and does not run now may be
 * on its way back: that is so while anything is under way, or somebody has asked only just now.
 *
 * @param digits the digest's first digits, without `sha256:`.
 * @param waited milliseconds since the first look.
 */
export function judge({ runs, rollOuts }: History, digits: string, waited: number): Judged {
  const rollOut = rollOuts.find(({ digest }) => digest.startsWith(`sha256:${digits}`))
  if (rollOut === undefined) return { state: 'waiting' }
  if (!isVerdict(rollOut.verdict)) return { state: 'waiting', rollOut }
  const isGood = GOOD.includes(rollOut.verdict)
  const replaced = isGood && rollOut.verdict !== 'staged' && runs !== rollOut.digest
  if (!replaced) return { state: 'over', rollOut, isGood, replaced }
  const isUnderWay = rollOuts.some(({ verdict }) => !isVerdict(verdict))
  if (isUnderWay || waited < PLANNED_WITHIN) return { state: 'waiting', rollOut }
  return { state: 'over', rollOut, isGood: false, replaced }
}
