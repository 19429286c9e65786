import { Duration } from 'aws-cdk-lib'
import type { FargateService } from 'aws-cdk-lib/aws-ecs'
import {
  ApplicationListenerRule,
  ApplicationProtocol,
  ApplicationTargetGroup,
  ListenerAction,
  ListenerCondition,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import type { Service } from '../../catalog/schema.ts'
import { named } from '../names.ts'
import type { Home } from './environment-stack.ts'

export type RouteProps = {
  service: Service
  route: NonNullable<Service['route']>
  home: Home
}

/** Puts a service behind its path on the load balancer. */
export function routeTo(ecsService: FargateService, { service, route, home }: RouteProps): void {
  const scope = ecsService.node.scope
  if (scope === undefined) return
  const targetGroup = new ApplicationTargetGroup(scope, 'targets', {
    targetGroupName: named(scope, service.name),
    vpc: home.vpc,
    targetType: TargetType.IP,
    protocol: ApplicationProtocol.HTTP,
    ...(service.port !== undefined && { port: service.port }),
    // Requests of a developer end sooner than the default five minutes, which every roll-out
    // would wait for.
    deregistrationDelay: Duration.seconds(30),
    // A new task is in within 20 seconds, a broken one out.
    healthCheck: {
      ...(service.healthPath !== undefined && { path: service.healthPath }),
      interval: Duration.seconds(10),
      timeout: Duration.seconds(5),
      healthyThresholdCount: 2,
      unhealthyThresholdCount: 2,
    },
    targets: [ecsService],
  })
  new ApplicationListenerRule(scope, 'rule', {
    listener: home.listener,
    priority: route.priority,
    conditions: [ListenerCondition.pathPatterns([route.path])],
    action: ListenerAction.forward([targetGroup]),
  })
}
