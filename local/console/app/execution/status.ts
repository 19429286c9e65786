import type { ExecutionStatus, Run, RunStatus } from '../../view.ts'
import type { Shape } from '../icon.tsx'
import { span } from '../time.ts'

type Appearance = { shape: Shape; tone: string; word: string }

const RUNS: Record<RunStatus, Appearance> = {
  running: { shape: 'going', tone: 'going', word: 'running' },
  succeeded: { shape: 'check', tone: 'good', word: 'succeeded' },
  caught: { shape: 'held', tone: 'held', word: 'an error was caught' },
  failed: { shape: 'cross', tone: 'bad', word: 'failed' },
  aborted: { shape: 'cross', tone: 'bad', word: 'stopped' },
}

const NOT_REACHED: Appearance = { shape: 'dot', tone: 'quiet', word: 'not reached' }

export const appearanceOf = (status: RunStatus | undefined): Appearance =>
  status === undefined ? NOT_REACHED : RUNS[status]

const EXECUTIONS: Record<ExecutionStatus, Appearance> = {
  RUNNING: { shape: 'going', tone: 'going', word: 'Running' },
  SUCCEEDED: { shape: 'check', tone: 'good', word: 'Succeeded' },
  FAILED: { shape: 'cross', tone: 'bad', word: 'Failed' },
  TIMED_OUT: { shape: 'cross', tone: 'bad', word: 'Timed out' },
  ABORTED: { shape: 'cross', tone: 'bad', word: 'Stopped' },
}

export const executionAppearance = (status: ExecutionStatus): Appearance => EXECUTIONS[status]

/** `38 s`, `38 s, 3 tries` */
export function effortOf(run: Run, now: string): string {
  const tries = run.attempts > 1 ? [`${run.attempts} tries`] : []
  return [span(run.enteredAt, run.exitedAt ?? now), ...tries].join(', ')
}
