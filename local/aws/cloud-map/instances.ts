import type {
  DeregisterInstanceRequest,
  GetInstanceRequest,
  GetInstancesHealthStatusRequest,
  ListInstancesRequest,
  RegisterInstanceRequest,
  UpdateInstanceCustomHealthStatusRequest,
} from '@aws-sdk/client-servicediscovery'
import { AwsError } from '../errors.ts'
import type { Directory, DiscoveryService, Instance } from './model.ts'
import { cloudMapPage } from './model.ts'

/**
 * A custom health status takes effect about 30 seconds after it was asked for; asking again does
 * not speed it up, and asking for the present one takes the change back.
 * https://docs.aws.amazon.com/cloud-map/latest/dg/services-health-checks.html
 */
const CUSTOM_HEALTH_MILLISECONDS = 30_000

/** https://docs.aws.amazon.com/cloud-map/latest/dg/cloud-map-limits.html */
const MOST_INSTANCES = 1_000

/** Instances of services and their health. */
export function instanceOperations(directory: Directory) {
  return {
    RegisterInstance: ({ ServiceId, InstanceId = '', Attributes }: RegisterInstanceRequest) => {
      const service = directory.service(ServiceId)
      register(directory, service, InstanceId, Attributes ?? {})
      const targets = { SERVICE: service.id, INSTANCE: InstanceId }
      return directory.operation('REGISTER_INSTANCE', targets)
    },
    DeregisterInstance: ({ ServiceId, InstanceId = '' }: DeregisterInstanceRequest) => {
      const service = directory.service(ServiceId)
      directory.instance(service, InstanceId)
      deregister(directory, service, InstanceId)
      const targets = { SERVICE: service.id, INSTANCE: InstanceId }
      return directory.operation('DEREGISTER_INSTANCE', targets)
    },
    GetInstance: ({ ServiceId, InstanceId }: GetInstanceRequest) => {
      const instance = directory.instance(directory.service(ServiceId), InstanceId)
      return { Instance: describe(directory, instance), ResourceOwner: directory.aws.account }
    },
    ListInstances: (input: ListInstancesRequest) => {
      const { items, next } = cloudMapPage(
        [...directory.service(input.ServiceId).instances.values()],
        input.NextToken,
        input.MaxResults,
      )
      const more = next === undefined ? {} : { NextToken: next }
      return { Instances: items.map((instance) => describe(directory, instance)), ...more }
    },
    GetInstancesHealthStatus: (input: GetInstancesHealthStatusRequest) =>
      healthOf(directory, input),
    UpdateInstanceCustomHealthStatus: (input: UpdateInstanceCustomHealthStatusRequest) => {
      const service = directory.service(input.ServiceId)
      if (service.customHealth === undefined) {
        throw new AwsError(
          'CustomHealthNotFound',
          `Custom health check configuration not found for service: ${service.id}`,
        )
      }
      directory.instance(service, input.InstanceId)
      askHealth(directory, service, input.InstanceId ?? '', input.Status ?? 'HEALTHY')
      return {}
    },
  }
}

function describe({ aws }: Directory, { id, attributes }: Instance) {
  return { Id: id, Attributes: { ...attributes }, CreatedByAccount: aws.account }
}

/** Adds or replaces an instance. @throws AwsError ResourceLimitExceeded */
export function register(
  directory: Directory,
  service: DiscoveryService,
  id: string,
  attributes: Record<string, string>,
): void {
  if (!service.instances.has(id) && service.instances.size >= MOST_INSTANCES) {
    throw new AwsError(
      'ResourceLimitExceeded',
      `A service can have at most ${MOST_INSTANCES} instances`,
    )
  }
  service.instances.get(id)?.pending?.timer.cancel()
  const initial = attributes.AWS_INIT_HEALTH_STATUS === 'UNHEALTHY' ? 'UNHEALTHY' : 'HEALTHY'
  const health = service.customHealth === undefined ? 'UNKNOWN' : initial
  service.instances.set(id, { id, attributes: { ...attributes }, health })
  directory.changed(service)
}

export function deregister(directory: Directory, service: DiscoveryService, id: string): void {
  service.instances.get(id)?.pending?.timer.cancel()
  if (service.instances.delete(id)) directory.changed(service)
}

/** Asks for a custom health status, which takes effect later. */
export function askHealth(
  directory: Directory,
  service: DiscoveryService,
  id: string,
  health: 'HEALTHY' | 'UNHEALTHY',
): void {
  const instance = service.instances.get(id)
  if (instance === undefined || instance.pending?.health === health) return
  instance.pending?.timer.cancel()
  delete instance.pending
  if (instance.health === health) return
  const timer = directory.aws.world.after(
    CUSTOM_HEALTH_MILLISECONDS,
    'Cloud Map custom health',
    () => {
      instance.health = health
      delete instance.pending
      directory.changed(service)
    },
  )
  instance.pending = { health, timer }
}

function healthOf(directory: Directory, input: GetInstancesHealthStatusRequest) {
  const service = directory.service(input.ServiceId)
  const instances = input.Instances?.length
    ? input.Instances.map((id) => directory.instance(service, id))
    : [...service.instances.values()]
  const { items, next } = cloudMapPage(instances, input.NextToken, input.MaxResults)
  return {
    Status: Object.fromEntries(items.map(({ id, health }) => [id, health])),
    ...(next === undefined ? {} : { NextToken: next }),
  }
}
