import { Duration } from 'aws-cdk-lib'
import { SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2'
import {
  type CfnService,
  type CloudMapOptions,
  FargateService,
  type FargateTaskDefinition,
  PropagatedTagSource,
} from 'aws-cdk-lib/aws-ecs'
import { DnsRecordType } from 'aws-cdk-lib/aws-servicediscovery'
import type { Construct } from 'constructs'
import type { Service } from '../../../catalog/schema.ts'
import { acknowledge } from '../../nag.ts'
import { tagDeployment } from '../../tags.ts'
import { clusterNamed } from '../clusters.ts'
import type { Home } from '../environment-stack.ts'
import { openPort } from './nlb-port.ts'
import { routeTo } from './route.ts'
import { scale } from './scaling.ts'

/** Failed tasks after which a deployment is undone: in development one may be bad luck. */
const TASK_FAILURES = 2

/** What a task has to become healthy before the load balancer's opinion counts. */
const GRACE = Duration.seconds(60)

export type EcsServiceProps = { service: Service; home: Home; definition: FargateTaskDefinition }

/** What keeps tasks of a web, an api or a worker running, found and reached. */
export function ecsService(scope: Construct, props: EcsServiceProps): FargateService {
  const { service, home, definition } = props
  const { route, nlb, scaling } = service
  const made = new FargateService(scope, 'service', {
    serviceName: service.name,
    cluster: clusterNamed(scope, service.cluster, home.vpc),
    taskDefinition: definition,
    // The first image starts it: docs/adr/0005-first-deployment.md
    desiredCount: 0,
    minHealthyPercent: 100,
    maxHealthyPercent: 200,
    circuitBreaker: { rollback: true },
    assignPublicIp: false,
    vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
    securityGroups: [tier(scope, home, service)],
    // A shell in the container, through SSM: no port is opened and every session is logged.
    enableExecuteCommand: true,
    enableECSManagedTags: true,
    propagateTags: PropagatedTagSource.SERVICE,
    ...(service.spot && {
      capacityProviderStrategies: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
    }),
    ...(service.port !== undefined && { cloudMapOptions: registration(service, home) }),
    ...((route ?? nlb) !== undefined && { healthCheckGracePeriod: GRACE }),
  })
  acknowledge(
    definition.taskRole,
    'AwsSolutions-IAM5[Resource::*]',
    'ECS Exec: the four ssmmessages actions open the session’s channel and know no resources.',
  )
  countFailures(made)
  if (route !== undefined) routeTo(scope, { service, route, home, ecsService: made })
  if (nlb !== undefined && home.networkBalancer !== undefined) {
    openPort(scope, {
      service,
      port: nlb,
      balancer: home.networkBalancer,
      home,
      ecsService: made,
    })
  }
  if (scaling !== undefined) scale(made, scaling)
  tagDeployment(made, service, home.environment)
  return made
}

/** The tier's group as it is: rules belong to the tiers, not to a service's stack. */
function tier(scope: Construct, { securityGroups }: Home, { cluster }: Service) {
  return SecurityGroup.fromSecurityGroupId(scope, 'tier', securityGroups[cluster].securityGroupId, {
    mutable: false,
  })
}

/** Found at `<service>.<namespace>`, by DNS and by DiscoverInstances. */
function registration({ name }: Service, { namespace }: Home): CloudMapOptions {
  return {
    cloudMapNamespace: namespace,
    name,
    dnsRecordType: DnsRecordType.A,
    // How long a caller may go on asking a task that is gone.
    dnsTtl: Duration.seconds(10),
  }
}

/**
 * ECS's own threshold is half the tasks but at least three, and forgets failures whenever a task
 * is healthy for a moment: an image that starts and then falls over would be tried for ever.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
function countFailures(service: FargateService): void {
  const resource = service.node.findChild('Service') as CfnService
  const breaker = 'DeploymentConfiguration.DeploymentCircuitBreaker'
  resource.addPropertyOverride(`${breaker}.ThresholdConfiguration`, {
    Type: 'COUNT',
    Value: TASK_FAILURES,
  })
  resource.addPropertyOverride(`${breaker}.ResetOnHealthyTask`, false)
}
