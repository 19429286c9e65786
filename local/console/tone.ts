/** A status, shown by shape, word and colour alike. */
export type Tone = 'going' | 'good' | 'bad' | 'quiet' | 'held'

/** The tone of a light, by its state. */
export const TONES = {
  yes: 'good',
  changing: 'going',
  held: 'held',
  no: 'bad',
  resting: 'quiet',
  unknown: 'quiet',
} as const satisfies Record<string, Tone>
