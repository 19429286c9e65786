import type { ContainerDefinition, Tag, TaskDefinition } from '@aws-sdk/client-ecs'
import { PLACEHOLDER } from '../../domain/image.ts'
import { TAGS } from '../../domain/tags.ts'
import { type Place, uses } from '../shared/roll-out/running.ts'

/** What ECS adds to a task definition it describes, and refuses when one is registered. */
const READ_ONLY = new Set([
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
  'deleteRequestedAt',
])

/** Members whose keys are data (a label's name), so that their spelling is kept. */
const MAPS = new Set(['dockerLabels', 'options', 'driverOpts', 'labels'])

/**
 * The service's next revision: its current one with other images and nothing else changed.
 *
 * @param change the pinned image (`<registry>/<repository>@sha256:…`) of the containers that use
 *   this repository of this registry.
 * @param tags the task definition's tags; `caretaker:tag` keeps the name the image came under.
 * @returns the arguments of `ecs:registerTaskDefinition` in Step Functions' spelling (PascalCase).
 *   https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
 */
export function nextRevision(
  current: TaskDefinition,
  change: Place & { image: string; tag: string },
  tags: readonly Tag[],
): Record<string, unknown> {
  const containerDefinitions = (current.containerDefinitions ?? []).map((container) =>
    uses(container, change) ? withImage(container, change.image) : container,
  )
  const kept = Object.entries(current).filter(([member]) => !READ_ONLY.has(member))
  const request = { ...Object.fromEntries(kept), containerDefinitions }
  const others = tags.filter(({ key }) => key !== TAGS.tag && !key?.startsWith('aws:'))
  const labelled = [...others, { key: TAGS.tag, value: change.tag }]
  return pascal({ ...request, tags: labelled }) as Record<string, unknown>
}

function withImage(container: ContainerDefinition, image: string): ContainerDefinition {
  const { [PLACEHOLDER]: _, ...labels } = container.dockerLabels ?? {}
  const kept = Object.keys(labels).length > 0 ? { dockerLabels: labels } : {}
  const { dockerLabels: __, ...rest } = container
  return { ...rest, ...kept, image }
}

/** Member names with a capital; empty lists and zeros are kept, they mean something to ECS. */
function pascal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pascal)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [
        `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
        MAPS.has(name) ? member : pascal(member),
      ]),
  )
}
