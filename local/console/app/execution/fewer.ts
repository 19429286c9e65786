import type { Run } from '../../view.ts'
import type { Level, State } from './machine.ts'

/** A choice of more ways than this is drawn with those that were gone, and one for all others. */
const MOST_WAYS = 6

/**
 * A level without the ways of large choices that nobody went: fifteen of them beside one another are
 * wider than any page, and say less than the two that were gone.
 *
 * @param runs what was visited at this level.
 */
export function fewerWays(level: Level, runs: readonly Run[]): Level {
  const visited = new Set(runs.map(({ state }) => state))
  const large = Object.entries(level.States).flatMap(([name, { Type, Choices = [] }]) => {
    const ways = new Set(Choices.map(({ Next }) => Next))
    return Type === 'Choice' && ways.size > MOST_WAYS ? [[name, ways] as const] : []
  })
  return large.reduce((one, [choice, ways]) => without(one, choice, ways, visited), level)
}

function without(
  { StartAt, States }: Level,
  choice: string,
  ways: ReadonlySet<string>,
  visited: ReadonlySet<string>,
): Level {
  const gone = new Set([...ways].filter((name) => !visited.has(name) && name !== StartAt))
  const others = `${gone.size} other ways`
  const kept = Object.entries(States).filter(([name]) => !gone.has(name))
  const states = kept.map(([name, state]) => [name, leading(state, gone)] as const)
  const { [choice]: from, ...rest } = Object.fromEntries(states)
  if (gone.size === 0 || from === undefined) return { StartAt, States }
  const Choices = [...(from.Choices ?? []), { Next: others }]
  return {
    StartAt,
    States: { ...rest, [choice]: { ...from, Choices }, [others]: { Type: 'Pass' } },
  }
}

/** A state that leads nowhere that is not drawn. */
function leading(state: State, gone: ReadonlySet<string>): State {
  const { Next, Default, Choices, Catch, ...rest } = state
  return {
    ...rest,
    ...(Next !== undefined && !gone.has(Next) && { Next }),
    ...(Default !== undefined && !gone.has(Default) && { Default }),
    ...(Choices && { Choices: Choices.filter((one) => !gone.has(one.Next)) }),
    ...(Catch && { Catch: Catch.filter((one) => !gone.has(one.Next)) }),
  }
}
