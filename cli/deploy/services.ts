import { ECSClient } from '@aws-sdk/client-ecs'
import { type EcsService, ecsServiceOf, type Stack } from '../../scripts/assembly.ts'
import { Problem } from '../problem.ts'
import type { Configuration } from './account.ts'
import { type Running, runningOf } from './running.ts'

/**
 * What services run, by the stack's name; undefined for a service that is not there yet. `isKept`:
 * a deployment keeps their image; it changes only that of somebody else, which the catalog names.
 */
export type States = Map<
  string,
  { service: EcsService; running: Running | undefined; isKept: boolean }
>

/** What the services of these stacks run, by the stack's name. */
export async function runningServices(
  stacks: readonly Stack[],
  configuration: Configuration,
): Promise<States> {
  const ecs = new ECSClient(configuration)
  const states: States = new Map()
  for (const stack of stacks) {
    const service = ecsServiceOf(stack)
    if (service === undefined) continue
    const isKept = stack.template.Parameters?.Image !== undefined
    states.set(stack.name, { service, running: await runningOf(ecs, service), isKept })
  }
  return states
}

/** @throws Problem while a roll-out is under way: what would be kept is about to change. */
export async function refuseWhileMoving(
  states: States,
  rolling: (service: EcsService) => Promise<boolean>,
): Promise<void> {
  const moving: string[] = []
  for (const { service, running } of states.values()) {
    if (running?.underWay || (await rolling(service))) moving.push(service.name)
  }
  if (moving.length === 0) return
  throw new Problem(
    `${moving.join(', ')}: a roll-out is under way. Nothing was changed; run this again when it has ended.`,
  )
}

/**
 * Services that run another image than before: CloudFormation takes a failed update back to the image
 * of the deployment before it.
 */
export function differences(before: States, after: States): string[] {
  return [...before].flatMap(([name, { service, running: was, isKept }]) => {
    if (!isKept) return []
    const is = after.get(name)?.running
    if (was === undefined || was.placeholder || is === undefined || is.image === was.image) {
      return []
    }
    return [
      `${service.name} ran ${was.image} and runs ${is.image} now. Put it back: docs/operations/roll-back.md`,
    ]
  })
}
