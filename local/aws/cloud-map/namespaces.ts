import type {
  CreateHttpNamespaceRequest,
  CreatePrivateDnsNamespaceRequest,
  CreatePublicDnsNamespaceRequest,
  DeleteNamespaceRequest,
  GetNamespaceRequest,
  GetOperationRequest,
  ListNamespacesRequest,
  NamespaceType,
} from '@aws-sdk/client-servicediscovery'
import { clone } from '../clone.ts'
import { AwsError, NotImplemented } from '../errors.ts'
import { tagsFrom } from '../tags.ts'
import type { Directory, Namespace } from './model.ts'
import { cloudMapPage } from './model.ts'

type Create =
  | CreateHttpNamespaceRequest
  | CreatePrivateDnsNamespaceRequest
  | CreatePublicDnsNamespaceRequest

/** Namespaces and the operations that create and delete them. */
export function namespaceOperations(directory: Directory) {
  return {
    CreateHttpNamespace: (input: CreateHttpNamespaceRequest) => create(directory, 'HTTP', input),
    CreatePrivateDnsNamespace: (input: CreatePrivateDnsNamespaceRequest) =>
      create(directory, 'DNS_PRIVATE', input),
    CreatePublicDnsNamespace: (input: CreatePublicDnsNamespaceRequest) =>
      create(directory, 'DNS_PUBLIC', input),
    DeleteNamespace: ({ Id }: DeleteNamespaceRequest) => {
      const { id } = directory.namespace(Id)
      if (servicesIn(directory, id) > 0) {
        throw new AwsError(
          'ResourceInUse',
          `Namespace has associated services; delete the services before deleting the namespace: ${id}`,
        )
      }
      directory.namespaces.delete(id)
      return directory.operation('DELETE_NAMESPACE', { NAMESPACE: id })
    },
    GetNamespace: ({ Id }: GetNamespaceRequest) => ({
      Namespace: describe(directory, directory.namespace(Id)),
    }),
    ListNamespaces: (input: ListNamespacesRequest) => list(directory, input),
    GetOperation: ({ OperationId }: GetOperationRequest) => {
      const operation = directory.operations.get(OperationId ?? '')
      if (operation === undefined) {
        throw new AwsError('OperationNotFound', `Operation not found: ${OperationId}`)
      }
      return { Operation: clone(operation) }
    },
  }
}

function create(directory: Directory, type: NamespaceType, input: Create) {
  const { aws, namespaces } = directory
  const { Name = '', Description, CreatorRequestId, Tags } = input
  const vpc = 'Vpc' in input ? input.Vpc : undefined
  const same = [...namespaces.values()].find(
    (other) => other.name === Name && other.type === type && other.vpc === vpc,
  )
  if (same !== undefined) {
    throw new AwsError('NamespaceAlreadyExists', `Namespace with name ${Name} already exists`, {
      members: { NamespaceId: same.id },
    })
  }
  const id = directory.newId('ns-')
  const properties = 'Properties' in input ? input.Properties : undefined
  const namespace: Namespace = {
    id,
    arn: aws.arn('servicediscovery', `namespace/${id}`),
    name: Name,
    type,
    createdAt: aws.world.date,
    tags: tagsFrom(Tags),
    ...(Description === undefined ? {} : { description: Description }),
    ...(vpc === undefined ? {} : { vpc }),
    ...(CreatorRequestId === undefined ? {} : { creatorRequestId: CreatorRequestId }),
    ...(type === 'HTTP'
      ? {}
      : {
          ttl: properties?.DnsProperties?.SOA?.TTL ?? 15,
          hostedZoneId: directory.newId('Z').toUpperCase(),
        }),
  }
  namespaces.set(id, namespace)
  return directory.operation('CREATE_NAMESPACE', { NAMESPACE: id })
}

const servicesIn = ({ services }: Directory, namespaceId: string): number =>
  [...services.values()].filter((service) => service.namespaceId === namespaceId).length

function describe(directory: Directory, namespace: Namespace) {
  const { id, arn, name, type, ttl, hostedZoneId, creatorRequestId, description } = namespace
  const dns = ttl === undefined ? {} : { SOA: { TTL: ttl } }
  return {
    Id: id,
    Arn: arn,
    ResourceOwner: directory.aws.account,
    Name: name,
    Type: type,
    ...(description === undefined ? {} : { Description: description }),
    ServiceCount: servicesIn(directory, id),
    Properties: {
      ...(hostedZoneId === undefined
        ? {}
        : { DnsProperties: { HostedZoneId: hostedZoneId, ...dns } }),
      HttpProperties: { HttpName: name },
    },
    CreateDate: namespace.createdAt,
    ...(creatorRequestId === undefined ? {} : { CreatorRequestId: creatorRequestId }),
  }
}

function list(directory: Directory, input: ListNamespacesRequest) {
  let found = [...directory.namespaces.values()]
  for (const { Name, Values = [], Condition = 'EQ' } of input.Filters ?? []) {
    if (Condition === 'BETWEEN') throw new NotImplemented('the condition BETWEEN of ListNamespaces')
    const matches = (value: string) =>
      Condition === 'BEGINS_WITH'
        ? Values.some((prefix) => value.startsWith(prefix))
        : Values.includes(value)
    found = found.filter((namespace) =>
      matches(
        Name === 'TYPE' ? namespace.type : Name === 'RESOURCE_OWNER' ? 'SELF' : namespace.name,
      ),
    )
  }
  const { items, next } = cloudMapPage(found, input.NextToken, input.MaxResults)
  return {
    Namespaces: items.map((namespace) => describe(directory, namespace)),
    ...(next === undefined ? {} : { NextToken: next }),
  }
}
