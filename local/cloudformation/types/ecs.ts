import type {
  CreateClusterResponse,
  CreateServiceResponse,
  DescribeServicesResponse,
  RegisterTaskDefinitionResponse,
} from '@aws-sdk/client-ecs'
import { Iam } from '../../aws/iam/iam.ts'
import type { Context } from '../context.ts'
import type { Properties, TypeTable } from '../resource-type.ts'
import { TemplateError } from '../template.ts'

/** CloudFormation gives a service three hours to become steady. */
const STEADY_WITHIN_MILLISECONDS = 3 * 60 * 60 * 1000

const TASK_DEFINITION = [
  'ContainerDefinitions',
  'Cpu',
  'EphemeralStorage',
  'ExecutionRoleArn',
  'Family',
  'Memory',
  'NetworkMode',
  'PlacementConstraints',
  'ProxyConfiguration',
  'RequiresCompatibilities',
  'RuntimePlatform',
  'TaskRoleArn',
  'Volumes',
]

/** What UpdateService does not take: a change makes another service. */
const FIXED = [
  'Cluster',
  'DeploymentController',
  'LaunchType',
  'Role',
  'SchedulingStrategy',
  'ServiceName',
]

const SERVICE = [
  ...FIXED,
  'AvailabilityZoneRebalancing',
  'CapacityProviderStrategy',
  'DeploymentConfiguration',
  'DesiredCount',
  'EnableECSManagedTags',
  'EnableExecuteCommand',
  'HealthCheckGracePeriodSeconds',
  'LoadBalancers',
  'NetworkConfiguration',
  'PlacementConstraints',
  'PlacementStrategies',
  'PlatformVersion',
  'PropagateTags',
  'ServiceConnectConfiguration',
  'ServiceRegistries',
  'TaskDefinition',
]

