import { DescribeTaskDefinitionCommand, type TaskDefinition } from '@aws-sdk/client-ecs'
import { parseImage } from '../../../domain/image.ts'
import { repositoriesOf } from '../../../domain/tags.ts'
import { isPlaceholder, type RunningImage, runningImage } from '../roll-out/running.ts'
import type { Acting } from './acting.ts'
import type { Found } from './services.ts'

/** What a service's task definition says: the image that it follows, and how it logs. */
export type Running = { taskDefinition: TaskDefinition; image: RunningImage | undefined }

/** What a service runs at this moment. */
export async function whatRuns({ ecs }: Acting, { managed }: Found): Promise<Running> {
  const { service, tags } = managed
  const answer = await ecs.send(
    new DescribeTaskDefinitionCommand({
      taskDefinition: service.taskDefinition ?? '',
      include: ['TAGS'],
    }),
  )
  const { taskDefinition = {}, tags: labels = [] } = answer
  const followed = repositoriesOf(tags)
  const containers = (taskDefinition.containerDefinitions ?? []).filter(
    (one) => isPlaceholder(one) || followed.includes(parseImage(one.image ?? '').repository),
  )
  return { taskDefinition, image: await runningImage(ecs, service, containers, labels) }
}
