import type {
  CreateServiceRequest,
  DeleteServiceAttributesRequest,
  DeleteServiceRequest,
  GetServiceAttributesRequest,
  GetServiceRequest,
  ListServicesRequest,
  UpdateServiceAttributesRequest,
  UpdateServiceRequest,
} from '@aws-sdk/client-servicediscovery'
import { clone } from '../clone.ts'
import { AwsError } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import { tagsFrom } from '../tags.ts'
import type { Directory, DiscoveryService } from './model.ts'
import { cloudMapPage } from './model.ts'

/** https://docs.aws.amazon.com/cloud-map/latest/dg/cloud-map-limits.html */
const MOST_ATTRIBUTES = 30

/** Characters. https://docs.aws.amazon.com/cloud-map/latest/api/API_UpdateServiceAttributes.html */
const LONGEST_KEY = 255
const LONGEST_VALUE = 1024

/** Services of namespaces, and the attributes of services. */
export function serviceOperations(directory: Directory) {
  return {
    CreateService: (input: CreateServiceRequest) => create(directory, input),
    GetService: ({ Id }: GetServiceRequest) => ({
      Service: describe(directory, directory.service(Id)),
    }),
    ListServices: (input: ListServicesRequest) => list(directory, input),
    UpdateService: ({ Id, Service }: UpdateServiceRequest) => update(directory, Id, Service),
    DeleteService: ({ Id }: DeleteServiceRequest) => {
      const service = directory.service(Id)
      if (service.instances.size > 0) {
        throw new AwsError(
          'ResourceInUse',
          `Service contains registered instances; delete the instances before deleting the service: ${service.id}`,
        )
      }
      directory.services.delete(service.id)
      return {}
    },
    ...attributeOperations(directory),
  }
}

function attributeOperations(directory: Directory) {
  return {
    GetServiceAttributes: ({ ServiceId }: GetServiceAttributesRequest) => {
      const { arn, attributes } = directory.service(ServiceId)
      const Attributes = { ...attributes }
      return {
        ServiceAttributes: { ServiceArn: arn, ResourceOwner: directory.aws.account, Attributes },
      }
    },
    UpdateServiceAttributes: ({ ServiceId, Attributes }: UpdateServiceAttributesRequest) => {
      const { attributes } = directory.service(ServiceId)
      for (const [key, value] of Object.entries(Attributes ?? {})) checkAttribute(key, value)
      if (Object.keys({ ...attributes, ...Attributes }).length > MOST_ATTRIBUTES) {
        throw new AwsError(
          'ServiceAttributesLimitExceededException',
          `A service can have at most ${MOST_ATTRIBUTES} attributes`,
        )
      }
      Object.assign(attributes, Attributes)
      return {}
    },
    DeleteServiceAttributes: ({ ServiceId, Attributes }: DeleteServiceAttributesRequest) => {
      const { attributes } = directory.service(ServiceId)
      for (const name of Attributes ?? []) delete attributes[name]
      return {}
    },
  }
}

function checkAttribute(key: string, value: string): void {
  if (key === '' || key.length > LONGEST_KEY) {
    throw new AwsError('InvalidInput', `A key must have 1 to ${LONGEST_KEY} characters: ${key}`)
  }
  if (value.length > LONGEST_VALUE) {
    throw new AwsError(
      'InvalidInput',
      `The value of ${key} has more than ${LONGEST_VALUE} characters`,
    )
  }
}

function create(directory: Directory, input: CreateServiceRequest) {
  onlyMembers('servicediscovery:CreateService', input, [
    'Name',
    'NamespaceId',
    'CreatorRequestId',
    'Description',
    'DnsConfig',
    'HealthCheckCustomConfig',
    'Tags',
    'Type',
  ])
  const { aws, services } = directory
  const { Name = '', DnsConfig: dns, HealthCheckCustomConfig } = input
  const namespaceId = directory.namespace(input.NamespaceId ?? dns?.NamespaceId).id
  for (const other of services.values()) {
    if (other.namespaceId !== namespaceId || other.name !== Name) continue
    throw new AwsError('ServiceAlreadyExists', 'Service already exists.', {
      members: { ServiceId: other.id, ServiceArn: other.arn },
    })
  }
  const id = directory.newId('srv-')
  const { Description, CreatorRequestId } = input
  const service: DiscoveryService = {
    id,
    arn: aws.arn('servicediscovery', `service/${id}`),
    name: Name,
    namespaceId,
    type: dns === undefined ? 'HTTP' : 'DNS_HTTP',
    createdAt: aws.world.date,
    tags: tagsFrom(input.Tags),
    attributes: {},
    instances: new Map(),
    revision: 1,
    ...(Description === undefined ? {} : { description: Description }),
    ...(dns === undefined
      ? {}
      : { dns: { RoutingPolicy: 'MULTIVALUE', NamespaceId: namespaceId, ...dns } }),
    ...(HealthCheckCustomConfig === undefined ? {} : { customHealth: { FailureThreshold: 1 } }),
    ...(CreatorRequestId === undefined ? {} : { creatorRequestId: CreatorRequestId }),
  }
  services.set(id, service)
  return { Service: describe(directory, service) }
}

function describe({ aws }: Directory, service: DiscoveryService) {
  const { description, dns, customHealth, creatorRequestId } = service
  return clone({
    Id: service.id,
    Arn: service.arn,
    ResourceOwner: aws.account,
    Name: service.name,
    NamespaceId: service.namespaceId,
    ...(description === undefined ? {} : { Description: description }),
    InstanceCount: service.instances.size,
    ...(dns === undefined ? {} : { DnsConfig: dns }),
    Type: service.type,
    ...(customHealth === undefined ? {} : { HealthCheckCustomConfig: customHealth }),
    CreateDate: service.createdAt,
    ...(creatorRequestId === undefined ? {} : { CreatorRequestId: creatorRequestId }),
    CreatedByAccount: aws.account,
  })
}

function list(directory: Directory, input: ListServicesRequest) {
  const wanted = (input.Filters ?? [])
    .filter(({ Name }) => Name === 'NAMESPACE_ID')
    .flatMap(({ Values }) => Values ?? [])
  const found = [...directory.services.values()].filter(
    ({ namespaceId }) => wanted.length === 0 || wanted.includes(namespaceId),
  )
  const { items, next } = cloudMapPage(found, input.NextToken, input.MaxResults)
  return {
    Services: items.map((service) => describe(directory, service)),
    ...(next === undefined ? {} : { NextToken: next }),
  }
}

function update(
  directory: Directory,
  id: string | undefined,
  change: UpdateServiceRequest['Service'],
) {
  onlyMembers('servicediscovery:UpdateService', change ?? {}, ['Description', 'DnsConfig'])
  const service = directory.service(id)
  if (change?.Description !== undefined) service.description = change.Description
  if (change?.DnsConfig !== undefined && service.dns !== undefined) {
    service.dns = { ...service.dns, DnsRecords: change.DnsConfig.DnsRecords }
  }
  return directory.operation('UPDATE_SERVICE', { SERVICE: service.id })
}
