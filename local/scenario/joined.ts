import type { ListTasksResponse, Service, TaskDefinition } from '@aws-sdk/client-ecs'
import { tagList } from '../aws/tags.ts'
import type { Simulation } from '../simulation/simulation.ts'
import { servicesOf } from '../views/services.ts'
import type { Join } from './acted.ts'
import { SCENARIO } from './callers.ts'
import { defined } from './defined.ts'
import { definitionOf, registered } from './revision.ts'
import type { Step } from './schema.ts'

/** The cluster of a service, by the service's name. */
export async function clusterOf(simulation: Simulation, service: string): Promise<string> {
  return (await servicesOf(simulation)).find(({ name }) => name === service)?.cluster ?? ''
}

/**
 * Somebody makes a service by hand: its repository with a first image, a task definition with the
 * roles and the size of another service, and the service with the tags by which it joins.
 *
 * @returns the digest of its first image.
 * @throws AwsError
 */
export async function joinService(asked: Join, simulation: Simulation): Promise<string> {
  const { service, like, tag, image, sidecars } = asked
  const { account, region } = simulation.aws
  const call = <Output>(operation: string, input: object) =>
    ecs<Output>(simulation, operation, input)
  const cluster = await clusterOf(simulation, like)
  const { services: [model] = [] } = await call<{ services?: Service[] }>('DescribeServices', {
    ...{ cluster, services: [like] },
  })
  const definition = await definitionOf(call, { cluster, service: like })
  const host = `${account}.dkr.ecr.${region}.amazonaws.com`
  const digest = await pushed(simulation, { repository: service, tag, image })
  const containers = [
    { name: service, image: `${host}/${service}:${tag}`, portMappings: [{ containerPort: 8080 }] },
  ]
  const others: object[] = []
  for (const { name, image: described, essential } of sidecars) {
    const repository = `${service}-${name}`
    const own = await pushed(simulation, { repository, tag, image: described })
    others.push({ name, essential, image: `${host}/${repository}@${own}` })
  }
  await call('RegisterTaskDefinition', {
    ...registered(withoutContainers(definition)),
    family: service,
    containerDefinitions: [...containers, ...others],
  })
  const tags = {
    'caretaker:service': service,
    'caretaker:repository': service,
    'caretaker:deploy': asked.deploy,
    ...asked.tags,
  }
  await call('CreateService', {
    ...{ cluster, serviceName: service, taskDefinition: service, desiredCount: asked.count },
    capacityProviderStrategy: model?.capacityProviderStrategy ?? [],
    networkConfiguration: model?.networkConfiguration,
    tags: tagList(tags).map(({ Key: key, Value: value }) => ({ key, value })),
  })
  return digest
}

/** What the other service's containers need is not this one's. */
const withoutContainers = ({
  containerDefinitions: _,
  volumes: __,
  ...rest
}: TaskDefinition): TaskDefinition => rest

async function pushed(
  { aws, ecr }: Simulation,
  { repository, tag, image }: { repository: string; tag: string; image: Join['image'] },
): Promise<string> {
  await aws.call('ecr', 'CreateRepository', { repositoryName: repository }, SCENARIO)
  return ecr.push({ repository, tags: [tag], image: defined(image ?? {}) }).digest
}

/** Somebody stops tasks of a service. @returns why it could not be done. */
export async function stopTasks(
  { service, count, reason }: NonNullable<Step['stopTask']>,
  simulation: Simulation,
): Promise<string[]> {
  const cluster = await clusterOf(simulation, service)
  const { taskArns = [] } = await ecs<ListTasksResponse>(simulation, 'ListTasks', {
    ...{ cluster, serviceName: service, desiredStatus: 'RUNNING' },
  })
  if (taskArns.length < count) {
    return [`stopTask: ${service} has ${taskArns.length} tasks that run, and not ${count}`]
  }
  for (const task of taskArns.slice(0, count)) {
    await ecs(simulation, 'StopTask', {
      cluster,
      task,
      ...(reason === undefined ? {} : { reason }),
    })
  }
  return []
}

const ecs = <Output>({ aws }: Simulation, operation: string, input: object): Promise<Output> =>
  aws.call<Output>('ecs', operation, input, SCENARIO)
