import type { Trace } from './trace.ts'

/** Something that must hold, whatever happens (design §7). */
export type Invariant = {
  /** The sentence of the design, or the part of it that this looks at. */
  holds: string
  /** Its number there. */
  number: number
  /** `at the end`: only when faults have healed and there was time for everything to end. */
  when: 'always' | 'at the end'
  /** A sentence for each place at which it does not hold; pure. */
  violations(trace: Trace): string[]
}

/** Something that must hold between two runs of one story. */
export type Comparison = {
  holds: string
  number: number
  /** What differs between them: a function was killed in one of them, or Slack took nothing. */
  between: 'killed' | 'Slack down'
  /** A sentence for each difference between the final worlds; pure. */
  differences(calm: Trace, disturbed: Trace): string[]
}
