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
import { lowerTagList, tagsFrom } from '../tags.ts'
import { checkDefinition } from './definition-checks.ts'
import { definitionOf, ecsPage, refuse } from './find.ts'
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
      const definition = definitionOf(ecs, withRevision(taskDefinition))
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

/** @throws AwsError InvalidParameterException: whoever takes a revision away has to name it. */
function withRevision(named = ''): string {
  const [, revision] = named.split('/').at(-1)?.split(':') ?? []
  if (revision === undefined) refuse('Revision is missing.')
  if (!/^\d+$/.test(revision)) refuse(`Invalid revision number. Number: ${revision}`)
  return named
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
  checkDefinition(input)
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
