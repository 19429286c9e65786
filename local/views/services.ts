import type {
  DescribeServicesResponse,
  DescribeTaskDefinitionResponse,
  DescribeTasksResponse,
  ListClustersResponse,
  ListServicesResponse,
  ListTasksResponse,
  Service,
  Task,
} from '@aws-sdk/client-ecs'
import type { DescribeTargetHealthCommandOutput } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Aws, Caller } from '../aws/aws.ts'
import type { Ecr } from '../aws/ecr/ecr.ts'
import type { Records } from './records.ts'

/** One ECS service as it is now. */
export type ServiceReport = {
  name: string
  cluster: string
  owner: string
  /** The repositories it follows, and which of their tags it takes. */
  repositories: string[]
  deploy: string
  /** What its running tasks run, by the tag it came under; null when none runs. */
  running: { digest: string; tag: string; count: number } | null
  desired: number
  /** What it runs (or will, when it wakes) is what its tag names now. */
  asAsked: boolean
  /** As many tasks as desired, none failing its checks. A service that sleeps is healthy. */
  healthy: boolean
  awake: boolean
}

type Sources = { aws: Aws; ecr: Ecr; records: Records }

/** Not logged as a call: the console is not part of the environment. */
const CONSOLE: Caller = { kind: 'aws', name: 'console' }

/** Every ECS service of the account, in the order of its name. */
export async function servicesOf(sources: Sources): Promise<ServiceReport[]> {
  const read = <Output>(operation: string, input: object) =>
    sources.aws.call<Output>('ecs', operation, input, CONSOLE)
  const states: ServiceReport[] = []
  const { clusterArns = [] } = await read<ListClustersResponse>('ListClusters', {})
  for (const cluster of clusterArns) {
    const { serviceArns = [] } = await read<ListServicesResponse>('ListServices', {
      cluster,
      maxResults: 100,
    })
    for (let start = 0; start < serviceArns.length; start += 10) {
      const { services = [] } = await read<DescribeServicesResponse>('DescribeServices', {
        cluster,
        services: serviceArns.slice(start, start + 10),
        include: ['TAGS'],
      })
      for (const service of services) states.push(await stateOf(sources, service))
    }
  }
  return states.toSorted((a, b) => a.name.localeCompare(b.name))
}

async function stateOf(sources: Sources, service: Service): Promise<ServiceReport> {
  const name = service.serviceName ?? ''
  const cluster = service.clusterArn?.split('/').at(-1) ?? ''
  const tags = Object.fromEntries((service.tags ?? []).map(({ key, value }) => [key, value ?? '']))
  const repositories = (tags['caretaker:repository'] ?? '').split(/\s+/).filter(Boolean)
  const deploy = tags['caretaker:deploy'] ?? 'off'
  const revision = await revisionOf(sources, service, repositories)
  const tasks = await runningTasks(sources, service)
  const digest = tasks.flatMap(digestsOf(revision.container)).at(0)
  const desired = service.desiredCount ?? 0
  const wanted = wantedDigest(sources, `${cluster}/${name}`, repositories[0], deploy)
  return {
    name,
    cluster,
    owner: tags['caretaker:owner'] ?? '',
    repositories,
    deploy,
    running:
      digest === undefined
        ? null
        : { digest, tag: digest === revision.digest ? revision.tag : '', count: tasks.length },
    desired,
    asAsked: wanted === undefined || wanted === (desired > 0 ? digest : revision.digest),
    healthy: tasks.length === desired && (await allHealthy(sources, service, tasks)),
    awake: desired > 0,
  }
}

/** The image that the service's own task definition pins. */
async function revisionOf({ aws }: Sources, service: Service, repositories: readonly string[]) {
  const { taskDefinition, tags = [] } = await aws.call<DescribeTaskDefinitionResponse>(
    'ecs',
    'DescribeTaskDefinition',
    { taskDefinition: service.taskDefinition, include: ['TAGS'] },
    CONSOLE,
  )
  const containers = taskDefinition?.containerDefinitions ?? []
  const own = containers.find(({ image = '' }) =>
    repositories.some((repository) => image.includes(`/${repository}@`)),
  )
  const tag = tags.find(({ key }) => key === 'caretaker:tag')?.value ?? ''
  return { container: own?.name, digest: own?.image?.split('@')[1], tag }
}

async function runningTasks({ aws }: Sources, service: Service): Promise<Task[]> {
  const cluster = service.clusterArn
  const { taskArns = [] } = await aws.call<ListTasksResponse>(
    'ecs',
    'ListTasks',
    { cluster, serviceName: service.serviceName, desiredStatus: 'RUNNING' },
    CONSOLE,
  )
  if (taskArns.length === 0) return []
  const { tasks = [] } = await aws.call<DescribeTasksResponse>(
    'ecs',
    'DescribeTasks',
    { cluster, tasks: taskArns },
    CONSOLE,
  )
  return tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING')
}

const digestsOf =
  (container: string | undefined) =>
  ({ containers = [] }: Task): string[] =>
    containers
      .filter(({ name }) => container === undefined || name === container)
      .flatMap(({ imageDigest }) => imageDigest ?? [])

/** By the containers' own checks, and the load balancer's if the service stands behind one. */
async function allHealthy(
  { aws }: Sources,
  { loadBalancers = [] }: Service,
  tasks: readonly Task[],
): Promise<boolean> {
  if (tasks.some(({ healthStatus }) => healthStatus === 'UNHEALTHY')) return false
  for (const { targetGroupArn } of loadBalancers) {
    const { TargetHealthDescriptions = [] } = await aws.call<DescribeTargetHealthCommandOutput>(
      'elastic-load-balancing-v2',
      'DescribeTargetHealth',
      { TargetGroupArn: targetGroupArn },
      CONSOLE,
    )
    const answering = TargetHealthDescriptions.filter(
      ({ TargetHealth }) => TargetHealth?.State === 'healthy',
    )
    if (answering.length < tasks.length) return false
  }
  return true
}

/**
 * What the service should run: the digest that its one tag names in the registry now, unless a
 * person has rolled back from it. For a glob or a range it is the last image that Caretaker's own
 * policy chose. Undefined before any push.
 */
function wantedDigest(
  { ecr, records }: Sources,
  service: string,
  repository: string | undefined,
  deploy: string,
): string | undefined {
  if (deploy === 'off' || repository === undefined) return undefined
  const { latest } = records.state(service) ?? {}
  if (deploy.includes(':')) return latest?.digest
  const named = ecr.runnable(repository, { imageTag: deploy })?.digest
  const recalled = named !== undefined && records.tried(service, named)?.verdict === 'recalled'
  return recalled ? latest?.digest : named
}
