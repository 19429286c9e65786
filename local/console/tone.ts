/** A status, shown by shape, word and colour alike. */
export type Tone = 'going' | 'good' | 'bad' | 'quiet' | 'held'
