import type {
  Attachment,
  Cluster as ClusterShape,
  Container,
  ContainerImage,
  CreateServiceRequest,
  DeploymentConfiguration,
  DeploymentController,
  DeploymentLifecycleHookDetail,
  DeploymentLifecycleHookStage,
  DeploymentRolloutState,
  LoadBalancer,
  NetworkConfiguration,
  Service,
  ServiceDeploymentLifecycleStage,
  ServiceDeploymentRollbackMonitorsStatus,
  ServiceDeploymentStatus,
  ServiceEvent,
  ServiceRegistry,
  TaskDefinition,
  TaskOverride,
  TaskStopCode,
} from '@aws-sdk/client-ecs'
import type { Tags } from '../tags.ts'
import type { Timer } from '../world.ts'
import type { Application } from './application.ts'

export type Cluster = {
  arn: string
  name: string
  status: 'ACTIVE' | 'INACTIVE'
  shape: Pick<
    ClusterShape,
    'settings' | 'configuration' | 'capacityProviders' | 'defaultCapacityProviderStrategy'
  >
  serviceConnectNamespace?: string
  tags: Tags
}

export type Definition = { arn: string; shape: TaskDefinition; tags: Tags }

/** What a service revision fixes: which definition runs, and how it is attached. */
export type Revision = {
  arn: string
  createdAt: Date
  definition: Definition
  loadBalancers: LoadBalancer[]
  serviceRegistries: ServiceRegistry[]
  network?: NetworkConfiguration
  platformVersion: string
  launchType?: CreateServiceRequest['launchType']
  capacityProviderStrategy: NonNullable<CreateServiceRequest['capacityProviderStrategy']>
  /** Container name -> digest its tag was resolved to by the first task. */
  resolved: Map<string, string>
  /** Tasks that failed before the images were resolved; after three ECS goes on without. */
  unresolvedStarts: number
}

/** One entry of `deployments` of a service; it keeps its id when a rollback makes it primary. */
export type Deployment = {
  id: string
  revision: Revision
  status: 'PRIMARY' | 'ACTIVE' | 'INACTIVE'
  rolloutState: DeploymentRolloutState
  reason: string
  failedTasks: number
  createdAt: Date
  updatedAt: Date
  /** Starts in a row that never reached RUNNING, and when ECS tries again. */
  failedStarts: number
  retryAt: number
  /** How many tasks ECS keeps of it while it is no longer the primary one. */
  wanted: number
  /** Its tasks are in the alternate target groups of the revision's load balancers. */
  alternate: boolean
}

/** A lifecycle hook that a deployment has come to. */
export type Hook = Omit<DeploymentLifecycleHookDetail, 'expiresAt'> & {
  expiresAt: Date
  stage: DeploymentLifecycleHookStage
  /** Ends the wait for a person, or for whoever else was to end it. */
  end?: (how: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'left') => void
}

/** How far a deployment is that shifts traffic: blue/green, linear, canary. */
export type Shifting = {
  stage: ServiceDeploymentLifecycleStage
  /** Percent of the traffic that the new revision has. */
  production: number
  test: number
  hooks: Hook[]
  /** Looks whether what a stage waits for has come; called after each pass of the scheduler. */
  look?: () => void
  /** It goes back already. */
  isGoingBack?: true
}

type TaskCounts = {
  arn: string
  requestedTaskCount: number
  runningTaskCount: number
  pendingTaskCount: number
}

/** One service deployment: from `UpdateService` to its end, a rollback included. */
export type ServiceDeployment = {
  arn: string
  deployment: Deployment
  sources: Revision[]
  status: ServiceDeploymentStatus
  statusReason?: string
  createdAt: Date
  startedAt?: Date
  finishedAt?: Date
  stoppedAt?: Date
  updatedAt: Date
  configuration: DeploymentConfiguration
  failureCount: number
  breaker: ServiceDeploymentRollbackMonitorsStatus
  alarms: ServiceDeploymentRollbackMonitorsStatus
  triggeredAlarms: string[]
  rollback?: { reason: string; startedAt: Date; to: Deployment }
  /** The numbers of tasks when it ended. */
  frozen?: { target: TaskCounts; sources: TaskCounts[] }
  /** When it became steady; it completes when the bake time is over. */
  steadyAt?: number
  /** Absent of a rolling one. */
  shifting?: Shifting
}

