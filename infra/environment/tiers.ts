import { type IVpc, Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2'
import { Construct } from 'constructs'
import { acknowledge } from '../nag.ts'
import { named } from '../names.ts'

/**
 * Tiers: who may open a connection to whom. Rules go from tier to tier, so that a service needs
 * none of its own.
 */
export class Tiers extends Construct {
  readonly loadBalancer: SecurityGroup
  readonly frontend: SecurityGroup
  readonly backend: SecurityGroup

  constructor(scope: Construct, id: string, vpc: IVpc, { secure }: { secure: boolean }) {
    super(scope, id)
    const tier = (name: string, description: string) =>
      new SecurityGroup(this, name, {
        vpc,
        securityGroupName: named(this, name),
        description,
        allowAllOutbound: true,
      })
    this.loadBalancer = tier('load-balancer', 'The load balancer: open to the internet')
    this.frontend = tier('frontend', 'Services of the frontend cluster')
    this.backend = tier('backend', 'Services of the backend cluster')

    for (const port of secure ? [80, 443] : [80]) {
      this.loadBalancer.addIngressRule(Peer.anyIpv4(), Port.tcp(port), 'Anybody')
    }
    acknowledge(
      this.loadBalancer,
      'AwsSolutions-EC23',
      'This is the public entrance: the web ports, and nothing else, are open to the internet.',
    )
    for (const callee of [this.frontend, this.backend]) {
      callee.addIngressRule(this.loadBalancer, Port.allTcp(), 'From the load balancer')
      callee.addIngressRule(this.frontend, Port.allTcp(), 'From frontend services')
      callee.addIngressRule(this.backend, Port.allTcp(), 'From backend services')
    }
  }
}
