import type {
  CreateClusterRequest,
  DeleteClusterRequest,
  DescribeClustersRequest,
  ListClustersRequest,
  PutClusterCapacityProvidersRequest,
  UpdateClusterRequest,
  UpdateClusterSettingsRequest,
} from '@aws-sdk/client-ecs'
import { clone } from '../clone.ts'
import { AwsError } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import { lowerTagList, tagsFrom } from '../tags.ts'
import { isPending, isRunning } from './deployments.ts'
import { clusterOf, ecsPage } from './find.ts'
import type { Cluster } from './model.ts'
import type { EcsState } from './state.ts'

/** Clusters. */
export function clusterOperations(ecs: EcsState) {
  return {
    CreateCluster: (input: CreateClusterRequest) => ({
      cluster: describe(ecs, create(ecs, input), ['TAGS', 'SETTINGS', 'CONFIGURATIONS']),
    }),
    DescribeClusters: ({ clusters = ['default'], include }: DescribeClustersRequest) => {
      const named = clusters.map((name) => name.split('/').at(-1) ?? '')
      return {
        clusters: named.flatMap((name) => {
          const cluster = ecs.clusters.get(name)
          return cluster === undefined ? [] : [describe(ecs, cluster, include)]
        }),
        failures: named
          .filter((name) => !ecs.clusters.has(name))
          .map((name) => ({ arn: ecs.aws.arn('ecs', `cluster/${name}`), reason: 'MISSING' })),
      }
    },
    ListClusters: ({ nextToken, maxResults = 100 }: ListClustersRequest) => {
      const active = [...ecs.clusters.values()].filter(({ status }) => status === 'ACTIVE')
      const { items, next } = ecsPage(active, nextToken, maxResults)
      const more = next === undefined ? {} : { nextToken: next }
      return { clusterArns: items.map(({ arn }) => arn), ...more }
    },
    DeleteCluster: ({ cluster: named }: DeleteClusterRequest) => ({
      cluster: describe(ecs, remove(ecs, named)),
    }),
    ...changes(ecs),
  }
}

function changes(ecs: EcsState) {
  const show = (cluster: Cluster) => ({ cluster: describe(ecs, cluster, ['SETTINGS']) })
  return {
    UpdateCluster: (input: UpdateClusterRequest) => {
      const cluster = clusterOf(ecs, input.cluster)
      const { settings, configuration, serviceConnectDefaults } = input
      if (settings !== undefined) cluster.shape.settings = settings
      if (configuration !== undefined) cluster.shape.configuration = configuration
      const namespace = serviceConnectDefaults?.namespace
      if (namespace !== undefined) cluster.serviceConnectNamespace = namespace
      return show(cluster)
    },
    UpdateClusterSettings: (input: UpdateClusterSettingsRequest) => {
      const cluster = clusterOf(ecs, input.cluster)
      cluster.shape.settings = input.settings ?? []
      return show(cluster)
    },
    PutClusterCapacityProviders: (input: PutClusterCapacityProvidersRequest) => {
      const cluster = clusterOf(ecs, input.cluster)
      cluster.shape.capacityProviders = input.capacityProviders ?? []
      cluster.shape.defaultCapacityProviderStrategy = input.defaultCapacityProviderStrategy ?? []
      return show(cluster)
    },
  }
}

/** Creating a cluster that exists answers with it, as ECS does. */
function create(ecs: EcsState, input: CreateClusterRequest): Cluster {
  onlyMembers('ecs:CreateCluster', input, [
    'clusterName',
    'tags',
    'settings',
    'configuration',
    'capacityProviders',
    'defaultCapacityProviderStrategy',
    'serviceConnectDefaults',
  ])
  const { clusterName: name = 'default' } = input
  const known = ecs.clusters.get(name)
  if (known?.status === 'ACTIVE') return known
  const { settings, configuration, capacityProviders, defaultCapacityProviderStrategy } = input
  const namespace = input.serviceConnectDefaults?.namespace
  const cluster: Cluster = {
    arn: ecs.aws.arn('ecs', `cluster/${name}`),
    name,
    status: 'ACTIVE',
    shape: { settings, configuration, capacityProviders, defaultCapacityProviderStrategy },
    tags: tagsFrom(input.tags),
    ...(namespace === undefined ? {} : { serviceConnectNamespace: namespace }),
  }
  ecs.clusters.set(name, cluster)
  return cluster
}

function remove(ecs: EcsState, named: string | undefined): Cluster {
  const cluster = clusterOf(ecs, named)
  const has = (items: Iterable<{ cluster: Cluster; status: string }>) =>
    [...items].some((item) => item.cluster === cluster && !/^(INACTIVE|STOPPED)$/.test(item.status))
  if (has(ecs.services.values())) {
    throw new AwsError(
      'ClusterContainsServicesException',
      'The Cluster cannot be deleted while Services are active.',
    )
  }
  if (has(ecs.tasks.values())) {
    throw new AwsError(
      'ClusterContainsTasksException',
      'The Cluster cannot be deleted while Tasks are active.',
    )
  }
  cluster.status = 'INACTIVE'
  return cluster
}

function describe(ecs: EcsState, cluster: Cluster, include: readonly string[] = []) {
  const { settings, configuration, capacityProviders, defaultCapacityProviderStrategy } =
    cluster.shape
  const tasks = [...ecs.tasks.values()].filter((task) => task.cluster === cluster)
  const services = [...ecs.services.values()].filter(
    (service) => service.cluster === cluster && service.status === 'ACTIVE',
  )
  const namespace = cluster.serviceConnectNamespace
  return clone({
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    status: cluster.status,
    registeredContainerInstancesCount: 0,
    runningTasksCount: tasks.filter(isRunning).length,
    pendingTasksCount: tasks.filter(isPending).length,
    activeServicesCount: services.length,
    statistics: [],
    tags: include.includes('TAGS') ? lowerTagList(cluster.tags) : [],
    settings: include.includes('SETTINGS') ? (settings ?? []) : [],
    ...(include.includes('CONFIGURATIONS') && configuration ? { configuration } : {}),
    capacityProviders: capacityProviders ?? [],
    defaultCapacityProviderStrategy: defaultCapacityProviderStrategy ?? [],
    ...(namespace === undefined ? {} : { serviceConnectDefaults: { namespace } }),
  })
}
