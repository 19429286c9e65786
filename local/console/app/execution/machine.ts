/** The Amazon States Language, as far as a drawing needs it. */
export type Level = { StartAt: string; States: Record<string, State> }

export type State = {
  Type: string
  Comment?: string
  Resource?: string
  Next?: string
  Default?: string
  Choices?: { Next: string }[]
  Catch?: { ErrorEquals: string[]; Next: string }[]
  ItemProcessor?: Level
}

/** `next`: what the state means to happen. `catch`: where an error leads. */
export type Transition = { from: string; to: string; kind: 'next' | 'catch' }

/** Every way from one state to another, each once; a catch that leads to the next is left out. */
export function transitionsOf(level: Level): Transition[] {
  return Object.entries(level.States).flatMap(([from, state]) => {
    const next = nextOf(state)
    const caught = new Set((state.Catch ?? []).map(({ Next }) => Next))
    const errors = [...caught].filter((to) => !next.includes(to))
    return [
      ...next.map((to) => ({ from, to, kind: 'next' as const })),
      ...errors.map((to) => ({ from, to, kind: 'catch' as const })),
    ]
  })
}

/**
 * The main path: the longest way from the start on which nothing goes wrong. What a choice does by
 * default is what mostly happens, unless it ends there.
 */
export function mainPathOf({ StartAt, States }: Level): string[] {
  const expected = (name: string): string[] => {
    const { Type, Default = '' } = States[name] ?? {}
    const ends = /^(Succeed|Fail)$/.test(States[Default]?.Type ?? 'Fail')
    return Type === 'Choice' && !ends ? [Default] : nextOf(States[name])
  }
  const longest = (name: string, before: readonly string[]): string[] => {
    const way = [...before, name]
    const ways = expected(name)
      .filter((to) => !way.includes(to))
      .map((to) => longest(to, way))
    return ways.reduce((best, one) => (one.length > best.length ? one : best), way)
  }
  return longest(StartAt, [])
}

/** The state of that name at the level of a scope: `Services/0` is the inside of the Map Services. */
export function stateAt(top: Level, scope: string, name: string): State | undefined {
  const maps = scope.split('/').filter((_, index) => index % 2 === 0)
  const level = maps
    .filter((map) => map !== '')
    .reduce<Level | undefined>((outer, map) => outer?.States[map]?.ItemProcessor, top)
  return level?.States[name]
}

/** A choice's default comes first. */
function nextOf(state: State | undefined): string[] {
  const { Next, Default, Choices = [] } = state ?? {}
  const all = [Next, Default, ...Choices.map((choice) => choice.Next)]
  return [...new Set(all.filter((to) => to !== undefined))]
}
