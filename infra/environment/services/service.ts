import { Duration } from 'aws-cdk-lib'
import { SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2'
import {
  type CfnService,
  type CloudMapOptions,
  FargateService,
  type FargateTaskDefinition,
  PropagatedTagSource,
} from 'aws-cdk-lib/aws-ecs'
import type {
  ApplicationTargetGroup,
  NetworkTargetGroup,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import { DnsRecordType } from 'aws-cdk-lib/aws-servicediscovery'
import type { Construct } from 'constructs'
import { replacing } from '../../../catalog/deployment.ts'
import { balancerCheck } from '../../../catalog/health.ts'
import type { Service } from '../../../catalog/schema.ts'
import { acknowledge } from '../../nag.ts'
import { tagDeployment } from '../../tags.ts'
import type { SharedResources } from '../shared-resources.ts'
import { clusterNamed } from './clusters.ts'
import { openPorts } from './nlb-port.ts'
import { overrideService } from './override.ts'
import { routeTo } from './route.ts'
import type { RunParameters } from './run-parameters.ts'
import { scale, scaleByRequests } from './scaling.ts'

export type EcsServiceProps = {
  service: Service
  shared: SharedResources
  definition: FargateTaskDefinition
  parameters: RunParameters
}

/** What runs, and by which group of targets it is reached from outside, if it is. */
export type Running = {
  ecsService: FargateService
  targetGroup: ApplicationTargetGroup | NetworkTargetGroup | undefined
}

/** What keeps tasks of a web, an api or a worker running, found and reached. */
export function runContinuously(scope: Construct, props: EcsServiceProps): Running {
  const { service, shared, definition } = props
  const ecsService = fargateService(scope, props)
  if (service.exec) {
    acknowledge(
      definition.taskRole,
      'AwsSolutions-IAM5[Resource::*]',
      'ECS Exec: the four ssmmessages actions open the session’s channel and know no resources.',
    )
  }
  judgeDeployments(ecsService, service)
  overrideService(ecsService, service)
  const count = scale(ecsService, service)
  tagDeployment(ecsService, service, shared.environment)
  const targetGroup = entrance(scope, { service, shared, ecsService })
  scaleByRequests(count, service, targetGroup)
  return { ecsService, targetGroup }
}

function fargateService(
  scope: Construct,
  { service, shared, definition, parameters }: EcsServiceProps,
): FargateService {
  const { minimum, maximum } = replacing(service)
  const balanced = balancerCheck(service)
  return new FargateService(scope, 'service', {
    serviceName: service.name,
    cluster: clusterNamed(scope, service.cluster, shared.vpc),
    taskDefinition: definition,
    // The first image starts it: docs/adr/0005-first-deployment.md
    desiredCount: parameters.desiredCount,
    minHealthyPercent: minimum,
    maxHealthyPercent: maximum,
    circuitBreaker: { rollback: true },
    assignPublicIp: false,
    vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
    securityGroups: [
      tier(scope, shared, service),
      ...service.securityGroups.map((id) => group(scope, id, id)),
    ],
    // A shell in the container, through SSM: no port is opened, and CloudTrail records who used it.
    enableExecuteCommand: service.exec,
    enableECSManagedTags: true,
    propagateTags: PropagatedTagSource.SERVICE,
    ...(service.spot && {
      capacityProviderStrategies: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
    }),
    ...(service.port !== undefined && { cloudMapOptions: registration(service, shared) }),
    // How long a task may take before the load balancer's checks count.
    ...(balanced && { healthCheckGracePeriod: Duration.seconds(balanced.grace) }),
  })
}

/** The one way in from outside: a route, a port of the network load balancer, or none. */
function entrance(
  scope: Construct,
  {
    service,
    shared,
    ecsService,
  }: Pick<EcsServiceProps, 'service' | 'shared'> & Pick<Running, 'ecsService'>,
): Running['targetGroup'] {
  const { route, nlb } = service
  const { networkBalancer: balancer } = shared
  if (route !== undefined) return routeTo(scope, { service, route, shared, ecsService })
  if (nlb === undefined || balancer === undefined) return undefined
  return openPorts(scope, { service, listeners: nlb, balancer, shared, ecsService })
}

/** The cluster's security group, read only: its rules are in the environment's stack. */
const tier = (scope: Construct, { securityGroups }: SharedResources, { cluster }: Service) =>
  group(scope, 'tier', securityGroups[cluster].securityGroupId)

const group = (scope: Construct, id: string, securityGroupId: string) =>
  SecurityGroup.fromSecurityGroupId(scope, id, securityGroupId, { mutable: false })

/** Found at `<service>.<namespace>`, by DNS and by DiscoverInstances. */
function registration({ name }: Service, { namespace }: SharedResources): CloudMapOptions {
  return {
    cloudMapNamespace: namespace,
    name,
    dnsRecordType: DnsRecordType.A,
    // How long a caller may go on asking a task that is gone.
    dnsTtl: Duration.seconds(10),
  }
}

/**
 * When a deployment has failed, and when it has succeeded.
 *
 * ECS's own threshold is half the tasks but at least three, and forgets failures whenever a task
 * is healthy for a moment: an image that starts and then ends would be tried without end.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 *
 * A good one need not wait until the old tasks have been let go. With all new tasks healthy the
 * circuit breaker has nothing left to watch; Caretaker's own watch goes on.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/early-success-criteria.html
 */
function judgeDeployments(ecsService: FargateService, service: Service): void {
  const resource = ecsService.node.findChild('Service') as CfnService
  const configuration = 'DeploymentConfiguration'
  const breaker = `${configuration}.DeploymentCircuitBreaker`
  resource.addPropertyOverride(`${breaker}.ThresholdConfiguration`, {
    Type: 'COUNT',
    Value: replacing(service).failures,
  })
  resource.addPropertyOverride(`${breaker}.ResetOnHealthyTask`, false)
  resource.addPropertyOverride(`${configuration}.EarlySuccessCriteria`, {
    Enable: true,
    HealthyPercent: 100,
    SourceServiceRevisionCleanup: 'DEFERRED',
  })
}
