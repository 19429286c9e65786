export type State = 'running' | 'any' | 'stopped'

/** What holds at an instant, and why. */
export type Stand = { state: State; reason: string }

/** Something with a state at each instant (milliseconds since 1970). */
export type Timeline = {
  at(instant: number): Stand
  /** When the state changes next; Infinity if it does not. */
  changeAfter(instant: number): number
}

export const alwaysOn: Timeline = {
  at: () => ({ state: 'running', reason: 'always-on: it does not sleep' }),
  changeAfter: () => Number.POSITIVE_INFINITY,
}
