import { BatchDeleteImageCommand, ECRClient } from '@aws-sdk/client-ecr'
import {
  DeleteServiceCommand,
  DeregisterTaskDefinitionCommand,
  DescribeServicesCommand,
  ECSClient,
  ListTaskDefinitionsCommand,
} from '@aws-sdk/client-ecs'
import { configurationOf } from '../asking/configuration.ts'
import type { Place } from '../asking/place.ts'
import type { Terminal } from '../terminal.ts'

/** Something that was made, how it goes, and what does that by hand. */
export type Made = { what: string; remove: () => Promise<void>; byHand: string }

/** What is still there, and why. */
export type Left = { what: string; error: string; byHand: string }

/** Takes away what was made, the last first. One that stays does not keep the others. */
export async function removeAll(made: readonly Made[]): Promise<Left[]> {
  const left: Left[] = []
  for (const { what, remove, byHand } of made.toReversed()) {
    try {
      await remove()
    } catch (error) {
      const { name, message } = error as Error
      left.push({ what, error: `${name}: ${message}`, byHand })
    }
  }
  return left
}

/**
 * Makes something that is noted before, because an answer can be lost on its way. What AWS did not
 * let the caller make is not there.
 *
 * @param place among what was made: what is before it goes after it.
 */
export async function making(
  made: Made[],
  one: Made,
  make: () => Promise<unknown>,
  place = made.length,
): Promise<void> {
  made.splice(place, 0, one)
  try {
    await make()
  } catch (error) {
    if (/^AccessDenied/.test((error as Error).name)) made.splice(made.indexOf(one), 1)
    throw error
  }
}

const PAUSE_MS = 5_000
/** Longer than a container may take to end: 120 seconds. */
const LOOKS = 60

/** It is gone when its tasks are; they end with it. */
export const madeService = (
  place: Place,
  { cluster, service }: { cluster: string; service: string },
  { wait }: Pick<Terminal, 'wait'>,
): Made => ({
  what: `the ECS service ${service}`,
  remove: async () => {
    const ecs = new ECSClient(await configurationOf(place))
    const gone = (error: Error) => {
      if (error.name !== 'ServiceNotFoundException') throw error
    }
    await ecs.send(new DeleteServiceCommand({ cluster, service, force: true })).catch(gone)
    for (let looks = 0; looks < LOOKS; looks++) {
      const { services: [found] = [] } = await ecs.send(
        new DescribeServicesCommand({ cluster, services: [service] }),
      )
      if (found === undefined || found.status === 'INACTIVE') return
      await wait(PAUSE_MS)
    }
    throw new Error('it is deleted, and tasks of it still run')
  },
  byHand: `aws ecs delete-service --region ${place.region} --cluster ${cluster} --service ${service} --force`,
})

/** Every revision of the family: each roll-out has registered one. */
export const madeDefinitions = (place: Place, familyPrefix: string): Made => ({
  what: `the task definitions ${familyPrefix}`,
  remove: async () => {
    const ecs = new ECSClient(await configurationOf(place))
    const { taskDefinitionArns = [] } = await ecs.send(
      new ListTaskDefinitionsCommand({ familyPrefix, status: 'ACTIVE' }),
    )
    for (const taskDefinition of taskDefinitionArns) {
      await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition }))
    }
  },
  byHand: `for one in $(aws ecs list-task-definitions --region ${place.region} --family-prefix ${familyPrefix} --query 'taskDefinitionArns[]' --output text); do aws ecs deregister-task-definition --region ${place.region} --task-definition "$one"; done`,
})

/** With every tag it has: Caretaker gives what runs a name of its own. */
export const madeImage = (
  place: Place,
  repositoryName: string,
  { tag, digest: imageDigest }: { tag: string; digest: string },
): Made => ({
  what: `the image ${repositoryName}:${tag}`,
  remove: async () => {
    const ecr = new ECRClient(await configurationOf(place))
    const { failures = [] } = await ecr.send(
      new BatchDeleteImageCommand({ repositoryName, imageIds: [{ imageDigest }] }),
    )
    const [failure] = failures.filter(({ failureCode }) => failureCode !== 'ImageNotFound')
    if (failure !== undefined) {
      throw new Error(`${failure.failureCode}: ${failure.failureReason}`)
    }
  },
  byHand: `aws ecr batch-delete-image --region ${place.region} --repository-name ${repositoryName} --image-ids imageDigest=${imageDigest}`,
})
