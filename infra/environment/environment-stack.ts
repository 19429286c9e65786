import { Stack, type StackProps } from 'aws-cdk-lib'
import type { ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2'
import type { ICluster } from 'aws-cdk-lib/aws-ecs'
import type { ApplicationListener } from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import { PrivateDnsNamespace } from 'aws-cdk-lib/aws-servicediscovery'
import type { Construct } from 'constructs'
import type { Environment, Service } from '../../catalog/schema.ts'
import { Clusters } from './clusters.ts'
import { LoadBalancer } from './load-balancer.ts'
import { Network } from './network.ts'
import { Tiers } from './tiers.ts'

/** What a service finds when it arrives. */
export type Home = {
  vpc: IVpc
  namespace: PrivateDnsNamespace
  listener: ApplicationListener
  clusters: Record<Service['cluster'], ICluster>
  securityGroups: Record<Service['cluster'], ISecurityGroup>
}

/** `<Environment>Environment`: what services share and what changes once a quarter. */
export class EnvironmentStack extends Stack {
  readonly home: Home

  constructor(scope: Construct, id: string, environment: Environment, props: StackProps) {
    super(scope, id, props)
    const { certificate } = environment
    const { vpc } = new Network(this, 'network', environment)
    const tiers = new Tiers(this, 'tiers', vpc, { secure: certificate !== undefined })
    const { listener } = new LoadBalancer(this, 'load-balancer', {
      vpc,
      securityGroup: tiers.loadBalancer,
      certificate,
    })
    const namespace = new PrivateDnsNamespace(this, 'namespace', {
      name: environment.namespace,
      description: `Services of ${environment.name} find each other here`,
      vpc,
    })
    const clusters = new Clusters(this, 'clusters', vpc)
    this.home = { vpc, namespace, listener, clusters, securityGroups: tiers }
  }
}
