import type {
  DiscoverInstancesRequest,
  DiscoverInstancesRevisionRequest,
} from '@aws-sdk/client-servicediscovery'
import { AwsError } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import type { Directory, DiscoveryService, Instance } from './model.ts'

/** What clients ask: which instances does a service have? */
export function discoveryOperations(directory: Directory) {
  return {
    DiscoverInstances: (input: DiscoverInstancesRequest) => discover(directory, input),
    DiscoverInstancesRevision: (input: DiscoverInstancesRevisionRequest) => ({
      InstancesRevision: serviceNamed(directory, input).revision,
    }),
  }
}

function serviceNamed(
  { namespaces, services }: Directory,
  { NamespaceName, ServiceName }: DiscoverInstancesRevisionRequest,
): DiscoveryService {
  const ids = [...namespaces.values()].filter(({ name }) => name === NamespaceName)
  if (ids.length === 0) {
    throw new AwsError('NamespaceNotFound', `Namespace not found: ${NamespaceName}`)
  }
  const service = [...services.values()].find(
    ({ name, namespaceId }) => name === ServiceName && ids.some(({ id }) => id === namespaceId),
  )
  if (service === undefined) {
    throw new AwsError('ServiceNotFound', `Service not found: ${ServiceName}`)
  }
  return service
}

function discover(directory: Directory, input: DiscoverInstancesRequest) {
  onlyMembers('servicediscovery:DiscoverInstances', input, [
    'NamespaceName',
    'ServiceName',
    'MaxResults',
    'QueryParameters',
    'OptionalParameters',
    'HealthStatus',
  ])
  const service = serviceNamed(directory, input)
  const all = [...service.instances.values()]
  const asked = all.filter((instance) => has(instance, input.QueryParameters))
  const preferred = asked.filter((instance) => has(instance, input.OptionalParameters))
  const matching = preferred.length > 0 ? preferred : asked
  const found = byHealth(service, matching, input.HealthStatus)
  return {
    Instances: found.slice(0, input.MaxResults ?? 100).map(({ id, health, attributes }) => ({
      InstanceId: id,
      NamespaceName: input.NamespaceName,
      ServiceName: input.ServiceName,
      HealthStatus: health,
      Attributes: { ...attributes },
    })),
    InstancesRevision: service.revision,
  }
}

const has = ({ attributes }: Instance, wanted: Record<string, string> = {}): boolean =>
  Object.entries(wanted).every(([name, value]) => attributes[name] === value)

/** Without a health check every instance is returned, whatever was asked. */
function byHealth(
  { customHealth }: DiscoveryService,
  instances: Instance[],
  wanted: DiscoverInstancesRequest['HealthStatus'] = 'HEALTHY_OR_ELSE_ALL',
): Instance[] {
  if (customHealth === undefined || wanted === 'ALL') return instances
  const healthy = instances.filter(({ health }) => health === 'HEALTHY')
  if (wanted === 'UNHEALTHY') return instances.filter(({ health }) => health === 'UNHEALTHY')
  return wanted === 'HEALTHY' || healthy.length > 0 ? healthy : instances
}