/** Amazon ECS. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_ECS.html */
export const ECS: TypeTable = {
  'AWS::ECS::Cluster': {
    effect: [
      'ClusterName',
      'ClusterSettings',
      'Configuration',
      'CapacityProviders',
      'DefaultCapacityProviderStrategy',
      'ServiceConnectDefaults',
    ],
    replacedBy: ['ClusterName'],
    create: async (context, properties) => {
      context.aws.find(Iam)?.serviceLinkedRoles.assume('ecs.amazonaws.com')
      const { ClusterSettings: settings = [], ...rest } = properties
      const ClusterName = context.name(rest.ClusterName, { most: 255 })
      const input = { ...rest, settings, ClusterName }
      const { cluster } = await context.call<CreateClusterResponse>('ecs', 'CreateCluster', input)
      return { ref: ClusterName, attributes: { Arn: cluster?.clusterArn } }
    },
    update: async (context, properties, { ref: cluster }) => {
      const { ClusterSettings: settings = [], Configuration, ServiceConnectDefaults } = properties
      const input = { cluster, settings, Configuration, ServiceConnectDefaults }
      await context.call('ecs', 'UpdateCluster', input)
      // Else another resource, ClusterCapacityProviderAssociations, says it.
      if (properties.CapacityProviders === undefined) return
      const { CapacityProviders, DefaultCapacityProviderStrategy = [] } = properties
      const providers = { cluster, CapacityProviders, DefaultCapacityProviderStrategy }
      await context.call('ecs', 'PutClusterCapacityProviders', providers)
    },
    delete: (context, { ref }) => context.call('ecs', 'DeleteCluster', { cluster: ref }),
  },
  'AWS::ECS::ClusterCapacityProviderAssociations': {
    effect: ['Cluster', 'CapacityProviders', 'DefaultCapacityProviderStrategy'],
    replacedBy: ['Cluster'],
    create: async (context, properties) => {
      await context.call('ecs', 'PutClusterCapacityProviders', properties)
      return { ref: String(properties.Cluster) }
    },
    update: async (context, properties) => {
      await context.call('ecs', 'PutClusterCapacityProviders', properties)
    },
    delete: () => {},
  },
  'AWS::ECS::TaskDefinition': {
    effect: TASK_DEFINITION,
    noEffect: {
      IpcMode: 'What containers do inside is not simulated.',
      PidMode: 'What containers do inside is not simulated.',
    },
    replacedBy: 'anything',
    create: async (context, properties) => {
      const { taskDefinition } = await context.call<RegisterTaskDefinitionResponse>(
        'ecs',
        'RegisterTaskDefinition',
        { ...properties, Family: properties.Family ?? context.name(undefined, { most: 255 }) },
      )
      const { taskDefinitionArn = '' } = taskDefinition ?? {}
      return { ref: taskDefinitionArn, attributes: { TaskDefinitionArn: taskDefinitionArn } }
    },
    delete: (context, { ref }) =>
      context.call('ecs', 'DeregisterTaskDefinition', { taskDefinition: ref }),
  },
  'AWS::ECS::Service': {
    effect: SERVICE,
    noEffect: {
      VolumeConfigurations: 'What containers do inside is not simulated.',
      ForceNewDeployment: 'A deployment starts when something of the service changes.',
    },
    replacedBy: FIXED,
    create: async (context, { PlacementStrategies, ...properties }) => {
      const { service } = await context.call<CreateServiceResponse>('ecs', 'CreateService', {
        ...properties,
        PlacementStrategy: PlacementStrategies,
        ServiceName: context.name(properties.ServiceName, { most: 255 }),
        DesiredCount: properties.DesiredCount ?? defaultCount(properties),
      })
      const { serviceArn = '', serviceName } = service ?? {}
      await untilSteady(context, serviceArn, properties)
      return { ref: serviceArn, attributes: { ServiceArn: serviceArn, Name: serviceName } }
    },
    // CloudFormation sends all of it, also what did not change.
    update: async (context, { PlacementStrategies, ...properties }, { ref: service }) => {
      const {
        LaunchType: _,
        Role: __,
        SchedulingStrategy: ___,
        ServiceName: ____,
        ...rest
      } = properties
      const PlacementStrategy = PlacementStrategies
      await context.call('ecs', 'UpdateService', { ...rest, PlacementStrategy, service })
      await untilSteady(context, service, properties)
    },
    delete: async (context, { ref: service, properties: { Cluster: cluster } }) => {
      await context.call('ecs', 'DeleteService', { service, cluster, force: true })
      const isGone = async () => (await find(context, service, cluster))?.status !== 'DRAINING'
      await context.until('the service still drains', isGone, STEADY_WITHIN_MILLISECONDS)
    },
  },
}

async function find(context: Context, service: string, cluster: unknown) {
  const input = { services: [service], cluster }
  const { services: [found] = [] } = await context.call<DescribeServicesResponse>(
    'ecs',
    'DescribeServices',
    input,
  )
  return found
}

const defaultCount = ({ SchedulingStrategy = 'REPLICA' }: Properties): number | undefined =>
  SchedulingStrategy === 'REPLICA' ? 1 : undefined

/**
 * One deployment that has ended, and as many tasks as wanted: what CloudFormation calls stable.
 *
 * @throws TemplateError when ECS gives the deployment up or has gone back to another revision.
 */
async function untilSteady(
  context: Context,
  service: string,
  { Cluster: cluster, TaskDefinition: wanted }: Properties,
): Promise<void> {
  const steady = async () => {
    const found = await find(context, service, cluster)
    const [deployment, ...others] = found?.deployments ?? []
    const isBack = String(wanted).startsWith('arn:') && found?.taskDefinition !== wanted
    if (deployment?.rolloutState === 'FAILED' || isBack) {
      throw new TemplateError('ECS Deployment Circuit Breaker was triggered')
    }
    // With early success criteria, old tasks may be removed after the end of the deployment.
    const { earlySuccessCriteria: early } = found?.deploymentConfiguration ?? {}
    const drains = early?.enable && early.sourceServiceRevisionCleanup === 'DEFERRED'
    const isUnderWay = (others.length > 0 && !drains) || deployment?.rolloutState === 'IN_PROGRESS'
    return !isUnderWay && found?.runningCount === found?.desiredCount
  }
  await context.until('the service is not steady', steady, STEADY_WITHIN_MILLISECONDS)
}
