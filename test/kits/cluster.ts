import type {
  CreateServiceRequest,
  DescribeServiceDeploymentsResponse,
  DescribeTasksResponse,
  RegisterTaskDefinitionRequest,
  ServiceDeployment,
  Service as ServiceShape,
  Task,
} from '@aws-sdk/client-ecs'
import type { Service } from '../../local/aws/aws.ts'
import { CloudMap } from '../../local/aws/cloud-map/cloud-map.ts'
import { Ecr } from '../../local/aws/ecr/ecr.ts'
import type { ImageDescription } from '../../local/aws/ecr/image.ts'
import { Ecs } from '../../local/aws/ecs/ecs.ts'
import { ElasticLoadBalancing } from '../../local/aws/elastic-load-balancing/elastic-load-balancing.ts'
import { Account } from './account.ts'

/** An account with a cluster `dev` and a repository `orders`, and everything that happens in it. */
export class Cluster extends Account {
  readonly ecr = new Ecr(this.aws)
  readonly logs: { stream: string; message: string }[] = []
  readonly alarms = new Map<string, string>()

  constructor(seed = 1) {
    super([Ecs, ElasticLoadBalancing, CloudMap], seed)
    for (const service of [this.ecr, this.#logs(), this.#alarms()]) this.aws.register(service)
  }

  static async open(seed = 1): Promise<Cluster> {
    const account = new Cluster(seed)
    await account.call('ecs', 'CreateCluster', { clusterName: 'dev' })
    await account.call('ecr', 'CreateRepository', { repositoryName: 'orders' })
    return account
  }

  /** Pushes an image and registers a revision of `orders` that runs it. */
  async revision(image: ImageDescription, more: Partial<RegisterTaskDefinitionRequest> = {}) {
    const { digest, repositoryUri } = this.ecr.push({ repository: 'orders', tag: 'main', image })
    return this.define(`${repositoryUri}@${digest}`, more)
  }

  async define(image: string, more: Partial<RegisterTaskDefinitionRequest> = {}): Promise<string> {
    const { taskDefinition } = await this.call<{ taskDefinition: { taskDefinitionArn: string } }>(
      'ecs',
      'RegisterTaskDefinition',
      {
        family: 'orders',
        networkMode: 'awsvpc',
        requiresCompatibilities: ['FARGATE'],
        cpu: '256',
        memory: '512',
        runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' },
        containerDefinitions: [
          {
            name: 'orders',
            image,
            portMappings: [{ containerPort: 8080 }],
            logConfiguration: {
              logDriver: 'awslogs',
              options: { 'awslogs-group': '/orders', 'awslogs-stream-prefix': 'dev' },
            },
          },
        ],
        ...more,
      },
    )
    return taskDefinition.taskDefinitionArn
  }

  create(taskDefinition: string, more: Partial<CreateServiceRequest> = {}): Promise<unknown> {
    return this.call('ecs', 'CreateService', {
      cluster: 'dev',
      serviceName: 'orders',
      taskDefinition,
      desiredCount: 2,
      launchType: 'FARGATE',
      deploymentConfiguration: {
        deploymentCircuitBreaker: {
          enable: true,
          rollback: true,
          thresholdConfiguration: { type: 'COUNT', value: 2 },
        },
      },
      ...more,
    })
  }

  update(change: object): Promise<{ service: ServiceShape }> {
    return this.call('ecs', 'UpdateService', { cluster: 'dev', service: 'orders', ...change })
  }

  async service(): Promise<ServiceShape> {
    const { services } = await this.call<{ services: ServiceShape[] }>('ecs', 'DescribeServices', {
      cluster: 'dev',
      services: ['orders'],
    })
    return services[0] as ServiceShape
  }

  /** The service's deployments, newest first. */
  async deployments(): Promise<ServiceDeployment[]> {
    const { serviceDeployments } = await this.call<{
      serviceDeployments: { serviceDeploymentArn: string }[]
    }>('ecs', 'ListServiceDeployments', { cluster: 'dev', service: 'orders' })
    const answer = await this.call<DescribeServiceDeploymentsResponse>(
      'ecs',
      'DescribeServiceDeployments',
      { serviceDeploymentArns: serviceDeployments.map((one) => one.serviceDeploymentArn) },
    )
    return answer.serviceDeployments ?? []
  }

  async tasks(desiredStatus: 'RUNNING' | 'STOPPED' = 'RUNNING'): Promise<Task[]> {
    const { taskArns } = await this.call<{ taskArns: string[] }>('ecs', 'ListTasks', {
      cluster: 'dev',
      serviceName: 'orders',
      desiredStatus,
    })
    if (taskArns.length === 0) return []
    const input = { cluster: 'dev', tasks: taskArns }
    return (await this.call<DescribeTasksResponse>('ecs', 'DescribeTasks', input)).tasks ?? []
  }

  /** The deployment and steady-state events, in order: `IN_PROGRESS`, `STEADY_STATE`… */
  story(): string[] {
    return this.events
      .filter(({ detailType }) => /Deployment State|Service Action/.test(detailType))
      .map(({ detail }) => String(detail.eventName).replace(/^SERVICE_(DEPLOYMENT_)?/, ''))
  }

  #logs(): Service {
    const put = ({ logStreamName, logEvents }: PutLogEvents) => {
      for (const { message } of logEvents) this.logs.push({ stream: logStreamName, message })
      return {}
    }
    return {
      id: 'cloudwatch-logs',
      operations: { CreateLogStream: () => ({}), PutLogEvents: put },
    }
  }

  #alarms(): Service {
    const describe = ({ AlarmNames }: { AlarmNames: string[] }) => ({
      MetricAlarms: AlarmNames.map((AlarmName) => ({
        AlarmName,
        StateValue: this.alarms.get(AlarmName) ?? 'OK',
      })),
    })
    return { id: 'cloudwatch', operations: { DescribeAlarms: describe } }
  }
}

type PutLogEvents = { logStreamName: string; logEvents: { message: string }[] }
