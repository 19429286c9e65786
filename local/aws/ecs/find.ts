import { AwsError } from '../errors.ts'
import { pager } from '../members.ts'
import type { Cluster, Definition, EcsService, Task } from './model.ts'
import type { EcsState } from './state.ts'

/** By name or ARN; none means `default`. @throws AwsError ClusterNotFoundException */
export function clusterOf({ clusters }: EcsState, named = 'default'): Cluster {
  const cluster = clusters.get(named.split('/').at(-1) ?? '')
  if (cluster === undefined || cluster.status !== 'ACTIVE') {
    throw new AwsError('ClusterNotFoundException', 'Cluster not found.')
  }
  return cluster
}

/** The service of this name or ARN in a cluster, whatever its status. */
export function findService(
  { services, aws }: EcsState,
  cluster: Cluster,
  named = '',
): EcsService | undefined {
  const name = named.split('/').at(-1) ?? ''
  return services.get(aws.arn('ecs', `service/${cluster.name}/${name}`))
}

/** @throws AwsError ServiceNotFoundException, ServiceNotActiveException */
export function activeService(ecs: EcsState, cluster: Cluster, named?: string): EcsService {
  const service = findService(ecs, cluster, named)
  if (service === undefined) {
    throw new AwsError('ServiceNotFoundException', 'Service not found.')
  }
  if (service.status !== 'ACTIVE') {
    throw new AwsError('ServiceNotActiveException', 'Service was not ACTIVE.')
  }
  return service
}

/** `family`, `family:revision` or ARN. */
export function findDefinition({ families }: EcsState, named = ''): Definition | undefined {
  const name = named.split('/').at(-1) ?? ''
  const [family = '', revision] = name.split(':')
  const known = families.get(family) ?? []
  return revision === undefined
    ? known.findLast(({ shape }) => shape.status === 'ACTIVE')
    : known.find(({ shape }) => shape.revision === Number(revision))
}

/** As `findDefinition`. @throws AwsError ClientException */
export function definitionOf(ecs: EcsState, named?: string): Definition {
  const found = findDefinition(ecs, named)
  if (found === undefined) {
    throw new AwsError('ClientException', 'Unable to describe task definition.')
  }
  return found
}

/** One that can be run. @throws AwsError ClientException */
export function activeDefinition(ecs: EcsState, named?: string): Definition {
  const definition = definitionOf(ecs, named)
  if (definition.shape.status === 'ACTIVE') return definition
  throw new AwsError('ClientException', 'TaskDefinition is inactive')
}

/** By id or ARN. */
export function findTask({ tasks, aws }: EcsState, cluster: Cluster, named = ''): Task | undefined {
  const id = named.split('/').at(-1) ?? ''
  return tasks.get(aws.arn('ecs', `task/${cluster.name}/${id}`))
}

export function refuse(message: string): never {
  throw new AwsError('InvalidParameterException', message)
}

export const ecsPage = pager('InvalidParameterException', 100)
