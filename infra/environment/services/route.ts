import { Duration } from 'aws-cdk-lib'
import type { FargateService } from 'aws-cdk-lib/aws-ecs'
import {
  ApplicationListenerRule,
  ApplicationProtocol,
  ApplicationProtocolVersion,
  ApplicationTargetGroup,
  type CfnListenerRule,
  ListenerAction,
  ListenerCondition,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import type { Construct } from 'constructs'
import { hostsOf } from '../../../catalog/compile.ts'
import { balancerCheck } from '../../../catalog/health.ts'
import type { Route } from '../../../catalog/route-schema.ts'
import type { Environment, Service } from '../../../catalog/schema.ts'
import { rulePriority } from '../../../domain/routes.ts'
import { authentication } from '../network/load-balancer.ts'
import type { SharedResources } from '../shared-resources.ts'

export type RouteProps = {
  service: Service
  route: Route
  shared: SharedResources
  ecsService: FargateService
}

/**
 * Requests of a developer end sooner than the default five minutes, which every roll-out would
 * wait for.
 */
export const DEREGISTRATION_DELAY = Duration.seconds(30)

/**
 * How a load balancer checks the tasks. By default a new task gets requests within 20 seconds, and
 * a failing one gets none after that time.
 */
export function targetCheck(service: Service) {
  const check = balancerCheck(service)
  return (
    check && {
      interval: Duration.seconds(check.interval),
      timeout: Duration.seconds(check.timeout),
      healthyThresholdCount: check.healthy,
      unhealthyThresholdCount: check.unhealthy,
    }
  )
}

const VERSIONS: Record<NonNullable<Route['protocol']>, ApplicationProtocolVersion> = {
  http1: ApplicationProtocolVersion.HTTP1,
  http2: ApplicationProtocolVersion.HTTP2,
  grpc: ApplicationProtocolVersion.GRPC,
}

/** The same as before what wakes a service: whoever has signed in there has signed in here. */
function signInFirst(
  rule: ApplicationListenerRule,
  signIn: NonNullable<Environment['signIn']>,
  { targetGroupArn }: ApplicationTargetGroup,
): void {
  const resource = rule.node.defaultChild as CfnListenerRule
  resource.actions = [authentication(signIn), { type: 'forward', order: 2, targetGroupArn }]
}

/**
 * Puts a service behind its path, or its host, on the load balancer. CloudFormation names the group
 * of targets: its port and protocol cannot change, so that another port is another group, which
 * must not have the name of the first while both are there.
 */
export function routeTo(scope: Construct, props: RouteProps): ApplicationTargetGroup {
  const { service, route, shared, ecsService } = props
  const { container: sidecar } = route
  const port = sidecar === undefined ? service.port : service.sidecars[sidecar]?.port
  const targetGroup = new ApplicationTargetGroup(scope, 'targets', {
    vpc: shared.vpc,
    targetType: TargetType.IP,
    protocol: ApplicationProtocol.HTTP,
    ...(route.protocol !== undefined && { protocolVersion: VERSIONS[route.protocol] }),
    ...(port !== undefined && { port }),
    deregistrationDelay:
      route.drain === undefined ? DEREGISTRATION_DELAY : Duration.seconds(route.drain),
    ...(route.sticky !== undefined && {
      stickinessCookieDuration: Duration.seconds(route.sticky),
    }),
    healthCheck: {
      ...(service.healthPath !== undefined && { path: service.healthPath }),
      ...targetCheck(service),
      ...(service.health?.codes && {
        [route.protocol === 'grpc' ? 'healthyGrpcCodes' : 'healthyHttpCodes']: service.health.codes,
      }),
    },
    targets: [
      sidecar === undefined || port === undefined
        ? ecsService
        : ecsService.loadBalancerTarget({ containerName: sidecar, containerPort: port }),
    ],
  })
  const hosts = hostsOf(route, shared.environment)
  const rule = new ApplicationListenerRule(scope, 'rule', {
    listener: shared.listener,
    priority: rulePriority(route.priority),
    conditions: [
      ...(hosts.length === 0 ? [] : [ListenerCondition.hostHeaders(hosts)]),
      ListenerCondition.pathPatterns([...route.paths]),
      ...(route.sources === undefined ? [] : [ListenerCondition.sourceIps(route.sources)]),
    ],
    action: ListenerAction.forward([targetGroup]),
  })
  const { signIn } = shared.environment
  if (route.signIn && signIn !== undefined) signInFirst(rule, signIn, targetGroup)
  return targetGroup
}
