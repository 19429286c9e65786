import type {
  ContainerDefinition,
  DeregisterTaskDefinitionRequest,
  DescribeTaskDefinitionRequest,
  ListTaskDefinitionFamiliesRequest,
  ListTaskDefinitionsRequest,
  RegisterTaskDefinitionRequest,
} from '@aws-sdk/client-ecs'
import type { Caller } from '../aws.ts'
import { clone } from '../clone.ts'
import { AwsError } from '../errors.ts'
import { lowerTagList, tagsFrom } from '../tags.ts'
import { definitionOf, ecsPage } from './find.ts'
import type { Definition } from './model.ts'
import type { EcsState } from './state.ts'

/** Task definitions. What they say about the inside of a container is kept and changes nothing. */
export function taskDefinitionOperations(ecs: EcsState) {
  return {
    RegisterTaskDefinition: (input: RegisterTaskDefinitionRequest, caller: Caller) =>
      shown(register(ecs, input, caller), true),
    DescribeTaskDefinition: ({ taskDefinition, include }: DescribeTaskDefinitionRequest) =>
      shown(definitionOf(ecs, taskDefinition), include?.includes('TAGS') ?? false),
    DeregisterTaskDefinition: ({ taskDefinition }: DeregisterTaskDefinitionRequest) => {
      const definition = definitionOf(ecs, taskDefinition)
      definition.shape.status = 'INACTIVE'
      definition.shape.deregisteredAt = ecs.world.date
      return { taskDefinition: clone(definition.shape) }
    },
    ListTaskDefinitions: (input: ListTaskDefinitionsRequest) => {
      const { familyPrefix, status = 'ACTIVE', sort = 'ASC' } = input
      const found = [...ecs.families]
        .filter(([family]) => (familyPrefix ?? family) === family)
        .flatMap(([, definitions]) => definitions)
        .filter(({ shape }) => shape.status === status)
      const all = (sort === 'DESC' ? found.toReversed() : found).map(({ arn }) => arn)
      const { items, next } = pageOf(all, input)
      return { taskDefinitionArns: items, ...(next === undefined ? {} : { nextToken: next }) }
    },
    ListTaskDefinitionFamilies: (input: ListTaskDefinitionFamiliesRequest) => {
      const { familyPrefix = '', status = 'ALL' } = input
      const found = [...ecs.families]
        .filter(([family]) => family.startsWith(familyPrefix))
        .filter(([, all]) => {
          const active = all.some(({ shape }) => shape.status === 'ACTIVE')
          return status === 'ALL' || active === (status === 'ACTIVE')
        })
        .map(([family]) => family)
      const { items, next } = pageOf(found, input)
      return { families: items, ...(next === undefined ? {} : { nextToken: next }) }
    },
  }
}

const pageOf = (
  all: readonly string[],
  input: { nextToken?: string | undefined; maxResults?: number | undefined },
) => ecsPage(all, input.nextToken, input.maxResults)

const shown = ({ shape, tags }: Definition, withTags: boolean) => ({
  taskDefinition: clone(shape),
  ...(withTags ? { tags: lowerTagList(tags) } : {}),
})

function register(
  ecs: EcsState,
  { tags, ...input }: RegisterTaskDefinitionRequest,
  caller: Caller,
): Definition {
  const { family = '', containerDefinitions = [] } = input
  check(input)
  const known = ecs.families.get(family) ?? []
  const revision = (known.at(-1)?.shape.revision ?? 0) + 1
  const arn = ecs.aws.arn('ecs', `task-definition/${family}:${revision}`)
  const fargate = input.requiresCompatibilities?.includes('FARGATE') ?? false
  const definition: Definition = {
    arn,
    tags: tagsFrom(tags),
    shape: {
      ...input,
      taskDefinitionArn: arn,
      containerDefinitions: containerDefinitions.map((container) => withDefaults(container, input)),
      revision,
      volumes: input.volumes ?? [],
      status: 'ACTIVE',
      placementConstraints: input.placementConstraints ?? [],
      compatibilities: fargate ? ['EC2', 'FARGATE'] : ['EC2'],
      registeredAt: ecs.world.date,
      registeredBy: caller.roleArn ?? `arn:aws:iam::${ecs.aws.account}:root`,
    },
  }
  ecs.definitions.set(arn, definition)
  ecs.families.set(family, [...known, definition])
  return definition
}

function withDefaults(
  container: ContainerDefinition,
  { networkMode }: RegisterTaskDefinitionRequest,
): ContainerDefinition {
  return {
    cpu: 0,
    portMappings: [],
    essential: true,
    environment: [],
    mountPoints: [],
    volumesFrom: [],
    systemControls: [],
    ...container,
    ...(container.portMappings === undefined || networkMode !== 'awsvpc'
      ? {}
      : {
          portMappings: container.portMappings.map((mapping) => ({
            hostPort: mapping.containerPort,
            protocol: 'tcp' as const,
            ...mapping,
          })),
        }),
  }
}

/** @throws AwsError ClientException in ECS's words. */
function check(input: RegisterTaskDefinitionRequest): void {
  const { family = '', containerDefinitions = [], requiresCompatibilities = [] } = input
  const refuse = (message: string) => new AwsError('ClientException', message)
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(family)) throw refuse('Invalid family name.')
  if (containerDefinitions.length === 0) {
    throw refuse('Container list cannot be empty.')
  }
  for (const { name = '', image = '' } of containerDefinitions) {
    if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) {
      throw refuse(`Invalid container name '${name}'.`)
    }
    if (image === '') throw refuse('Container.image should not be null or empty.')
  }
  if (!containerDefinitions.some(({ essential = true }) => essential)) {
    throw refuse('At least one container must be marked as essential.')
  }
  if (!requiresCompatibilities.includes('FARGATE')) return
  if (input.networkMode !== 'awsvpc') {
    throw refuse('Fargate only supports network mode ‘awsvpc’.')
  }
  if (input.cpu === undefined || input.memory === undefined) {
    throw refuse("Fargate requires that 'cpu' and 'memory' be defined at the task level.")
  }
}
