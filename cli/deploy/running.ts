import {
  ClusterNotFoundException,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  type ECSClient,
} from '@aws-sdk/client-ecs'
import { PLACEHOLDER, parseImage } from '../../domain/image.ts'
import type { EcsService, TemplateParameter } from '../../scripts/assembly.ts'
import { Problem } from '../problem.ts'

/** What a service runs at this moment. */
export type Running = {
  /** As its task definition names it. */
  image: string
  imageTag: string
  /** No image of its own has run yet. */
  placeholder: boolean
  desiredCount: number
  /** A deployment has not ended: what runs is about to change. */
  underWay: boolean
}

/**
 * Reads what a service runs; undefined when there is no such service yet.
 *
 * @throws any error of ECS: a failed read must not look like a service that does not exist.
 */
export async function runningOf(
  ecs: ECSClient,
  { cluster, name }: EcsService,
): Promise<Running | undefined> {
  const service = await described(ecs, { cluster, name })
  if (service?.status !== 'ACTIVE') return undefined
  const { taskDefinition, tags = [] } = await ecs.send(
    new DescribeTaskDefinitionCommand({
      taskDefinition: service.taskDefinition ?? '',
      include: ['TAGS'],
    }),
  )
  const container = taskDefinition?.containerDefinitions?.find((one) => one.name === name)
  if (container?.image === undefined) {
    throw new Problem(`${cluster}/${name} runs a task definition without a container "${name}"`)
  }
  return {
    image: container.image,
    imageTag:
      tags.find(({ key }) => key === 'caretaker:tag')?.value ??
      parseImage(container.image).tag ??
      'unknown',
    placeholder: container.dockerLabels?.[PLACEHOLDER] === 'true',
    desiredCount: service.desiredCount ?? 0,
    underWay: (service.deployments ?? []).some(
      ({ rolloutState }) => rolloutState === 'IN_PROGRESS',
    ),
  }
}

async function described(ecs: ECSClient, { cluster, name }: EcsService) {
  try {
    const answer = await ecs.send(new DescribeServicesCommand({ cluster, services: [name] }))
    return answer.services?.[0]
  } catch (error) {
    // The first deployment makes the cluster too.
    if (error instanceof ClusterNotFoundException) return undefined
    throw error
  }
}

/**
 * The parameters that make a deployment keep what a service runs.
 *
 * @param running undefined when there is no such service yet.
 * @param declared the parameters of its template; what it does not have is not given.
 * @returns values by the parameter's name; the defaults stand for what is not in it.
 */
export function parametersFor(
  running: Running | undefined,
  declared: Readonly<Record<string, TemplateParameter>>,
): Record<string, string> {
  // The defaults describe a service that waits for its first image.
  if (running === undefined || running.placeholder) return {}
  const { image, imageTag, desiredCount } = running
  // Awake, scaling may not go below what the catalog says; asleep, it must not wake anything.
  const leastTasks = desiredCount === 0 ? 0 : (declared.LeastTasks?.MaxValue ?? 0)
  const known: Record<string, string> = {
    Image: image,
    ImageTag: imageTag,
    DesiredCount: String(desiredCount),
    LeastTasks: String(leastTasks),
  }
  return Object.fromEntries(Object.entries(known).filter(([name]) => name in declared))
}

/**
 * What a deployment keeps of a service, for the person who is asked: `orders keeps main
 * (0123456789ab) and 2 tasks`.
 *
 * @param isKept whether its image is kept: not one of somebody else, which the catalog names.
 */
export function keptLine(service: string, running: Running | undefined, isKept: boolean): string {
  if (!isKept) return namedLine(service, running)
  if (running === undefined) return `${service} is new: it waits for its first image`
  if (running.placeholder) return `${service} has never run: it goes on waiting for its first image`
  const { image, imageTag, desiredCount } = running
  const digest = parseImage(image).digest?.replace('sha256:', '').slice(0, 12)
  const what = digest === undefined ? image : `${imageTag} (${digest})`
  if (desiredCount === 0) return `${service} keeps ${what} and stays asleep`
  return `${service} keeps ${what} and ${desiredCount} ${desiredCount === 1 ? 'task' : 'tasks'}`
}

/** The catalog names the image of somebody else: whatever runs, that is what will. */
function namedLine(service: string, running: Running | undefined): string {
  const image = 'the image that its file names'
  if (running === undefined) return `${service} is new: it starts with ${image}`
  const { desiredCount } = running
  if (desiredCount === 0) return `${service} has ${image} and stays asleep`
  return `${service} runs ${image} and keeps ${desiredCount} ${desiredCount === 1 ? 'task' : 'tasks'}`
}
