import {
  GetNamespaceCommand,
  GetServiceCommand,
  type ServiceDiscoveryClient,
  UpdateInstanceCustomHealthStatusCommand,
  UpdateServiceAttributesCommand,
} from '@aws-sdk/client-servicediscovery'
import type { Circuit } from '../../domain/table/circuit.ts'
import { cut } from '../../domain/text.ts'
import type { Managed } from '../shared/managed.ts'

/** A service in Cloud Map, where callers look for it. */
export type Face = { id: string; name: string; namespace: string }

/** A value of a service attribute. https://docs.aws.amazon.com/cloud-map/latest/api/API_ServiceAttributes.html */
const ATTRIBUTE_CHARACTERS = 1024

/** Where callers find the service; undefined for one that is not in Cloud Map. */
export async function faceOf(
  discovery: ServiceDiscoveryClient,
  { service }: Managed,
): Promise<Face | undefined> {
  const [registry] = service.serviceRegistries ?? []
  const id = registry?.registryArn?.split('/').at(-1)
  if (id === undefined) return undefined
  const { Service } = await discovery.send(new GetServiceCommand({ Id: id }))
  const { Namespace } = await discovery.send(new GetNamespaceCommand({ Id: Service?.NamespaceId }))
  return { id, name: Service?.Name ?? '', namespace: Namespace?.Name ?? '' }
}

/**
 * Tells Cloud Map whether callers find an instance; it takes about 30 seconds. An instance that
 * ECS has taken out meanwhile needs nothing.
 */
export async function setFound(
  discovery: ServiceDiscoveryClient,
  { id }: Face,
  instance: string,
  found: boolean,
): Promise<void> {
  try {
    await discovery.send(
      new UpdateInstanceCustomHealthStatusCommand({
        ServiceId: id,
        InstanceId: instance,
        Status: found ? 'HEALTHY' : 'UNHEALTHY',
      }),
    )
  } catch (error) {
    if ((error as Error).name !== 'InstanceNotFound') throw error
  }
}

/** Writes the circuit where every consumer can read it: docs/circuit.md. */
export async function publish(
  discovery: ServiceDiscoveryClient,
  { id }: Face,
  { state, since, reason, generation }: Circuit,
): Promise<void> {
  await discovery.send(
    new UpdateServiceAttributesCommand({
      ServiceId: id,
      Attributes: {
        'caretaker.circuit': state,
        'caretaker.circuit.since': since,
        'caretaker.circuit.reason': cut(reason, ATTRIBUTE_CHARACTERS),
        'caretaker.circuit.version': String(generation),
      },
    }),
  )
}
