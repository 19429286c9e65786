import type { Tone } from './tone.ts'

/** The word and the tone of each status: the verdicts, and those before a verdict. */
const VERDICTS: Record<string, { word: string; tone: Tone }> = {
  waiting: { word: 'waiting', tone: 'held' },
  'rolling-out': { word: 'rolling out', tone: 'going' },
  deployed: { word: 'deployed', tone: 'good' },
  unchanged: { word: 'unchanged', tone: 'quiet' },
  'not-taken': { word: 'not taken', tone: 'quiet' },
  superseded: { word: 'superseded', tone: 'quiet' },
  staged: { word: 'staged', tone: 'held' },
  frozen: { word: 'frozen', tone: 'held' },
  pinned: { word: 'pinned', tone: 'held' },
  refused: { word: 'refused', tone: 'bad' },
  quarantined: { word: 'quarantined', tone: 'bad' },
  'rolled-back': { word: 'rolled back', tone: 'bad' },
  failed: { word: 'failed', tone: 'bad' },
}

export const verdictOf = (name: string): { word: string; tone: Tone } =>
  VERDICTS[name] ?? { word: name, tone: 'quiet' }

/** The last part of an ARN: `…:stateMachine:dev-roll-out` is `dev-roll-out`. */
export const nameIn = (arn: string): string => arn.split(/[:/]/).at(-1) ?? arn
