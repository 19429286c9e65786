import { IMPORTANCE, type Importance } from './importance.ts'

/** Something that may sleep for a budget. */
export type Candidate = {
  /** `domain/sleep/resource.ts` */
  id: string
  name: string
  importance: Importance
  /** What it costs until the month is over at list price, were it not put to sleep: US dollars. */
  usd: number
}

/** @returns why each does not sleep if these are put to sleep; absent: it sleeps. */
export type Outcome = (of: readonly Candidate[]) => ReadonlyMap<string, string>

export type Plan = {
  /** What is put to sleep now: of one importance. Empty when nothing is enough. */
  step: Candidate[]
  /** Everything that it takes, and what that saves until the month is over. */
  all: Candidate[]
  saves: number
  fits: boolean
  /** What would go on running all the same. */
  passed: { name: string; why: string }[]
}

const MOST_PASSED = 12

/**
 * What sleeps, so that so many dollars less are spent until the month is over: of low importance
 * first, and of one importance the dearest first. Nothing, if all of it would not be enough.
 */
export function planOf(candidates: readonly Candidate[], over: number, outcome: Outcome): Plan {
  const { sleeping, passed } = ableToSleep(candidates, outcome)
  const taken: Candidate[] = []
  for (const importance of IMPORTANCE) {
    const level = sleeping.filter((one) => one.importance === importance)
    takeFrom(level, taken, over, outcome)
  }
  const saves = sum(taken)
  const fits = saves >= over
  const [first] = taken
  const step = fits ? taken.filter(({ importance }) => importance === first?.importance) : []
  return { step, all: taken, saves, fits, passed: passed.slice(0, MOST_PASSED) }
}

/** Those that would sleep if all were put to sleep, in their order, and why the others would not. */
function ableToSleep(candidates: readonly Candidate[], outcome: Outcome) {
  const ranked = candidates.toSorted(
    (a, b) => rank(a) - rank(b) || b.usd - a.usd || (a.name < b.name ? -1 : 1),
  )
  const awake = outcome(ranked)
  return {
    sleeping: ranked.filter(({ id }) => !awake.has(id)),
    passed: ranked.flatMap(({ id, name }) => {
      const why = awake.get(id)
      return why === undefined ? [] : [{ name, why }]
    }),
  }
}

/** A database sleeps only once what needs it does: what is passed over is tried again after each. */
function takeFrom(
  level: readonly Candidate[],
  taken: Candidate[],
  over: number,
  outcome: Outcome,
): void {
  let left = level
  while (left.length > 0 && sum(taken) < over) {
    const one = left.find((candidate) => !outcome([...taken, candidate]).has(candidate.id))
    if (one === undefined) return
    taken.push(one)
    left = left.filter(({ id }) => id !== one.id)
  }
}

const rank = ({ importance }: Candidate): number => IMPORTANCE.indexOf(importance)

const sum = (all: readonly Candidate[]): number => all.reduce((total, { usd }) => total + usd, 0)
