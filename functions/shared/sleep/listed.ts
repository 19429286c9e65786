import type { ECSClient } from '@aws-sdk/client-ecs'
import type { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api'
import { resourceOf, TAGGED_TYPES } from '../../../domain/sleep/arns.ts'
import type { Named } from '../../../domain/sleep/overrides.ts'
import type { Seen, Size } from '../../../domain/sleep/resource.ts'
import type { Subject } from '../../../domain/sleep/wanted.ts'
import { TAGS } from '../../../domain/tags.ts'
import { type Listed, listTagged } from '../listed.ts'
import { describeManaged, type Managed } from '../managed.ts'
import type { Table } from '../table/table.ts'
import { type Kept, readKept } from './kept.ts'
import { commonOf, countOf, serviceName } from './tags.ts'

export type Sleeping = { subjects: Subject[]; overrides: Named[] }

type Sources = { tagging: ResourceGroupsTaggingAPIClient; ecs: ECSClient; table: Table }

/**
 * Everything that carries `caretaker:schedule` by its tags, with what Caretaker keeps of it, and the
 * sizes of services: enough to say how things stand and what an act would mean. More is not read: the
 * machine looks at everything before anything is done.
 */
export async function listSleeping(
  { tagging, ecs, table }: Sources,
  environment: string,
  failed: (what: string, error: unknown) => void,
): Promise<Sleeping> {
  const kept = await readKept(table, failed)
  const listed = await listTagged(tagging, environment, TAGS.schedule, TAGGED_TYPES)
  const arns = listed.flatMap(({ arn }) => (arn.includes(':ecs:') ? [arn] : []))
  const services = await describeManaged(ecs, arns, environment, { failed, tag: TAGS.schedule })
  const sizes = new Map(services.map(({ arn, service }) => [arn, service]))
  const subjects = listed.flatMap((one) => subjectOf(one, kept, sizes.get(one.arn)) ?? [])
  return { subjects, overrides: kept.overrides }
}

function subjectOf(
  { arn, tags }: Listed,
  { sleepers }: Kept,
  service: Managed['service'] | undefined,
): Subject | undefined {
  const resource = resourceOf(arn)
  if (resource === undefined) return undefined
  const kept = sleepers.get(resource.id)
  // What the machine has not looked at yet is none of its kinds, or has joined just now.
  if (kept === undefined && resource.kind !== 'service') return undefined
  const isDown = (kept?.moving?.to ?? kept?.rest) === 'asleep'
  const last = resource.id.split('/').at(-1) ?? resource.id
  const seen: Seen = {
    ...resource,
    name: resource.kind === 'service' ? serviceName(tags, resource.id) : last,
    ...commonOf(tags),
    phase: isDown ? 'down' : 'up',
    size: kept?.captured ?? sizeNow(service) ?? kept?.last,
    usual: countOf(tags),
  }
  return { seen, kept }
}

const sizeNow = (service: Managed['service'] | undefined): Size | undefined =>
  service?.desiredCount ? { desired: service.desiredCount } : undefined
