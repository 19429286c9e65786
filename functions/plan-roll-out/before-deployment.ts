import type { Service, TaskDefinition } from '@aws-sdk/client-ecs'
import { preDeployOf } from '../../domain/roll-out/pre-deploy.ts'
import { type Place, uses } from '../shared/roll-out/running.ts'

/** The task that runs before a deployment: what starts it, and how it is found again. */
export type BeforeDeployment = {
  /** Arguments of `ecs:runTask`, without the task definition and the token. */
  request: Record<string, unknown>
  /** The container whose command it is; its exit code counts. */
  container: string
  startedBy: string
}

/**
 * What a service's label asks to run before each deployment. It runs where the service's tasks run,
 * in their subnets and with their groups; not on spare capacity, which may be taken from it midway.
 *
 * @returns undefined where nothing is asked.
 */
export function beforeDeployment(
  { id, service }: { id: string; service: Service },
  { containerDefinitions = [] }: TaskDefinition,
  place: Place,
): BeforeDeployment | undefined {
  const container = containerDefinitions.find(
    (one) => uses(one, place) && preDeployOf(one.dockerLabels) !== undefined,
  )
  const words = preDeployOf(container?.dockerLabels)
  if (words === undefined || words === 'unreadable') return undefined
  const { subnets, securityGroups, assignPublicIp } =
    service.networkConfiguration?.awsvpcConfiguration ?? {}
  const startedBy = startedFor(id)
  const name = container?.name ?? ''
  return {
    request: {
      Cluster: id.split('/')[0],
      Count: 1,
      LaunchType: service.launchType ?? 'FARGATE',
      ...(subnets && {
        NetworkConfiguration: {
          AwsvpcConfiguration: {
            Subnets: subnets,
            ...(securityGroups && { SecurityGroups: securityGroups }),
            ...(assignPublicIp && { AssignPublicIp: assignPublicIp }),
          },
        },
      }),
      Overrides: { ContainerOverrides: [{ Name: name, Command: words }] },
      // The tags of the definition go to the task: without them its costs belong to nobody.
      PropagateTags: 'TASK_DEFINITION',
      EnableECSManagedTags: true,
      StartedBy: startedBy,
    },
    container: name,
    startedBy,
  }
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html */
const LONGEST = 128

/** The same for every roll-out of a service: whoever takes over finds a task that still runs. */
const startedFor = (id: string): string => `caretaker/${id}`.slice(0, LONGEST)
