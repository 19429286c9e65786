import type { SFNClient } from '@aws-sdk/client-sfn'
import { isArmed } from '../../domain/sleep/armed.ts'
import type { Decided } from '../../domain/sleep/decide.ts'
import { idleDue } from '../../domain/sleep/idle-due.ts'
import { isRunning } from '../shared/executions.ts'
import type { Managed } from '../shared/managed.ts'
import { readEntrance } from '../shared/sleep/entrance.ts'
import type { Gathered, Sources } from '../shared/sleep/gather.ts'
import { type Kept, readKept } from '../shared/sleep/kept.ts'
import { isLeft } from '../shared/sleep/left.ts'
import { lookAt } from '../shared/sleep/look.ts'
import { mayHaveRules, wakeRulesIn } from '../shared/sleep/wake-rules.ts'

/**
 * Why the machine that moves what sleeps should look: something is due, something has changed that
 * nobody has said, or nothing is armed for the next edge. Undefined when all is as it should be, or
 * an execution sees to it.
 *
 * @throws the error of a read: of what sleeps nothing is known then, and nothing is done.
 */
export async function dueSleep(
  sources: Sources & { sfn: SFNClient },
  services: readonly Managed[],
  now: Date,
): Promise<string | undefined> {
  const { catalog, table, failed, sfn } = sources
  const kept = await readKept(table, failed)
  const isOff = catalog.features.sleep === 'off'
  if (isOff && !isLeft(kept)) return undefined
  if (await isRunning(sfn, kept.state.execution)) return undefined
  const looked = await lookAt(sources, kept, { described: services }, now)
  const { read, decided, next } = looked
  const [unused] = isOff ? [] : idleDue({ ...looked, now })
  const why =
    lostIn(read) ??
    reasonIn(decided, catalog.features.sleep !== 'tell') ??
    (unused && `it is time to see whether anybody uses ${unused.seen.name}`) ??
    (await wrongRule(sources, decided, kept.sleepers, now))
  const armed = next === undefined || isArmed(kept.state, next)
  return why ?? (armed || isOff ? undefined : 'nothing is armed for the next edge')
}

/** What is kept of it is of no use any more, or is the last that is known of it. */
function lostIn({ gone, untagged, away }: Gathered): string | undefined {
  const [id] = [...gone, ...untagged, ...away]
  return id && `${id} is not looked after any more`
}

function reasonIn({ changed, steps }: Decided, acts: boolean): string | undefined {
  const [step] = steps.due
  if (acts && step !== undefined) return `${step.known.seen.name} is to be ${step.to}`
  const [one] = changed
  return one === undefined ? undefined : `${one.seen.name} is not as it was`
}

/** A rule that leads visitors away from a service that is up, or that is not there. */
async function wrongRule(
  { balancing, catalog, failed }: Sources,
  decided: Decided,
  sleepers: Kept['sleepers'],
  now: Date,
): Promise<string | undefined> {
  if (!mayHaveRules(decided.known, sleepers, false)) return undefined
  try {
    const entrance = await readEntrance(balancing, catalog, '')
    if (entrance === undefined) return undefined
    const changes = wakeRulesIn(catalog, entrance, { ...decided, goals: new Map(), now })
    const { strays, kept, registers } = changes
    const isRight = strays.length === 0 && kept.size === 0 && registers.length === 0
    return isRight ? undefined : 'rules of the load balancer are not as they should be'
  } catch (error) {
    failed('the rules of the load balancer', error)
    return undefined
  }
}
