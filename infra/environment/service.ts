import { Duration } from 'aws-cdk-lib'
import { SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2'
import type { IRepository } from 'aws-cdk-lib/aws-ecr'
import { type CfnService, FargateService, PropagatedTagSource } from 'aws-cdk-lib/aws-ecs'
import { DnsRecordType } from 'aws-cdk-lib/aws-servicediscovery'
import { Construct } from 'constructs'
import type { Service } from '../../catalog/schema.ts'
import { tagDeployment, tagService } from '../tags.ts'
import type { Home } from './environment-stack.ts'
import { routeTo } from './route.ts'
import { taskDefinition } from './task.ts'

/** Failed tasks after which a deployment is undone: in development one may be bad luck. */
const TASK_FAILURES = 2

export type EcsServiceProps = { service: Service; home: Home; images: IRepository }

/** One service of the catalog: what runs, where it is found, who may reach it. */
export class EcsService extends Construct {
  constructor(scope: Construct, id: string, { service, home, images }: EcsServiceProps) {
    super(scope, id)
    const { name, cluster, route } = service
    const ecsService = new FargateService(this, 'service', {
      serviceName: name,
      cluster: home.clusters[cluster],
      taskDefinition: taskDefinition(this, service, images),
      // The first image starts it: docs/adr/0005-first-deployment.md
      desiredCount: 0,
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      circuitBreaker: { rollback: true },
      assignPublicIp: false,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      securityGroups: [this.#tier(home, cluster)],
      cloudMapOptions: {
        cloudMapNamespace: home.namespace,
        name,
        dnsRecordType: DnsRecordType.A,
        // How long a caller may go on asking a task that is gone.
        dnsTtl: Duration.seconds(10),
      },
      enableECSManagedTags: true,
      propagateTags: PropagatedTagSource.SERVICE,
      ...(route && { healthCheckGracePeriod: Duration.seconds(60) }),
    })
    countFailures(ecsService)
    if (route !== undefined) routeTo(ecsService, { service, route, home })
    tagService(this, service)
    tagDeployment(ecsService, service)
  }

  /** The tier's group as it is: rules belong to the tiers, not to a service's stack. */
  #tier({ securityGroups }: Home, cluster: Service['cluster']) {
    return SecurityGroup.fromSecurityGroupId(
      this,
      'tier',
      securityGroups[cluster].securityGroupId,
      { mutable: false },
    )
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
