import type { CreateServiceRequest, UpdateServiceRequest } from '@aws-sdk/client-ecs'
import type { Caller } from '../aws.ts'
import { AwsError, NotImplemented } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import { tagsFrom } from '../tags.ts'
import { checkConfiguration } from './configuration-checks.ts'
import { begin } from './deployments.ts'
import { activeDefinition, activeService, clusterOf, findService, refuse } from './find.ts'
import type { Cluster, Definition, EcsService, Revision } from './model.ts'
import { checkPlaced, checkSubnets } from './request-checks.ts'
import { keepForStaleReads } from './stale.ts'
import type { EcsState } from './state.ts'

type Given = CreateServiceRequest | UpdateServiceRequest

const COMMON = [
  'cluster',
  'taskDefinition',
  'desiredCount',
  'capacityProviderStrategy',
  'deploymentConfiguration',
  'availabilityZoneRebalancing',
  'networkConfiguration',
  'placementConstraints',
  'placementStrategy',
  'platformVersion',
  'healthCheckGracePeriodSeconds',
  'deploymentController',
  'enableExecuteCommand',
  'enableECSManagedTags',
  'loadBalancers',
  'propagateTags',
  'serviceRegistries',
]

/** `CreateService`. @throws AwsError as ECS refuses it. */
export function createService(
  ecs: EcsState,
  input: CreateServiceRequest,
  caller: Caller,
): EcsService {
  onlyMembers('ecs:CreateService', refuseServiceConnect(input), [
    ...COMMON,
    'serviceName',
    'clientToken',
    'launchType',
    'role',
    'schedulingStrategy',
    'tags',
    'serviceConnectConfiguration',
  ])
  const cluster = clusterOf(ecs, input.cluster)
  const name = input.serviceName ?? ''
  checkNew(ecs, cluster, input)
  const named = input.taskDefinition
  const first = named === undefined ? undefined : activeDefinition(ecs, named)
  checkPlaced(ecs, input, first)
  const service: EcsService = {
    arn: ecs.aws.arn('ecs', `service/${cluster.name}/${name}`),
    id: name,
    name,
    cluster,
    status: 'ACTIVE',
    controller: input.deploymentController?.type ?? 'ECS',
    scheduling: input.schedulingStrategy ?? 'REPLICA',
    configuration: { maximumPercent: 200, minimumHealthyPercent: 100, strategy: 'ROLLING' },
    desired: input.desiredCount ?? 0,
    shown: {},
    createdAt: ecs.world.date,
    createdBy: caller.roleArn ?? `arn:aws:iam::${ecs.aws.account}:root`,
    tags: tagsFrom(input.tags),
    deployments: [],
    history: [],
    revisions: [],
    events: [],
    tasks: new Set(),
    steady: false,
  }
  keep(service, input)
  ecs.services.set(service.arn, service)
  if (first !== undefined) begin(ecs, service, newRevision(ecs, service, first, input))
  return service
}

function checkNew(ecs: EcsState, cluster: Cluster, input: CreateServiceRequest): void {
  const { serviceName: name = '', schedulingStrategy = 'REPLICA', deploymentController } = input
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) refuse('Invalid service name.')
  const existing = findService(ecs, cluster, name)
  if (existing?.status === 'ACTIVE') refuse('Creation of service was not idempotent.')
  if (existing?.status === 'DRAINING') refuse('Unable to Start a service that is still Draining.')
  checkConfiguration(ecs, input)
  refuseDaemonCount(schedulingStrategy, input.desiredCount)
  if (schedulingStrategy === 'REPLICA' && input.desiredCount === undefined) {
    refuse('The desiredCount is required when the schedulingStrategy is REPLICA.')
  }
  if (deploymentController?.type !== 'EXTERNAL' && input.taskDefinition === undefined) {
    refuse('TaskDefinition can not be blank.')
  }
}

/** `UpdateService`. A change of the desired count alone starts no deployment. */
export function updateService(ecs: EcsState, input: UpdateServiceRequest): EcsService {
  onlyMembers('ecs:UpdateService', refuseServiceConnect(input), [
    ...COMMON,
    'service',
    'forceNewDeployment',
    'serviceConnectConfiguration',
  ])
  const cluster = clusterOf(ecs, input.cluster)
  const service = activeService(ecs, cluster, input.service)
  refuseForController(service, input)
  refuseDaemonCount(service.scheduling, input.desiredCount)
  const before = service.deployments[0]?.revision
  checkConfiguration(ecs, input, service.configuration, before?.loadBalancers)
  checkSubnets(ecs, input)
  keepForStaleReads(ecs, service)
  const { taskDefinition } = input
  const definition =
    taskDefinition === undefined ? before?.definition : activeDefinition(ecs, taskDefinition)
  keep(service, input)
  if (input.desiredCount !== undefined) resize(service, input.desiredCount)
  const revision = definition && newRevision(ecs, service, definition, input, before)
  const deploys = input.forceNewDeployment || !isSame(revision, before)
  if (deploys && revision !== undefined && service.controller === 'ECS') {
    begin(ecs, service, revision)
  }
  ecs.changed(service)
  return service
}

