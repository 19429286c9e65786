/** How a push ended for one service: the one list of verdicts of roll-outs. */
export const VERDICTS = [
  'deployed',
  'unchanged',
  'not-taken',
  'superseded',
  'staged',
  'frozen',
  'pinned',
  'refused',
  'quarantined',
  'rolled-back',
  'failed',
] as const

export type Verdict = (typeof VERDICTS)[number]

/** How a record stands before its verdict: a roll-out is under way, another one or its own. */
export const OPEN_STATUSES = ['waiting', 'rolling-out'] as const

export const STATUSES = [...OPEN_STATUSES, ...VERDICTS] as const

/** A record's verdict, or that it has none yet. */
export type Status = (typeof STATUSES)[number]

/** Whether a status is a verdict: nothing more will come of this push by itself. */
export const isVerdict = (status: string): status is Verdict =>
  (VERDICTS as readonly string[]).includes(status)

/**
 * What can become of a digest in a service once a roll-out of it was begun. `recalled`: a person
 * rolled back from it.
 */
export const TRIED_VERDICTS = [
  'deployed',
  'staged',
  'rolled-back',
  'superseded',
  'failed',
  'recalled',
] as const

export type TriedVerdict = (typeof TRIED_VERDICTS)[number]
