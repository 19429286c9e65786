import type { ILoadBalancerV2 } from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import { ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53'
import { LoadBalancerTarget } from 'aws-cdk-lib/aws-route53-targets'
import type { Construct } from 'constructs'
import { NETWORK_LABEL } from '../../../catalog/endpoints.ts'

export type DomainProps = {
  domain: string
  hostedZone: string
  balancer: ILoadBalancerV2
  networkBalancer: ILoadBalancerV2 | undefined
}

/** The domain and every name directly below it lead to the load balancer; one to the other. */
export function nameInDns(scope: Construct, props: DomainProps): void {
  const { domain, hostedZone, balancer, networkBalancer } = props
  const zone = HostedZone.fromHostedZoneAttributes(scope, 'zone', {
    hostedZoneId: hostedZone,
    zoneName: domain,
  })
  const record = (id: string, recordName: string, to: ILoadBalancerV2) =>
    new ARecord(scope, id, {
      zone,
      recordName,
      target: RecordTarget.fromAlias(new LoadBalancerTarget(to)),
    })
  record('domain', domain, balancer)
  record('domain-services', `*.${domain}`, balancer)
  if (networkBalancer !== undefined) {
    record('domain-network', `${NETWORK_LABEL}.${domain}`, networkBalancer)
  }
}
