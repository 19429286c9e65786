import type { Kept } from './kept.ts'
import { hasWakeRule } from './wake-rules.ts'

/**
 * Whether anything is left of sleep where it was switched off: something that Caretaker has put to
 * sleep, a move that is not complete, a rule that leads visitors away.
 */
export const isLeft = ({ sleepers }: Pick<Kept, 'sleepers'>): boolean =>
  hasWakeRule(sleepers) ||
  [...sleepers.values()].some(
    ({ rest, moving, hand, untagged }) =>
      untagged === undefined &&
      (moving !== undefined || (rest === 'asleep' && hand?.to !== 'asleep')),
  )
