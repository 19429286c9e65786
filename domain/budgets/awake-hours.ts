import { edges, type Input, scheduled } from '../schedule/scheduled.ts'

const HOUR = 60 * 60_000

/** Hours between two instants in which a schedule leaves something awake; all of them without one. */
export function awakeHours(input: Input | undefined, from: Date, to: Date): number {
  if (to <= from) return 0
  if (input === undefined) return (to.getTime() - from.getTime()) / HOUR
  const changes = [
    { at: from.getTime(), state: scheduled(input, from).state },
    ...edges(input, from, to).map(({ at, state }) => ({ at: Date.parse(at), state })),
  ]
  const milliseconds = changes.reduce((sum, { at, state }, place) => {
    const end = changes[place + 1]?.at ?? to.getTime()
    return state === 'stopped' ? sum : sum + end - at
  }, 0)
  return milliseconds / HOUR
}
