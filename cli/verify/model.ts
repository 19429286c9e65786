import {
  type ContainerDefinition,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  type Service,
  type TaskDefinition,
} from '@aws-sdk/client-ecs'
import type { Service as Described } from '../../catalog/schema.ts'
import { PRICES } from '../../domain/prices.ts'
import { TAGS } from '../../domain/tags.ts'
import { configurationOf } from '../asking/configuration.ts'
import type { Place } from '../asking/place.ts'
import { Problem } from '../problem.ts'
import { UsageError } from '../usage.ts'

/** What the service of one's own is made after: a service of the catalog, as it is now. */
export type Model = {
  service: Service
  definition: TaskDefinition
  container: ContainerDefinition
  repository: string
  image: { imageTag: string } | { imageDigest: string }
  processor: 'arm64' | 'amd64'
  tags: Record<string, string>
}

/**
 * Reads the service and its task definition.
 *
 * @throws UsageError, Problem where no copy of it would prove anything.
 */
export async function readModel(
  place: Place,
  { name, cluster, repository }: Pick<Described, 'name' | 'cluster' | 'repository'>,
): Promise<Model> {
  const ecs = new ECSClient(await configurationOf(place))
  const id = { cluster: `${place.environment}-${cluster}`, services: [name] }
  const { services: [service] = [] } = await ecs.send(
    new DescribeServicesCommand({ ...id, include: ['TAGS'] }),
  )
  if (service?.status !== 'ACTIVE') {
    throw new Problem(`${name} is not deployed yet: \`caretaker environment deploy\` makes it.`)
  }
  const { taskDefinition: definition } = await ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: service.taskDefinition }),
  )
  const container = definition?.containerDefinitions?.find((one) => one.name === name)
  const image = imageIn(container?.image ?? '', repository)
  if (definition === undefined || container === undefined || image === undefined) {
    throw new Problem(
      `${name} has no image of ${repository} yet, and its copy would have none: push one first, or name another service.`,
    )
  }
  if (container.entryPoint?.length) {
    throw new UsageError(
      `--service: ${name} has an entryPoint in its task definition, so that a bad image would not be bad; name another service`,
    )
  }
  const { cpuArchitecture } = definition.runtimePlatform ?? {}
  const own = Object.fromEntries((service.tags ?? []).map(({ key, value }) => [key, value]))
  const tags = { ...own, [TAGS.environment]: place.environment }
  return {
    ...{ service, definition, container, repository, image, tags },
    processor: cpuArchitecture === 'ARM64' ? 'arm64' : 'amd64',
  }
}

function imageIn(text: string, repository: string): Model['image'] | undefined {
  const [, path, tag, digest] =
    /^[^/]+\.dkr\.ecr\.[^/]+\/([^:@]+)(?::([^@]+))?(?:@(sha256:\w+))?$/.exec(text) ?? []
  if (path !== repository) return undefined
  if (digest !== undefined) return { imageDigest: digest }
  return tag === undefined ? undefined : { imageTag: tag }
}

/** Seconds: short, so that the proof takes minutes; what the service itself has stays as it is. */
const BAKE = 60
const DEADLINE = 600

/** The copy's task definition: the same under another family, which no load balancer knows. */
export const definitionOf = ({ definition: given, tags }: Model, name: string) => ({
  family: name,
  taskRoleArn: given.taskRoleArn,
  executionRoleArn: given.executionRoleArn,
  networkMode: given.networkMode,
  containerDefinitions: given.containerDefinitions,
  ...(given.volumes !== undefined && { volumes: given.volumes }),
  requiresCompatibilities: given.requiresCompatibilities,
  cpu: given.cpu,
  memory: given.memory,
  ...(given.runtimePlatform !== undefined && { runtimePlatform: given.runtimePlatform }),
  ...(given.ephemeralStorage !== undefined && { ephemeralStorage: given.ephemeralStorage }),
  tags: listed(belonging(tags, name)),
})

/** The copy: one task, nothing that sends it requests, and the tags by which it is looked after. */
export const serviceOf = ({ service: given, tags, repository }: Model, name: string) => ({
  cluster: given.clusterArn,
  serviceName: name,
  taskDefinition: name,
  desiredCount: 1,
  ...(given.launchType !== undefined && { launchType: given.launchType }),
  ...(given.capacityProviderStrategy?.length && {
    capacityProviderStrategy: given.capacityProviderStrategy,
  }),
  networkConfiguration: given.networkConfiguration,
  deploymentConfiguration: {
    deploymentCircuitBreaker: { enable: true, rollback: true },
    minimumHealthyPercent: 100,
    maximumPercent: 200,
  },
  tags: listed({
    ...belonging(tags, name),
    [TAGS.repository]: repository,
    [TAGS.deploy]: `glob:${name}-@`,
    [TAGS.schedule]: 'always-on',
    [TAGS.bake]: String(BAKE),
    [TAGS.deadline]: String(DEADLINE),
  }),
})

/** Whose it is; the service's name is its own, so that nothing of the model's is taken for it. */
const belonging = (tags: Record<string, string>, name: string): Record<string, string> => ({
  [TAGS.environment]: tags[TAGS.environment] ?? '',
  [TAGS.owner]: tags[TAGS.owner] ?? '',
  [TAGS.service]: name,
})

const listed = (tags: Record<string, string>) =>
  Object.entries(tags).map(([key, value]) => ({ key, value }))

/** US dollars for some minutes of the copy; during a roll-out two tasks run. */
export function costOf({ definition, processor }: Model, minutes: number): number {
  const isArm = processor === 'arm64'
  const vcpu = isArm ? PRICES.fargateVcpuHour : PRICES.fargateX86VcpuHour
  const gigabyte = isArm ? PRICES.fargateGigabyteHour : PRICES.fargateX86GigabyteHour
  const hour =
    (Number(definition.cpu) / 1024) * vcpu + (Number(definition.memory) / 1024) * gigabyte
  return 2 * hour * (minutes / 60)
}
