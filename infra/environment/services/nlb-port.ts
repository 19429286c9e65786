import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import { CfnSecurityGroupIngress } from 'aws-cdk-lib/aws-ec2'
import { Protocol as EcsProtocol, type FargateService } from 'aws-cdk-lib/aws-ecs'
import {
  type INetworkLoadBalancer,
  NetworkListener,
  NetworkTargetGroup,
  Protocol,
  SslPolicy,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import { Construct } from 'constructs'
import type { NlbListener } from '../../../catalog/nlb-schema.ts'
import type { Service } from '../../../catalog/schema.ts'
import { acknowledge } from '../../nag.ts'
import type { SharedResources } from '../shared-resources.ts'
import { DEREGISTRATION_DELAY, targetCheck } from './route.ts'

export type NlbPortProps = {
  service: Service
  /** The ports outside; inside each is the service's own, unless it says another. */
  listeners: readonly NlbListener[]
  balancer: INetworkLoadBalancer
  shared: SharedResources
  ecsService: FargateService
}

/**
 * `nlb: 7000`, or several: opens ports of the network load balancer and puts the service behind
 * them. The groups of targets have no names of their own for the reason that `route.ts` gives.
 *
 * @returns the first group: its metrics stand for the service.
 */
export function openPorts(
  scope: Construct,
  { listeners, ...props }: NlbPortProps,
): NetworkTargetGroup | undefined {
  const groups = listeners.map((listener, index) =>
    // The first has the ids that it had when there was no other.
    openPort(index === 0 ? scope : new Construct(scope, `nlb-${listener.port}`), listener, props),
  )
  return groups[0]
}

/** What each is spoken to with outside, and behind the load balancer. */
const PROTOCOLS = {
  tcp: { outside: Protocol.TCP, inside: Protocol.TCP, ip: 'tcp', ecs: EcsProtocol.TCP },
  tls: { outside: Protocol.TLS, inside: Protocol.TCP, ip: 'tcp', ecs: EcsProtocol.TCP },
  udp: { outside: Protocol.UDP, inside: Protocol.UDP, ip: 'udp', ecs: EcsProtocol.UDP },
} as const

function openPort(
  scope: Construct,
  listener: NlbListener,
  props: Omit<NlbPortProps, 'listeners'>,
): NetworkTargetGroup {
  const { service, balancer, shared, ecsService } = props
  const { certificate } = shared.environment
  const { port, container = service.name, to } = listener
  const protocol = PROTOCOLS[listener.protocol ?? (certificate === undefined ? 'tcp' : 'tls')]
  const own = container === service.name ? service.port : service.sidecars[container]?.port
  const target = to ?? own
  const isPlain = container === service.name && target === service.port && protocol.ip === 'tcp'
  const targetGroup = new NetworkTargetGroup(scope, 'targets', {
    vpc: shared.vpc,
    targetType: TargetType.IP,
    protocol: protocol.inside,
    port: target ?? port,
    deregistrationDelay: DEREGISTRATION_DELAY,
    // Accepting a connection is all that is known of a protocol that may be anything. Datagrams are
    // not accepted: the container's own port is asked.
    healthCheck: {
      protocol: Protocol.TCP,
      ...(protocol.ip === 'udp' && own !== undefined && { port: String(own) }),
      ...targetCheck(service),
    },
    targets: [
      isPlain || target === undefined
        ? ecsService
        : ecsService.loadBalancerTarget({
            containerName: container,
            containerPort: target,
            protocol: protocol.ecs,
          }),
    ],
  })
  new NetworkListener(scope, 'listener', {
    loadBalancer: balancer,
    port,
    protocol: protocol.outside,
    ...(protocol.outside === Protocol.TLS && certificate !== undefined
      ? {
          certificates: [Certificate.fromCertificateArn(scope, 'certificate', certificate)],
          sslPolicy: SslPolicy.RECOMMENDED_TLS,
        }
      : {}),
    defaultTargetGroups: [targetGroup],
  })
  const ingress = new CfnSecurityGroupIngress(scope, 'ingress', {
    groupId: shared.securityGroups.networkLoadBalancer.securityGroupId,
    ipProtocol: protocol.ip,
    fromPort: port,
    toPort: port,
    cidrIp: '0.0.0.0/0',
    description: `Anybody, to ${service.name}`,
  })
  acknowledge(
    ingress,
    'AwsSolutions-EC23',
    'The catalog asks for this port of the public entrance (nlb); no other is opened.',
  )
  return targetGroup
}
