import type {
  DescribeServicesResponse,
  DescribeTaskDefinitionResponse,
  TaskDefinition,
} from '@aws-sdk/client-ecs'

/** Makes a call of ECS, in somebody's name. */
type Ecs = <Output>(operation: string, input: object) => Promise<Output>

/** What a service runs. */
export async function definitionOf(
  ecs: Ecs,
  { cluster, service }: { cluster: string; service: string },
): Promise<TaskDefinition> {
  const { services: [found] = [] } = await ecs<DescribeServicesResponse>('DescribeServices', {
    cluster,
    services: [service],
  })
  const { taskDefinition } = await ecs<DescribeTaskDefinitionResponse>('DescribeTaskDefinition', {
    taskDefinition: found?.taskDefinition,
  })
  return taskDefinition ?? {}
}

/** What may be registered of what is described. */
export function registered(definition: TaskDefinition): TaskDefinition {
  const {
    taskDefinitionArn: _,
    revision: __,
    status: ___,
    requiresAttributes: ____,
    compatibilities: _____,
    registeredAt: ______,
    registeredBy: _______,
    deregisteredAt: ________,
    ...rest
  } = definition
  return rest
}
