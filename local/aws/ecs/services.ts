import type {
  CreateServiceRequest,
  DeleteServiceRequest,
  DescribeServicesRequest,
  ListServicesRequest,
  UpdateServiceRequest,
} from '@aws-sdk/client-ecs'
import type { Caller } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import { clusterOf, ecsPage, findService, refuse } from './find.ts'
import type { EcsService } from './model.ts'
import { createService, updateService } from './service-changes.ts'
import { describeService } from './service-shape.ts'
import { readService } from './stale.ts'
import type { EcsState } from './state.ts'

/** Services. */
export function serviceOperations(ecs: EcsState) {
  return {
    CreateService: (input: CreateServiceRequest, caller: Caller) => ({
      service: describeService(createService(ecs, input, caller), true),
    }),
    UpdateService: (input: UpdateServiceRequest) => ({
      service: describeService(updateService(ecs, input), true),
    }),
    DescribeServices: (
      { cluster, services = [], include }: DescribeServicesRequest,
      { kind }: Caller,
    ) => {
      if (services.length === 0) refuse('Services cannot be empty.')
      if (services.length > 10) refuse('Services can have at most 10 items.')
      const of = clusterOf(ecs, cluster)
      const found = services.map((named) => ({ named, service: findService(ecs, of, named) }))
      const withTags = include?.includes('TAGS') ?? false
      // What is inside AWS knows its own state.
      const isOutside = kind !== 'aws' && kind !== 'cloudformation'
      const shown = (service: EcsService, tags: boolean) =>
        isOutside ? readService(ecs, service, tags) : describeService(service, tags)
      return {
        services: found.flatMap(({ service }) =>
          service === undefined ? [] : [shown(service, withTags)],
        ),
        failures: found
          .filter(({ service }) => service === undefined)
          .map(({ named }) => ({
            arn: ecs.aws.arn('ecs', `service/${of.name}/${named.split('/').at(-1)}`),
            reason: 'MISSING',
          })),
      }
    },
    ListServices: (input: ListServicesRequest) => list(ecs, input),
    DeleteService: (input: DeleteServiceRequest) => ({ service: remove(ecs, input) }),
  }
}

function list(ecs: EcsState, input: ListServicesRequest) {
  onlyMembers('ecs:ListServices', input, [
    'cluster',
    'nextToken',
    'maxResults',
    'launchType',
    'schedulingStrategy',
  ])
  const cluster = clusterOf(ecs, input.cluster)
  const { schedulingStrategy, launchType } = input
  const found = [...ecs.services.values()].filter(
    (service) =>
      service.cluster === cluster &&
      service.status !== 'INACTIVE' &&
      (schedulingStrategy ?? service.scheduling) === service.scheduling &&
      (launchType === undefined || service.deployments[0]?.revision.launchType === launchType),
  )
  const { items, next } = ecsPage(found, input.nextToken, input.maxResults ?? 10)
  const serviceArns = items.map(({ arn }) => arn)
  return { serviceArns, ...(next === undefined ? {} : { nextToken: next }) }
}

/** The service drains: it can be described until its tasks have stopped. */
function remove(ecs: EcsState, { cluster, service: named, force }: DeleteServiceRequest) {
  const service = findService(ecs, clusterOf(ecs, cluster), named)
  if (service === undefined || service.status === 'INACTIVE') {
    throw new AwsError('ServiceNotFoundException', 'Service not found.')
  }
  if (service.desired > 0 && !force) {
    refuse('The service cannot be stopped while it is scaled above 0.')
  }
  service.desired = 0
  service.status = 'DRAINING'
  service.history = []
  ecs.changed(service)
  return describeService(service)
}
