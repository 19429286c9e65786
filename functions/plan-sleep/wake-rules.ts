import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { CompiledCatalog } from '../../domain/compiled-catalog.ts'
import type { Decided } from '../../domain/sleep/decide.ts'
import type { Rest } from '../../domain/sleep/resource.ts'
import type { Sleeper } from '../../domain/table/sleeper.ts'
import { readEntrance } from '../shared/sleep/entrance.ts'
import type { Kept } from '../shared/sleep/kept.ts'
import { mayHaveRules, wakeRulesIn } from '../shared/sleep/wake-rules.ts'
import type { Table } from '../shared/table/table.ts'
import type { Due, RuleMoves } from './write.ts'

export type RuleSources = {
  table: Table
  balancing: ElasticLoadBalancingV2Client
  catalog: CompiledCatalog
  /** The ARN of the function that answers visitors. */
  answers: string
  failed(what: string, error: unknown): void
  /** The first look of an execution. */
  isFirst: boolean
  /** A rule was left before something that is up. */
  isLeft: boolean
  now: Date
}

/**
 * What is to be done at the load balancer, from what is there now. A load balancer that cannot be
 * read keeps nothing from sleeping or waking.
 *
 * @param before what is kept of everything.
 * @param sleepers what is to be written; what is kept of rules is added.
 */
export async function ruleMoves(
  from: Omit<RuleSources, 'table'>,
  { decided, acts }: { decided: Decided; acts: readonly Due[] },
  { sleepers: before }: Pick<Kept, 'sleepers'>,
  sleepers: Map<string, Sleeper>,
): Promise<RuleMoves> {
  const { balancing, catalog, answers, isFirst, isLeft, failed, now } = from
  const sent = acts.some(({ to }) => to === 'asleep')
  if (!isLeft && !mayHaveRules(decided.known, before, sent)) return NOTHING
  try {
    const entrance = await readEntrance(balancing, catalog, answers)
    if (entrance === undefined) return NOTHING
    const goals = new Map<string, Rest>(acts.map(({ known, to }) => [known.seen.id, to]))
    const { calls, kept, strays, registers } = wakeRulesIn(catalog, entrance, {
      ...decided,
      goals,
      now,
    })
    const own = new Map(decided.known.map(({ seen, kept: sleeper }) => [seen.id, sleeper]))
    if (strays.length === 0) {
      for (const [id, one] of before) {
        if (one.wakeRule !== undefined && !own.has(id)) kept.set(id, undefined)
      }
    }
    for (const [id, wakeRule] of kept) {
      const sleeper = sleepers.get(id) ?? own.get(id) ?? before.get(id)
      if (sleeper === undefined) continue
      const { wakeRule: _, ...rest } = sleeper
      sleepers.set(id, { ...rest, ...(wakeRule && { wakeRule }) })
    }
    // Once in an execution: what AWS refuses is asked again when the sweep has it looked at again.
    const others = isFirst ? [...strays, ...registers] : strays
    return { first: calls, strays: others.map((call) => ({ of: [], calls: [call] })) }
  } catch (error) {
    failed('the rules of the load balancer', error)
    return NOTHING
  }
}

const NOTHING: RuleMoves = { first: new Map(), strays: [] }
