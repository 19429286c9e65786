/** Everything a person may ask or do, by whatever way they come in: the one list of verbs. */
export const VERBS = [
  'status',
  'why',
  'history',
  'logs',
  'deploy',
  'roll-back',
  'retry',
  'pin',
  'unpin',
  'freeze',
  'thaw',
  'keep',
  'wake',
  'sleep',
  'unkeep',
  'savings',
  'own',
  'acknowledge',
  'mute',
] as const

export type Verb = (typeof VERBS)[number]

/** What a button of a message does when it is pressed, and what it says. */
export type Offer = {
  verb: Verb
  /** The verb's input, whole: `{ service, digest }`. */
  input: Record<string, unknown>
  /** On the button, at most 75 characters: `Roll back to 41ab (ran 6 days)`. */
  label: string
  /** Asked before it is done. */
  confirm?: { title: string; text: string; confirm: string }
  danger?: boolean
  /** What tells it from an offer of the same verb in the same message, now or later. */
  key?: string
  /** What a press is held against: the digest that runs now, or `red` for an alarm. */
  expected: string
}
