import { expect } from 'vitest'
import { violatedIn } from '../../local/invariants/all.ts'
import type { Recording } from '../../local/invariants/recording.ts'

/** Fails with the sentence of each invariant that does not hold, and where. */
export function expectInvariants(
  recording: Recording,
  how: Parameters<Recording['trace']>[0] = {},
): void {
  expect(violatedIn(recording.trace(how)).join('\n\n')).toBe('')
}
