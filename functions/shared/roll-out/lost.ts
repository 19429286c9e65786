import type { ECSClient } from '@aws-sdk/client-ecs'
import type { Cause, Observed } from '../../../domain/roll-out/observed.ts'
import type { Managed } from '../managed.ts'
import type { Table } from '../table/table.ts'
import { isMissing } from './missing.ts'
import type { Registry } from './registry.ts'
import { type Revision, type RunningImage, runningOf } from './running.ts'

type Left = Pick<Observed, 'missing'> & { running: RunningImage }
type Sources = { ecs: ECSClient; registry: Registry; table: Table }
type AskedOfLost = { cause: Cause } & Omit<Parameters<typeof isMissing>[1], 'image'>

/** Asked by the sweep alone: whether the registry has lost what runs. A push replaces it. */
export async function missing(
  sources: Sources,
  { cause, ...asked }: AskedOfLost,
  repository: string,
  running: RunningImage | undefined,
): Promise<Pick<Observed, 'missing'>> {
  if (cause.kind !== 'sweep' || running === undefined) return {}
  const { digest } = running
  const found = await isMissing(sources, { ...asked, image: { repository, digest } })
  return found ? { missing: { repository } } : {}
}

/**
 * What runs of repositories that have nothing for the service now, and whether the registry has lost
 * it with the rest. Asked by the sweep alone.
 */
export async function leftFrom(
  sources: Sources,
  managed: Managed,
  asked: AskedOfLost & { repositories: readonly string[]; revision: Revision },
): Promise<Left[]> {
  const { repositories, revision, ...rest } = asked
  const left: Left[] = []
  for (const repository of asked.cause.kind === 'sweep' ? repositories : []) {
    const { running } = await runningOf(sources.ecs, managed, { ...revision, repository })
    if (running === undefined) continue
    left.push({ running, ...(await missing(sources, rest, repository, running)) })
  }
  return left
}