/**
 * More tasks are wanted of the new revision and of what was completed before it, while both run;
 * fewer of whichever has them.
 */
function resize(service: EcsService, desired: number): void {
  const more = Math.max(0, desired - service.desired)
  for (const other of service.deployments.slice(1)) {
    if (other.wanted > 0) other.wanted += more
  }
  service.desired = desired
}

/** A request that changes nothing a revision fixes starts no deployment. */
function isSame(revision: Revision | undefined, before: Revision | undefined): boolean {
  const fixed = (one: Revision | undefined) =>
    JSON.stringify({
      ...one,
      arn: '',
      createdAt: '',
      unresolvedStarts: 0,
      definition: one?.definition.arn,
    })
  return fixed(revision) === fixed(before)
}

/** What is kept of a request that does not belong to a revision. */
function keep(service: EcsService, input: Given): void {
  const { deploymentConfiguration: configuration, healthCheckGracePeriodSeconds: grace } = input
  if (configuration !== undefined) {
    service.configuration = { ...service.configuration, ...configuration }
  }
  if (grace !== undefined) service.gracePeriodSeconds = grace
  for (const member of [
    'placementConstraints',
    'placementStrategy',
    'enableECSManagedTags',
    'propagateTags',
    'enableExecuteCommand',
    'availabilityZoneRebalancing',
  ] as const) {
    if (input[member] !== undefined) Object.assign(service.shown, { [member]: input[member] })
  }
}

function newRevision(
  ecs: EcsState,
  service: EcsService,
  definition: Definition,
  input: Given,
  before?: Revision,
): Revision {
  const network = input.networkConfiguration ?? before?.network
  const strategy = input.capacityProviderStrategy ?? before?.capacityProviderStrategy
  const asked = 'launchType' in input ? input.launchType : before?.launchType
  const fallback = service.cluster.shape.defaultCapacityProviderStrategy ?? []
  const byDefault = asked === undefined && fallback.length > 0 ? fallback : []
  const providers = strategy ?? byDefault
  const launchType = asked ?? (providers.length > 0 ? undefined : 'EC2')
  const platform = input.platformVersion ?? before?.platformVersion ?? 'LATEST'
  return {
    arn: ecs.aws.arn(
      'ecs',
      `service-revision/${service.cluster.name}/${service.name}/${ecs.digits('revision', 19)}`,
    ),
    createdAt: ecs.world.date,
    definition,
    loadBalancers: input.loadBalancers ?? before?.loadBalancers ?? [],
    serviceRegistries: input.serviceRegistries ?? before?.serviceRegistries ?? [],
    ...(network === undefined ? {} : { network }),
    platformVersion: platform === 'LATEST' ? '1.4.0' : platform,
    ...(launchType === undefined || providers.length > 0 ? {} : { launchType }),
    capacityProviderStrategy: providers,
    resolved: new Map(),
    unresolvedStarts: 0,
  }
}

function refuseServiceConnect<Input extends Given>(input: Input): Input {
  if (input.serviceConnectConfiguration?.enabled) throw new NotImplemented('ECS Service Connect')
  return input
}

const BY_DEPLOYMENT = [
  'taskDefinition',
  'networkConfiguration',
  'platformVersion',
  'loadBalancers',
  'serviceRegistries',
  'capacityProviderStrategy',
  'forceNewDeployment',
] as const

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html */
const NOT_BY_UPDATE = {
  CODE_DEPLOY: BY_DEPLOYMENT,
  EXTERNAL: [...BY_DEPLOYMENT, 'deploymentConfiguration'],
} as const

/** Of a daemon there is one task on each instance. */
function refuseDaemonCount(scheduling: EcsService['scheduling'], desired?: number): void {
  if (scheduling !== 'DAEMON' || desired === undefined) return
  refuse(
    'The daemon scheduling strategy does not support a desired count for services. Remove the desired count value and try again',
  )
}

/** Only the ECS controller rolls out by `UpdateService`. */
function refuseForController({ controller }: EcsService, input: UpdateServiceRequest): void {
  if ((input.deploymentController?.type ?? controller) !== controller) {
    throw new NotImplemented('a change of the deployment controller of an ECS service')
  }
  if (controller === 'ECS') return
  const given = NOT_BY_UPDATE[controller].find(
    (member) => input[member] !== undefined && input[member] !== false,
  )
  if (given === undefined) return
  const words = given.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  const article = controller === 'EXTERNAL' ? 'an' : 'a'
  const hint =
    controller === 'CODE_DEPLOY' ? ' Use AWS CodeDeploy to trigger a new deployment.' : ''
  throw new AwsError(
    'InvalidParameterException',
    `Unable to update ${words} on services with ${article} ${controller} deployment controller.${hint}`,
  )
}
