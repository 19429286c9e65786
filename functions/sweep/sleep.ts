import type { SFNClient } from '@aws-sdk/client-sfn'
import type { Decided } from '../../domain/sleep/decide.ts'
import { isRunning } from '../shared/executions.ts'
import type { Managed } from '../shared/managed.ts'
import type { Sources } from '../shared/sleep/gather.ts'
import { readKept } from '../shared/sleep/kept.ts'
import { lookAt } from '../shared/sleep/look.ts'

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
  if (catalog.features.sleep === 'off') return undefined
  const kept = await readKept(table, failed)
  if (await isRunning(sfn, kept.state.execution)) return undefined
  const { decided, next } = await lookAt(sources, kept, { described: services }, now)
  const why = reasonIn(decided, catalog.features.sleep === 'act')
  const isArmed = next === undefined || kept.state.armed.includes(next.toISOString().slice(0, 19))
  return why ?? (isArmed ? undefined : 'nothing is armed for the next edge')
}

function reasonIn({ changed, steps }: Decided, acts: boolean): string | undefined {
  const [step] = steps.due
  if (acts && step !== undefined) return `${step.known.seen.name} is to be ${step.to}`
  const [one] = changed
  return one === undefined ? undefined : `${one.seen.name} is not as it was`
}
