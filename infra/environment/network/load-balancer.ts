import { SecretValue } from 'aws-cdk-lib'
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import { type IVpc, type SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2'
import {
  type ApplicationListener,
  ApplicationLoadBalancer,
  ApplicationProtocol,
  CfnListenerRule,
  CfnTargetGroup,
  ListenerAction,
  SslPolicy,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import type { Environment } from '../../../catalog/schema.ts'
import {
  balancerName,
  SIGN_IN_PATH,
  SIGN_IN_PRIORITY,
  SIGNED_IN_PATH,
  signedInTargetsName,
  wakeTargetsName,
} from '../../../domain/routes.ts'
import { environmentOf } from '../../names.ts'
import { logTo } from './access-logs.ts'

export type LoadBalancerProps = {
  vpc: IVpc
  securityGroup: SecurityGroup
  /** ARN of an ACM certificate; without one the listener speaks HTTP. */
  certificate: string | undefined
  /** Where visitors sign in before they wake what sleeps. */
  signIn: Environment['signIn']
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
    const { vpc, securityGroup, certificate, signIn, logs } = props
    this.balancer = new ApplicationLoadBalancer(this, 'public', {
      loadBalancerName: balancerName(environmentOf(this)),
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
    this.#redirect(certificate !== undefined)
    this.#leadToThePage()
    if (signIn !== undefined) this.#haveSignIn(signIn)
  }

  /**
   * The target group that rules lead to while a service sleeps. It is empty: the control plane, of
   * which this stack knows nothing, puts its function in and makes the rules. CloudFormation deletes
   * the listener first, and its rules with it: a target group that a rule leads to cannot be deleted.
   */
  #leadToThePage(): void {
    const group = new CfnTargetGroup(this, 'wake', {
      name: wakeTargetsName(environmentOf(this)),
      targetType: 'lambda',
    })
    this.listener.node.addDependency(group)
  }

  /**
   * One rule for a path of Caretaker's own, at which people sign in before the same function is
   * asked, in a target group that nothing else leads to: whoever comes through it has signed in.
   * CloudFormation resolves the client's secret; the rules that the machine makes need none. The
   * provider sends people back to the second path; whether rules are asked for it is not written
   * down, so that this one takes it.
   */
  #haveSignIn(signIn: NonNullable<Environment['signIn']>): void {
    const group = new CfnTargetGroup(this, 'signed-in', {
      name: signedInTargetsName(environmentOf(this)),
      targetType: 'lambda',
    })
    new CfnListenerRule(this, 'sign-in', {
      listenerArn: this.listener.listenerArn,
      priority: SIGN_IN_PRIORITY,
      conditions: [
        {
          field: 'path-pattern',
          pathPatternConfig: { values: [SIGN_IN_PATH, SIGNED_IN_PATH] },
        },
      ],
      actions: [authentication(signIn), { type: 'forward', order: 2, targetGroupArn: group.ref }],
    })
  }

  /**
   * With a certificate, port 80 leads to port 443. Without one this listener waits at a port that
   * the security group does not open: CloudFormation deletes last, and a listener that was still at
   * port 80 then would keep the other from coming back to it. A port can have one listener, so
   * whichever leaves port 80 goes first.
   */
  #redirect(secure: boolean): void {
    const redirect = this.balancer.addListener('Redirect80To443', {
      port: secure ? 80 : WAITING_PORT,
      protocol: ApplicationProtocol.HTTP,
      open: false,
      defaultAction: ListenerAction.redirect({
        port: '443',
        protocol: ApplicationProtocol.HTTPS,
        permanent: true,
      }),
    })
    if (secure) redirect.node.addDependency(this.listener)
    else this.listener.node.addDependency(redirect)
  }
}

/** Whoever has signed in may wake what sleeps for a working day. */
const SESSION_SECONDS = 12 * 60 * 60

/** No security group admits anybody to it. */
const WAITING_PORT = 8080

/** The action with which visitors sign in; CloudFormation resolves the client's secret. */
export function authentication({ clientSecret, ...provider }: NonNullable<Environment['signIn']>) {
  return {
    type: 'authenticate-oidc',
    order: 1,
    authenticateOidcConfig: {
      ...provider,
      clientSecret: SecretValue.secretsManager(clientSecret).unsafeUnwrap(),
      scope: 'openid email',
      onUnauthenticatedRequest: 'authenticate',
      sessionTimeout: SESSION_SECONDS,
    },
  }
}
