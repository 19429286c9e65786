import type { ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2'
import type {
  ApplicationListener,
  INetworkLoadBalancer,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import type { PrivateDnsNamespace } from 'aws-cdk-lib/aws-servicediscovery'
import type { Construct } from 'constructs'
import type { Environment } from '../../catalog/schema.ts'
import type { SecurityGroups } from './network/security-groups.ts'
import type { Prometheus } from './observability/prometheus.ts'

/** What the environment has for every service: each service's stack is given it. */
export type SharedResources = {
  environment: Environment
  vpc: IVpc
  namespace: PrivateDnsNamespace
  listener: ApplicationListener
  /** Undefined while no service has a port on it. */
  networkBalancer: INetworkLoadBalancer | undefined
  /** By name; see `security-groups.ts` for who may call whom. */
  securityGroups: Record<keyof Omit<SecurityGroups, keyof Construct>, ISecurityGroup>
  /** Where buckets write who used them. */
  logs: Bucket | undefined
  /** The name of the bucket of `artifacts.ts`, as service stacks import it; only with pipelines. */
  artifacts: string | undefined
  /** Where services with `tracing` send their metrics. */
  prometheus: Prometheus | undefined
}
