import type { Check } from './check.ts'
import type { Document } from './document.ts'
import { mistakeIn } from './ecs-properties.ts'
import { didYouMean } from './near.ts'
import { shown } from './problem.ts'

type Tell = Document<unknown>['problem']

/** What is said elsewhere, and where; `Caretaker` is what its work rests on. */
type Barred = Readonly<Record<string, string>>

const TASK: Barred = {
  ContainerDefinitions: 'override.containers',
  Cpu: 'cpu',
  EphemeralStorage: 'disk',
  ExecutionRoleArn: 'Caretaker',
  Family: 'Caretaker',
  Memory: 'memory',
  NetworkMode: 'Caretaker',
  RequiresCompatibilities: 'Caretaker',
  RuntimePlatform: 'platform',
  Tags: 'Caretaker',
  TaskRoleArn: 'may',
  Volumes: 'mounts or files',
}

const SERVICE: Barred = {
  CapacityProviderStrategy: 'spot',
  Cluster: 'cluster',
  DeploymentConfiguration: 'deployment',
  DeploymentController: 'Caretaker',
  DesiredCount: 'count',
  EnableECSManagedTags: 'Caretaker',
  EnableExecuteCommand: 'exec',
  LaunchType: 'spot',
  LoadBalancers: 'route or nlb',
  NetworkConfiguration: 'securityGroups',
  PropagateTags: 'Caretaker',
  Role: 'Caretaker',
  SchedulingStrategy: 'Caretaker',
  ServiceName: 'Caretaker',
  Tags: 'Caretaker',
  TaskDefinition: 'Caretaker',
}

const CONTAINER: Barred = {
  Command: 'command',
  DependsOn: 'before or after of a sidecar',
  EntryPoint: 'entryPoint',
  Environment: 'environment',
  EnvironmentFiles: 'envFiles',
  Essential: 'essential of a sidecar',
  HealthCheck: 'healthCommand and health',
  Image: 'image or deploy',
  MountPoints: 'mounts or files',
  Name: 'Caretaker',
  PortMappings: 'port and ports',
  LogConfiguration: 'logs',
  FirelensConfiguration: 'logs',
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
  Privileged: 'Fargate',
  RepositoryCredentials: 'pullSecret',
  Secrets: 'secrets',
}

const BY_NOBODY: Readonly<Record<string, string>> = {
  Caretaker: 'what Caretaker does not set itself',
  Fargate: 'what tasks on Fargate may have',
}

const propertiesAreTaken: Check = ({ name, kind, sidecars, override }, { problem }) => {
  if (override === undefined) return []
  const { task = {}, service, containers = {} } = override
  const known = [name, ...Object.keys(sidecars)]
  if (kind === 'job' && service !== undefined) {
    const allowed = 'nothing: a job is a task, and no ECS service'
    const words = { found: shown(service), allowed, remedy: 'remove it' }
    return [problem(['override', 'service'], words)]
  }
  return [
    ...patch(problem, ['task'], { type: 'TaskDefinition', barred: TASK }, task),
    ...patch(problem, ['service'], { type: 'Service', barred: SERVICE }, service ?? {}),
    ...Object.entries(containers).flatMap(([container, properties]) => {
      const at = ['containers', container]
      const of = { type: 'TaskDefinition.ContainerDefinition', barred: CONTAINER }
      if (known.includes(container)) return patch(problem, at, of, properties)
      const remedy = didYouMean(container, known, 'change it')
      const words = { found: 'no container of this name', allowed: known.join(', '), remedy }
      return [problem(['override', ...at], words)]
    }),
  ]
}

function patch(
  problem: Tell,
  at: string[],
  { type, barred }: { type: string; barred: Barred },
  properties: Readonly<Record<string, unknown>>,
) {
  const own = Object.keys(properties).find((key) => Object.hasOwn(barred, key))
  if (own !== undefined) {
    const by = barred[own]
    const allowed = BY_NOBODY[by ?? ''] ?? `what no key is for; ${by} is`
    const remedy = by !== undefined && by in BY_NOBODY ? 'remove it' : `write ${by} instead`
    return [problem(['override', ...at, own], { found: shown(properties[own]), allowed, remedy })]
  }
  const mistake = mistakeIn(type, properties)
  if (mistake === undefined) return []
  const { path, ...words } = mistake
  return [problem(['override', ...at, ...path], words)]
}

export const overrideChecks: readonly Check[] = [propertiesAreTaken]
