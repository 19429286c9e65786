import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import { type IVpc, type SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2'
import {
  type ApplicationListener,
  ApplicationLoadBalancer,
  ListenerAction,
  SslPolicy,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { named } from '../../names.ts'
import { logTo } from './access-logs.ts'

export type LoadBalancerProps = {
  vpc: IVpc
  securityGroup: SecurityGroup
  /** ARN of an ACM certificate; without one the listener speaks HTTP. */
  certificate: string | undefined
  /** Where its access log goes. */
  logs: Bucket | undefined
}

/** Load balancer: one entrance for every service that has a route. */
export class LoadBalancer extends Construct {
  readonly balancer: ApplicationLoadBalancer
  /** Services add their rules here. */
  readonly listener: ApplicationListener

  constructor(scope: Construct, id: string, props: LoadBalancerProps) {
    super(scope, id)
    const { vpc, securityGroup, certificate, logs } = props
    this.balancer = new ApplicationLoadBalancer(this, 'public', {
      loadBalancerName: named(this, 'public'),
      vpc,
      vpcSubnets: { subnetType: SubnetType.PUBLIC },
      internetFacing: true,
      securityGroup,
      dropInvalidHeaderFields: true,
    })
    logTo(this.balancer, 'alb', logs)
    this.listener = this.balancer.addListener('listener', {
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
    if (certificate !== undefined) this.balancer.addRedirect({ open: false })
  }
}
