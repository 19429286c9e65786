import type { CompiledCatalog } from '../../../domain/compiled-catalog.ts'
import type { Needs } from '../../../domain/sleep/needs.ts'
import type { Rest } from '../../../domain/sleep/resource.ts'
import type { Known } from '../../../domain/sleep/steps.ts'
import { type Entrance, type RuleChanges, ruleChanges } from '../../../domain/sleep/wake-rules.ts'
import { TAGS } from '../../../domain/tags.ts'

/** What is to be done at the load balancer, as the catalog asks for it. */
export function wakeRulesIn(
  { environment, features, services }: CompiledCatalog,
  entrance: Entrance,
  scene: { known: readonly Known[]; goals: ReadonlyMap<string, Rest>; needs: Needs; now: Date },
): RuleChanges {
  const isAsked = ({ seen: { service = '' } }: Known): boolean => {
    const named = Object.hasOwn(services, service) ? services[service] : undefined
    const wakenBy = named?.route?.wakenBy ?? 'nobody'
    return features.sleep === 'act' && wakenBy !== 'nobody'
  }
  return ruleChanges(entrance, scene, isAsked, ({ seen }) => [
    { Key: TAGS.environment, Value: environment },
    { Key: TAGS.service, Value: seen.service ?? '' },
    { Key: TAGS.owner, Value: seen.owner },
  ])
}

/**
 * Whether the load balancer is worth a look: something sleeps, or is to, or there was a rule. Where
 * there is nothing before any service, and nothing that should be, AWS is asked nothing.
 *
 * @param sent whether anything is sent to sleep now.
 */
export const mayHaveRules = (
  known: readonly Known[],
  sleepers: ReadonlyMap<string, { wakeRule?: unknown }>,
  sent: boolean,
): boolean =>
  sent ||
  hasWakeRule(sleepers) ||
  known.some(({ kept }) => kept.rest === 'asleep' || kept.moving?.to === 'asleep')

/** Whether anything is kept of a rule: there may be one at the load balancer. */
export const hasWakeRule = (sleepers: ReadonlyMap<string, { wakeRule?: unknown }>): boolean =>
  [...sleepers.values()].some(({ wakeRule }) => wakeRule !== undefined)
