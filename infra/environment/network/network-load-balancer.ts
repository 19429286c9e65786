import { type IVpc, type SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2'
import {
  type INetworkLoadBalancer,
  NetworkLoadBalancer as Nlb,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { named } from '../../names.ts'
import { logTo } from './access-logs.ts'

export type NetworkLoadBalancerProps = {
  vpc: IVpc
  securityGroup: SecurityGroup
  logs: Bucket | undefined
}

/** Network load balancer: for what is not HTTP. Services add a listener per port. */
export class NetworkLoadBalancer extends Construct {
  readonly balancer: INetworkLoadBalancer

  constructor(scope: Construct, id: string, props: NetworkLoadBalancerProps) {
    super(scope, id)
    const { vpc, securityGroup, logs } = props
    const balancer = new Nlb(this, 'public', {
      loadBalancerName: named(this, 'network'),
      vpc,
      vpcSubnets: { subnetType: SubnetType.PUBLIC },
      internetFacing: true,
      securityGroups: [securityGroup],
      // A service of one task answers in one zone; without this the other zone's address does not answer.
      crossZoneEnabled: true,
    })
    logTo(balancer, 'nlb', logs)
    this.balancer = balancer as INetworkLoadBalancer
  }
}
