import type {
  CreateServiceRequest,
  DeleteServiceRequest,
  DescribeServicesRequest,
  ListServicesRequest,
  UpdateServiceRequest,
} from '@aws-sdk/client-ecs'
import type { Caller } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { onlyMembers, page } from '../members.ts'
import { clusterOf, findService, refuse } from './find.ts'
import type { Fleet } from './fleet.ts'
import { createService, updateService } from './service-changes.ts'
import { describeService } from './service-shape.ts'

/** Services. */
export function serviceOperations(fleet: Fleet) {
  return {
    CreateService: (input: CreateServiceRequest, caller: Caller) => ({
      service: describeService(createService(fleet, input, caller), true),
    }),
    UpdateService: (input: UpdateServiceRequest) => ({
      service: describeService(updateService(fleet, input), true),
    }),
    DescribeServices: ({ cluster, services = [], include }: DescribeServicesRequest) => {
      if (services.length === 0) refuse('Services cannot be empty.')
      if (services.length > 10) refuse('Services can have at most 10 items.')
      const of = clusterOf(fleet, cluster)
      const found = services.map((named) => ({ named, service: findService(fleet, of, named) }))
      const withTags = include?.includes('TAGS') ?? false
      return {
        services: found.flatMap(({ service }) =>
          service === undefined ? [] : [describeService(service, withTags)],
        ),
        failures: found
          .filter(({ service }) => service === undefined)
          .map(({ named }) => ({
            arn: fleet.aws.arn('ecs', `service/${of.name}/${named.split('/').at(-1)}`),
            reason: 'MISSING',
          })),
      }
    },
    ListServices: (input: ListServicesRequest) => list(fleet, input),
    DeleteService: (input: DeleteServiceRequest) => ({ service: remove(fleet, input) }),
  }
}

function list(fleet: Fleet, input: ListServicesRequest) {
  onlyMembers('ecs:ListServices', input, [
    'cluster',
    'nextToken',
    'maxResults',
    'launchType',
    'schedulingStrategy',
  ])
  const cluster = clusterOf(fleet, input.cluster)
  const { schedulingStrategy, launchType } = input
  const found = [...fleet.services.values()].filter(
    (service) =>
      service.cluster === cluster &&
      service.status !== 'INACTIVE' &&
      (schedulingStrategy ?? service.scheduling) === service.scheduling &&
      (launchType === undefined || service.deployments[0]?.revision.launchType === launchType),
  )
  const { items, next } = page(found, {
    token: input.nextToken,
    limit: input.maxResults ?? 10,
    invalid: 'InvalidParameterException',
  })
  const serviceArns = items.map(({ arn }) => arn)
  return { serviceArns, ...(next === undefined ? {} : { nextToken: next }) }
}

/** The service drains: it can be described until its tasks have stopped. */
function remove(fleet: Fleet, { cluster, service: named, force }: DeleteServiceRequest) {
  const service = findService(fleet, clusterOf(fleet, cluster), named)
  if (service === undefined || service.status === 'INACTIVE') {
    throw new AwsError('ServiceNotFoundException', 'Service not found.')
  }
  if (service.desired > 0 && !force) {
    refuse('The service cannot be stopped while it is scaled above 0.')
  }
  service.desired = 0
  service.status = 'DRAINING'
  service.history = []
  fleet.changed(service)
  return describeService(service)
}
