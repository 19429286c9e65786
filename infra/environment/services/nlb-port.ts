import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import { CfnSecurityGroupIngress } from 'aws-cdk-lib/aws-ec2'
import type { FargateService } from 'aws-cdk-lib/aws-ecs'
import {
  type INetworkLoadBalancer,
  NetworkListener,
  NetworkTargetGroup,
  Protocol,
  SslPolicy,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import type { Construct } from 'constructs'
import type { Service } from '../../../catalog/schema.ts'
import { acknowledge } from '../../nag.ts'
import type { SharedResources } from '../shared-resources.ts'
import { DEREGISTRATION_DELAY, targetCheck } from './route.ts'

export type NlbPortProps = {
  service: Service
  /** The port outside; inside it is the service's own. */
  port: number
  balancer: INetworkLoadBalancer
  shared: SharedResources
  ecsService: FargateService
}

/**
 * `nlb: 7000`: opens a port of the network load balancer and puts the service behind it. The group
 * of targets has no name of its own for the reason that `route.ts` gives.
 */
export function openPort(scope: Construct, props: NlbPortProps): NetworkTargetGroup {
  const { service, port, balancer, shared, ecsService } = props
  const targetGroup = new NetworkTargetGroup(scope, 'targets', {
    vpc: shared.vpc,
    targetType: TargetType.IP,
    protocol: Protocol.TCP,
    port: service.port ?? port,
    deregistrationDelay: DEREGISTRATION_DELAY,
    // Accepting a connection is all that is known of a protocol that may be anything.
    healthCheck: {
      protocol: Protocol.TCP,
      ...targetCheck(service),
    },
    targets: [ecsService],
  })
  const { certificate } = shared.environment
  new NetworkListener(scope, 'listener', {
    loadBalancer: balancer,
    port,
    ...(certificate === undefined
      ? { protocol: Protocol.TCP }
      : {
          protocol: Protocol.TLS,
          certificates: [Certificate.fromCertificateArn(scope, 'certificate', certificate)],
          sslPolicy: SslPolicy.RECOMMENDED_TLS,
        }),
    defaultTargetGroups: [targetGroup],
  })
  const ingress = new CfnSecurityGroupIngress(scope, 'ingress', {
    groupId: shared.securityGroups.networkLoadBalancer.securityGroupId,
    ipProtocol: 'tcp',
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
