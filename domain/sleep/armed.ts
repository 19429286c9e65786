import type { SleepState } from '../table/sleeper.ts'

/** An instant in UTC as Scheduler takes it, and as it is kept once it is armed: to the second. */
export const armedAs = (at: Date): string => at.toISOString().slice(0, 19)

/** Whether there is a schedule for an instant. */
export const isArmed = ({ armed }: Pick<SleepState, 'armed'>, at: Date): boolean =>
  armed.includes(armedAs(at))
