import type { TaskOverride } from '@aws-sdk/client-ecs'
import type { Tags } from '../tags.ts'
import { placesFor } from './capacity.ts'
import type { Cluster, Definition, Deployment, EcsService, Task } from './model.ts'
import type { EcsState, Place } from './state.ts'

/** What starts a task: a service's deployment, or a caller of `RunTask`. */
type Origin =
  | { service: EcsService; deployment: Deployment }
  | {
      cluster: Cluster
      definition: Definition
      group?: string
      startedBy?: string
      launchType: Task['launchType']
      capacityProvider?: string
      platformVersion: string
      overrides: TaskOverride
      enableExecuteCommand: boolean
      subnets: readonly string[]
      tags: Tags
    }

/** A new task, not started yet. */
export function createTask(ecs: EcsState, origin: Origin): Task {
  const { world, aws } = ecs
  const wanted = 'service' in origin ? ofService(ecs, origin.service, origin.deployment) : origin
  const id = world.random.hex('ecs/task', 32)
  const place = ecs.place(wanted.subnets)
  const arn = aws.arn('ecs', `task/${wanted.cluster.name}/${id}`)
  const { containerDefinitions = [] } = wanted.definition.shape
  return {
    arn,
    id,
    address: place.address,
    availabilityZone: place.zone,
    attachments: [interfaceOf(ecs, place)],
    containers: containerDefinitions.map(
      ({ name = '', image = '', essential = true, ...rest }) => ({
        name,
        essential,
        shape: {
          containerArn: aws.arn(
            'ecs',
            `container/${wanted.cluster.name}/${id}/${world.random.uuid('ecs/container')}`,
          ),
          taskArn: arn,
          name,
          image,
          runtimeId: `${id}-${ecs.digits('runtime', 10)}`,
          lastStatus: 'PENDING',
          networkBindings: [],
          cpu: String(rest.cpu ?? 0),
          ...(rest.memory === undefined ? {} : { memory: String(rest.memory) }),
        },
      }),
    ),
    status: 'PROVISIONING',
    desiredStatus: 'RUNNING',
    version: 0,
    healthy: false,
    healthStatus: 'UNKNOWN',
    times: { createdAt: world.date },
    timers: new Set(),
    ...wanted,
    group: wanted.group ?? `family:${wanted.definition.shape.family}`,
  }
}

function ofService(ecs: EcsState, service: EcsService, deployment: Deployment) {
  const { revision } = deployment
  const provider = revision.capacityProviderStrategy[0]?.capacityProvider
  const { propagateTags, enableExecuteCommand = false } = service.shown
  const propagated = propagateTags === 'SERVICE' ? service.tags : revision.definition.tags
  const { enableECSManagedTags } = service.shown
  return {
    cluster: service.cluster,
    definition: revision.definition,
    service,
    deployment,
    group: `service:${service.name}`,
    startedBy: deployment.id,
    launchType: launchTypeOf(revision.launchType, provider),
    ...(provider === undefined ? {} : { capacityProvider: provider }),
    platformVersion: revision.platformVersion,
    overrides: {
      containerOverrides: (revision.definition.shape.containerDefinitions ?? []).map(
        ({ name = '' }) => ({ name }),
      ),
    },
    enableExecuteCommand,
    subnets: placesFor(ecs, deployment),
    tags: {
      ...(propagateTags === undefined || propagateTags === 'NONE' ? {} : propagated),
      ...(enableECSManagedTags
        ? {
            'aws:ecs:clusterName': service.cluster.name,
            'aws:ecs:serviceName': service.name,
          }
        : {}),
    },
  }
}

/** Fargate's capacity providers run on Fargate; others are the account's own instances. */
export function launchTypeOf(launchType?: string, provider?: string): Task['launchType'] {
  if (provider !== undefined) return provider.startsWith('FARGATE') ? 'FARGATE' : 'EC2'
  return launchType === 'EXTERNAL' ? 'EXTERNAL' : launchType === 'EC2' ? 'EC2' : 'FARGATE'
}

function interfaceOf({ aws, world }: EcsState, { address, subnet }: Place) {
  const host = `ip-${address.replaceAll('.', '-')}.${aws.region}.compute.internal`
  return {
    id: world.random.uuid('ecs/attachment'),
    type: 'ElasticNetworkInterface',
    status: 'PRECREATED',
    details: [
      { name: 'subnetId', value: subnet },
      { name: 'networkInterfaceId', value: `eni-${world.random.hex('ecs/eni', 17)}` },
      { name: 'privateDnsName', value: host },
      { name: 'privateIPv4Address', value: address },
    ],
  }
}
