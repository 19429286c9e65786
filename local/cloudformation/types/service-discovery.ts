import type {
  CreateServiceResponse,
  GetNamespaceResponse,
  GetOperationResponse,
} from '@aws-sdk/client-servicediscovery'
import type { Context } from '../context.ts'
import { given, type ResourceType, type TypeTable } from '../resource-type.ts'
import { TemplateError } from '../template.ts'

const OPERATION_WITHIN_MILLISECONDS = 5 * 60 * 1000

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_ServiceDiscovery.html */
export const SERVICE_DISCOVERY: TypeTable = {
  'AWS::ServiceDiscovery::PrivateDnsNamespace': namespace('CreatePrivateDnsNamespace', [
    'Name',
    'Vpc',
    'Description',
    'Properties',
  ]),
  'AWS::ServiceDiscovery::PublicDnsNamespace': namespace('CreatePublicDnsNamespace', [
    'Name',
    'Description',
    'Properties',
  ]),
  'AWS::ServiceDiscovery::HttpNamespace': namespace('CreateHttpNamespace', ['Name', 'Description']),
  'AWS::ServiceDiscovery::Service': {
    effect: [
      'Name',
      'NamespaceId',
      'Description',
      'DnsConfig',
      'HealthCheckCustomConfig',
      'ServiceAttributes',
      'Type',
    ],
    noEffect: { HealthCheckConfig: 'Route 53 cannot reach services inside a network.' },
    replacedBy: ['Name', 'NamespaceId', 'HealthCheckCustomConfig', 'Type'],
    create: async (context, { ServiceAttributes, ...properties }) => {
      const { Service } = await context.call<CreateServiceResponse>(
        'servicediscovery',
        'CreateService',
        { ...properties, Name: context.name(properties.Name) },
      )
      const { Id = '', Arn, Name } = Service ?? {}
      if (ServiceAttributes !== undefined) {
        const input = { ServiceId: Id, Attributes: ServiceAttributes }
        await context.call('servicediscovery', 'UpdateServiceAttributes', input)
      }
      return { ref: Id, attributes: { Id, Arn, Name } }
    },
    update: async (context, { Description, DnsConfig, ServiceAttributes }, { ref: Id }) => {
      const {
        NamespaceId: _,
        RoutingPolicy: __,
        ...dns
      } = (DnsConfig ?? {}) as Record<string, unknown>
      const change = { Description, ...(DnsConfig === undefined ? {} : { DnsConfig: dns }) }
      await operation(context, 'UpdateService', { Id, Service: given(change) })
      if (ServiceAttributes === undefined) return
      const input = { ServiceId: Id, Attributes: ServiceAttributes }
      await context.call('servicediscovery', 'UpdateServiceAttributes', input)
    },
    delete: (context, { ref: Id }) => context.call('servicediscovery', 'DeleteService', { Id }),
  },
}

function namespace(create: string, effect: readonly string[]): ResourceType {
  return {
    effect,
    replacedBy: 'anything',
    create: async (context, properties) => {
      const { NAMESPACE: Id = '' } = await operation(context, create, properties)
      const { Namespace } = await context.call<GetNamespaceResponse>(
        'servicediscovery',
        'GetNamespace',
        { Id },
      )
      const HostedZoneId = Namespace?.Properties?.DnsProperties?.HostedZoneId
      return { ref: Id, attributes: given({ Id, Arn: Namespace?.Arn, HostedZoneId }) }
    },
    delete: async (context, { ref: Id }) => {
      await operation(context, 'DeleteNamespace', { Id })
    },
  }
}

/**
 * Calls an operation that only starts something, and waits until that is done.
 *
 * @returns the ids of what it was about.
 */
async function operation(
  context: Context,
  name: string,
  input: object,
): Promise<Partial<Record<string, string>>> {
  const { OperationId } = await context.call('servicediscovery', name, input)
  let answer: GetOperationResponse['Operation']
  const ended = async () => {
    const get = { OperationId }
    const { Operation } = await context.call<GetOperationResponse>(
      'servicediscovery',
      'GetOperation',
      get,
    )
    answer = Operation
    return Operation?.Status === 'SUCCESS' || Operation?.Status === 'FAIL'
  }
  await context.until(`${name} has not ended`, ended, OPERATION_WITHIN_MILLISECONDS)
  if (answer?.Status === 'FAIL') throw new TemplateError(`${name}: ${answer.ErrorMessage}`)
  return answer?.Targets ?? {}
}