export type EcsService = {
  arn: string
  id: string
  name: string
  cluster: Cluster
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE'
  controller: NonNullable<DeploymentController['type']>
  scheduling: 'REPLICA' | 'DAEMON'
  configuration: DeploymentConfiguration
  desired: number
  gracePeriodSeconds?: number
  /** Members that are kept and shown, and change nothing here. */
  shown: Pick<
    CreateServiceRequest,
    | 'placementConstraints'
    | 'placementStrategy'
    | 'enableECSManagedTags'
    | 'propagateTags'
    | 'enableExecuteCommand'
    | 'availabilityZoneRebalancing'
    | 'role'
  >
  createdAt: Date
  createdBy: string
  tags: Tags
  /** Primary first, then newest first. */
  deployments: Deployment[]
  /** Oldest first. */
  history: ServiceDeployment[]
  revisions: Revision[]
  /** The deployment a rollback goes to. */
  completed?: Deployment
  /** Newest first, the latest 100. */
  events: ServiceEvent[]
  tasks: Set<Task>
  timer?: Timer
  steady: boolean
  /** How many protected tasks the latest event said that they keep the service large. */
  saidProtected?: number
  /** What reads answer until then, while they do not show the latest change yet. */
  before?: { shape: Service; until: number }
  /** Lists do not show deployments since then, until then. */
  unlisted?: { since: number; until: number }
}

export type TaskContainer = {
  name: string
  essential: boolean
  shape: Container
  application?: Application
  logStream?: { group: string; stream: string }
}

type TaskStatus =
  | 'PROVISIONING'
  | 'PENDING'
  | 'ACTIVATING'
  | 'RUNNING'
  | 'DEACTIVATING'
  | 'STOPPING'
  | 'DEPROVISIONING'
  | 'STOPPED'

export type Task = {
  arn: string
  id: string
  cluster: Cluster
  definition: Definition
  service?: EcsService
  deployment?: Deployment
  group: string
  startedBy?: string
  launchType: 'FARGATE' | 'EC2' | 'EXTERNAL'
  capacityProvider?: string
  platformVersion: string
  availabilityZone: string
  address: string
  attachments: Attachment[]
  containers: TaskContainer[]
  overrides: TaskOverride
  enableExecuteCommand: boolean
  status: TaskStatus
  desiredStatus: 'RUNNING' | 'STOPPED'
  version: number
  /** Whether all health checks a deployment waits for have passed. */
  healthy: boolean
  healthStatus: 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN'
  times: Partial<Record<TaskMoment, Date>> & { createdAt: Date }
  stopCode?: TaskStopCode
  stoppedReason?: string
  /** How it failed, if it did so by itself. */
  failed?: 'start' | 'exit' | 'health'
  /** The failure is counted, and the place given free, when it has stopped. */
  countAtEnd?: boolean
  tags: Tags
  timers: Set<Timer>
  /** Starts the containers that may by now; while some wait for others. */
  goesOn?: () => void
  /** The end of its protection from being scaled in, while it has that. */
  protection?: Timer
}

type TaskMoment =
  | 'connectivityAt'
  | 'pullStartedAt'
  | 'pullStoppedAt'
  | 'startedAt'
  | 'stoppingAt'
  | 'executionStoppedAt'
  | 'stoppedAt'
  | 'updatedAt'

/** What a revision runs, as `DescribeServiceRevisions` shows it. */
export const imagesOf = ({ definition, resolved }: Revision): ContainerImage[] =>
  (definition.shape.containerDefinitions ?? []).map(({ name = '', image = '' }) => {
    const imageDigest = resolved.get(name)
    return { containerName: name, image, ...(imageDigest === undefined ? {} : { imageDigest }) }
  })
