import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import { type IVpc, type SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2'
import {
  type ApplicationListener,
  ApplicationLoadBalancer,
  ListenerAction,
  SslPolicy,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import { Construct } from 'constructs'
import { acknowledge } from '../nag.ts'
import { named } from '../names.ts'

export type LoadBalancerProps = {
  vpc: IVpc
  securityGroup: SecurityGroup
  /** ARN of an ACM certificate; without one the listener speaks HTTP. */
  certificate?: string | undefined
}

/** Load balancer: one entrance for every service that has a route. */
export class LoadBalancer extends Construct {
  /** Services add their rules here. */
  readonly listener: ApplicationListener

  constructor(
    scope: Construct,
    id: string,
    { vpc, securityGroup, certificate }: LoadBalancerProps,
  ) {
    super(scope, id)
    const balancer = new ApplicationLoadBalancer(this, 'public', {
      loadBalancerName: named(this, 'public'),
      vpc,
      vpcSubnets: { subnetType: SubnetType.PUBLIC },
      internetFacing: true,
      securityGroup,
      dropInvalidHeaderFields: true,
    })
    acknowledge(
      balancer,
      'AwsSolutions-ELB2',
      'Access logs answer who called what in production. Here every service logs its own requests, the load balancer has its metrics, and a bucket of logs would outlive the environment.',
    )
    this.listener = balancer.addListener('listener', {
      ...(certificate === undefined
        ? { port: 80 }
        : {
            port: 443,
            certificates: [Certificate.fromCertificateArn(this, 'certificate', certificate)],
            sslPolicy: SslPolicy.RECOMMENDED_TLS,
          }),
      // The security group says who may come; the listener adds no rule of its own.
      open: false,
      defaultAction: ListenerAction.fixedResponse(404, {
        contentType: 'text/plain',
        messageBody: 'No service has this path.',
      }),
    })
    if (certificate !== undefined) balancer.addRedirect({ open: false })
  }
}
