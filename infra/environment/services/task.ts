import { Duration, RemovalPolicy, Tags } from 'aws-cdk-lib'
import type { IRepository } from 'aws-cdk-lib/aws-ecr'
import {
  type ContainerDefinitionOptions,
  ContainerImage,
  CpuArchitecture,
  type Secret as EcsSecret,
  FargateTaskDefinition,
  type HealthCheck,
  LogDriver,
  LogDrivers,
  OperatingSystemFamily,
  type PortMapping,
  Protocol,
} from 'aws-cdk-lib/aws-ecs'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import { containerCheck } from '../../../catalog/health.ts'
import { mountsOf } from '../../../catalog/mounts.ts'
import type { Service } from '../../../catalog/schema.ts'
import { PRE_DEPLOY } from '../../../domain/roll-out/pre-deploy.ts'
import { acknowledge, acknowledgeWildcards } from '../../nag.ts'
import { named } from '../../names.ts'
import { ForeignImage, foreignImages, pullSecretsOf, repositoriesOf } from './foreign-image.ts'
import { overrideTask } from './override.ts'
import { executionRole, taskRole } from './roles.ts'
import type { RunParameters } from './run-parameters.ts'
import { addSidecars } from './sidecars.ts'
import { type ContainerProps, type Supply, together, withAliases } from './supply.ts'

/** Graviton, the default, is a fifth cheaper than x86 for the same. */
const PROCESSOR: Record<Service['platform'], CpuArchitecture> = {
  arm64: CpuArchitecture.ARM64,
  x86_64: CpuArchitecture.X86_64,
}

export type TaskProps = {
  service: Service
  /** Undefined where the image is of somebody else. */
  images: IRepository | undefined
  logGroup: LogGroup
  supplies: readonly Supply[]
  /** Undefined for a job, of which nothing runs between its runs. */
  parameters: RunParameters | undefined
}

/** What a task of the service is: its container and those beside it, its roles, its log. */
export function taskDefinition(scope: Construct, props: TaskProps): FargateTaskDefinition {
  const { service, images, logGroup, supplies, parameters } = props
  const asked = together(supplies)
  const { readable, existing } = asked
  const definition = emptyDefinition(scope, {
    what: service.name,
    size: service,
    execution: {
      ...{ logGroup, images, secrets: readable },
      foreign: repositoriesOf(scope, foreignImages(service)),
      existing: [...existing, ...pullSecretsOf(scope, service)],
    },
  })
  allow(definition, asked)
  const own = { ...imageOf(service, images, parameters), ...withAliases(asked, service.aliases) }
  addContainers(definition, { service, logGroup, asked, own })
  overrideTask(definition, service, [
    service.name,
    ...asked.sidecars.map(({ name }) => name),
    ...Object.keys(service.sidecars),
  ])
  // As roll-outs leave it; the image itself says only a digest.
  if (parameters?.imageTag !== undefined)
    Tags.of(definition).add('caretaker:tag', parameters.imageTag)
  acknowledge(
    definition,
    'AwsSolutions-ECS2',
    'The variables say who and where the service is and what its file adds; what is secret comes from Secrets Manager.',
  )
  return definition
}

type Containers = Pick<TaskProps, 'service' | 'logGroup'> & {
  asked: ReturnType<typeof together>
  own: ContainerProps
}

function addContainers(
  definition: FargateTaskDefinition,
  { service, logGroup, asked, own }: Containers,
): void {
  const { name, port, command, entryPoint } = service
  const main = definition.addContainer(name, {
    containerName: name,
    ...own,
    ...beforeDeployments(service, own),
    ...(command && { command }),
    ...(entryPoint && { entryPoint }),
    ...(port !== undefined && { portMappings: portsOf(service, port) }),
    logging: loggingOf(service, logGroup, own),
    ...healthCheck(service),
  })
  for (const { name: volume, path, readOnly, efs } of asked.volumes) {
    definition.addVolume({ name: volume, efsVolumeConfiguration: efs })
    main.addMountPoints({ sourceVolume: volume, containerPath: path, readOnly })
  }
  for (const { name: volume, path, on, readOnly } of mountsOf(service)) {
    if (on === 'files') continue
    definition.addVolume({ name: volume })
    main.addMountPoints({ sourceVolume: volume, containerPath: path, readOnly })
  }
  for (const { name: sidecar, ...options } of asked.sidecars) {
    definition.addContainer(sidecar, {
      containerName: sidecar,
      ...options,
      logging: LogDriver.awsLogs({ streamPrefix: sidecar, logGroup }),
    })
  }
  addSidecars({ service, logGroup, definition, main, own })
}

