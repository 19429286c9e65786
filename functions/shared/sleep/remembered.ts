import { serviceOf } from '../../../domain/arn.ts'
import type { Seen } from '../../../domain/sleep/resource.ts'
import type { Sleeper } from '../../../domain/table/sleeper.ts'
import type { Listed } from '../listed.ts'
import { commonOf, countOf, serviceName } from './tags.ts'

/**
 * Services that came to rest since then, as they were seen at that look. ECS's rate allows two
 * changes of services for each read: a thousand that sleep already are not read at every look at
 * the last that still drain. Nothing may be done on it: whoever would act reads them first.
 *
 * @param since ISO 8601: when the execution that moves things began.
 */
export function rememberedIn(
  listed: readonly Listed[],
  sleepers: ReadonlyMap<string, Sleeper>,
  since: string,
): Map<string, Seen> {
  const remembered = new Map<string, Seen>()
  for (const { arn, tags } of listed) {
    const id = `service/${serviceOf(arn)}`
    const kept = sleepers.get(id)
    if (kept === undefined || kept.moving !== undefined || kept.since < since) continue
    if (kept.told !== undefined) continue
    remembered.set(arn, {
      id,
      kind: 'service',
      name: serviceName(tags, id),
      ...commonOf(tags),
      phase: kept.rest === 'asleep' ? 'down' : 'up',
      size: sizeOf(kept),
      usual: countOf(tags),
      // It came up a moment ago.
      idle: undefined,
    })
  }
  return remembered
}

function sizeOf({ rest, captured, last }: Sleeper): Seen['size'] {
  if (rest === 'awake') return last ?? captured
  const bounds = captured?.bounds
  return { desired: 0, bounds: bounds && { min: 0, max: bounds.max, suspended: true } }
}
