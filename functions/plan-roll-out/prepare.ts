import type { Service, TaskDefinition } from '@aws-sdk/client-ecs'
import { marshall } from '@aws-sdk/util-dynamodb'
import type { Observed, RollOutDecision } from '../../domain/roll-out/observed.ts'
import { digestKey, recordKey, stateKey } from '../../domain/table/keys.ts'
import type { Push } from '../../domain/table/record.ts'
import type { Before } from '../../domain/table/service-state.ts'
import { TAGS } from '../../domain/tags.ts'
import type { Managed } from '../shared/managed.ts'
import type { Observation } from '../shared/roll-out/observe.ts'
import { pinnedImages } from '../shared/roll-out/running.ts'
import { nextRevision } from './revision.ts'

/** One roll-out, as the machine carries it: what it is about, and the requests it will make. */
export type RollOut = {
  action: 'roll-out'
  service: string
  serviceArn: string
  push: Push
  /** Where the machine writes; keys and what is below `images` and `current` as DynamoDB spells them. */
  keys: Record<'state' | 'record' | 'digest', Record<string, unknown>>
  /** Arguments of `ecs:registerTaskDefinition`. */
  revision: Record<string, unknown>
  /** Arguments of `ecs:updateService`, without the new task definition. */
  update: Record<string, unknown>
  /** Arguments of `ecs:updateService` that undo it. */
  rollBack: Record<string, unknown>
  /** The images that the new revision pins, and the revision that runs now with its own. */
  images: unknown
  current: unknown
  /** Nothing has run here before, so ECS has nothing to roll back to. */
  first: boolean
  bakeSeconds: number
  /** The verdict if all goes well. */
  verdict: 'deployed' | 'staged'
}

/**
 * A roll-out, with every request the machine will make prepared.
 *
 * @param next the task definition that the new revision is made from.
 */
export function rollOut(
  { tags, id, arn }: Managed,
  { observed, taskDefinition, taskDefinitionTags, registryHost }: Observation,
  { push, staged }: RollOutDecision,
  { from, next, bakeSeconds }: { from: Before; next: TaskDefinition; bakeSeconds: number },
): RollOut {
  const target = { Cluster: id.split('/')[0], Service: arn }
  const { first } = from
  const count = Number(tags[TAGS.count] ?? 1)
  const image = `${registryHost}/${push.repository}@${push.digest}`
  const others = pinnedImages(next).filter(({ repository }) => repository !== push.repository)
  const { repository, digest, tag } = push
  return {
    action: 'roll-out',
    service: id,
    serviceArn: arn,
    push,
    keys: {
      state: marshall(stateKey(id)),
      record: marshall(recordKey(id, push)),
      digest: marshall(digestKey(id, digest)),
    },
    revision: nextRevision(next, { ...push, image }, taskDefinitionTags),
    // Taken over, a first roll-out may have given the service its tasks already: it may sleep now.
    update: observed.placeholder ? { ...target, DesiredCount: count } : target,
    rollBack: {
      ...target,
      TaskDefinition: from.taskDefinition,
      ...(first ? { DesiredCount: 0 } : {}),
    },
    images: attribute([...others, { repository, digest, tag }]),
    current: attribute({
      taskDefinition: taskDefinition.taskDefinitionArn ?? '',
      images: pinnedImages(taskDefinition),
    }),
    first,
    bakeSeconds: staged ? 0 : bakeSeconds,
    verdict: staged ? 'staged' : 'deployed',
  }
}

/** What ran before; for a roll-out that is taken over, before that one. */
export function before({ taskDefinition = '' }: Service, observed: Observed): Before {
  const { state, running, placeholder } = observed
  const taken = state?.rolling
  if (taken?.from !== undefined && taken.digest === running?.digest) return taken.from
  return { ...running, taskDefinition, first: placeholder }
}

/** A value as DynamoDB spells it. */
const attribute = (value: unknown): unknown => marshall({ value }).value