/** To the log group, or to the sidecar that sends lines on. */
function loggingOf({ name, logs }: Service, logGroup: LogGroup, own: ContainerProps): LogDriver {
  if (logs?.router === undefined) return LogDriver.awsLogs({ streamPrefix: name, logGroup })
  const { options = {}, secrets = {} } = logs
  const given = Object.entries(secrets).flatMap(([option, secret]): [string, EcsSecret][] => {
    const value = own.secrets[secret]
    return value === undefined ? [] : [[option, value]]
  })
  return LogDrivers.firelens({ options, secretOptions: Object.fromEntries(given) })
}

/** Where the service's own container listens: where it is asked, and where else its file says so. */
function portsOf({ name, ports, nlb = [] }: Service, port: number): PortMapping[] {
  const mappings: PortMapping[] = [port, ...ports].map((containerPort) => ({ containerPort }))
  for (const { container = name, to = port, protocol } of nlb) {
    const isUdp = protocol === 'udp'
    const isThere = !isUdp && mappings.some(({ containerPort }) => containerPort === to)
    if (container !== name || isThere) continue
    mappings.push({ containerPort: to, ...(isUdp && { protocol: Protocol.UDP }) })
  }
  return mappings
}

/** What the code in the container may do, each `*` with its reason. */
function allow(
  definition: FargateTaskDefinition,
  { permissions, wildcards, wildActions }: ReturnType<typeof together>,
): void {
  for (const permission of permissions) definition.addToTaskRolePolicy(permission)
  for (const { resource, reason } of wildcards) {
    acknowledgeWildcards(definition.taskRole, [resource], reason)
  }
  for (const { action, reason } of wildActions) {
    acknowledge(definition.taskRole, `AwsSolutions-IAM5[Action::${action}]`, reason)
  }
}

/** Read by the roll-out, which runs it as a task of its own: `functions/plan-roll-out`. */
function beforeDeployments({ preDeploy }: Service, { dockerLabels }: ContainerProps) {
  if (preDeploy === undefined) return {}
  return { dockerLabels: { ...dockerLabels, [PRE_DEPLOY]: JSON.stringify(preDeploy) } }
}

export type EmptyDefinition = {
  /** The service's name, or what else the task is. */
  what: string
  size: Pick<Service, 'cpu' | 'memory' | 'platform' | 'disk'>
  execution: Omit<Parameters<typeof executionRole>[1], 'what'>
}

/** A task definition without a container yet. */
export function emptyDefinition(
  scope: Construct,
  { what, size, execution }: EmptyDefinition,
): FargateTaskDefinition {
  return new FargateTaskDefinition(scope, 'task', {
    family: named(scope, what),
    cpu: size.cpu,
    memoryLimitMiB: size.memory,
    ...(size.disk !== undefined && { ephemeralStorageGiB: size.disk }),
    runtimePlatform: {
      cpuArchitecture: PROCESSOR[size.platform],
      operatingSystemFamily: OperatingSystemFamily.LINUX,
    },
    taskRole: taskRole(scope, what),
    // Its policy is complete; CDK would add grants of its own.
    executionRole: executionRole(scope, { what, ...execution }).withoutPolicyUpdates(),
  })
}

/** A job takes the newest image of its tag at each run; a service keeps the one that runs. */
function imageOf(
  { deploy, image: foreign, pullSecret }: Service,
  images: IRepository | undefined,
  parameters: RunParameters | undefined,
): Pick<ContainerDefinitionOptions, 'image' | 'dockerLabels'> {
  if (foreign !== undefined) return { image: new ForeignImage({ image: foreign, pullSecret }) }
  if (images === undefined) throw new Error('an image of its own is in a repository')
  if (parameters?.image === undefined)
    return { image: ContainerImage.fromEcrRepository(images, deploy) }
  const { image, dockerLabels = {} } = parameters
  return { image: ContainerImage.fromRegistry(image), dockerLabels }
}

/** `/<environment>-<service>`: what the service writes, for a month unless its file says otherwise. */
export function logGroup(scope: Construct, { name, logs }: Service): LogGroup {
  return new LogGroup(scope, 'log', {
    logGroupName: `/${named(scope, name)}`,
    retention: logs?.retention ?? RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  })
}

/** ECS's own check, inside the container. */
function healthCheck(service: Service): { healthCheck?: HealthCheck } {
  const check = containerCheck(service)
  if (check === undefined) return {}
  return {
    healthCheck: {
      command: ['CMD-SHELL', check.command],
      interval: Duration.seconds(check.interval),
      timeout: Duration.seconds(check.timeout),
      retries: check.retries,
      startPeriod: Duration.seconds(check.start),
    },
  }
}
