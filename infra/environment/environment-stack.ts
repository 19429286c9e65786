import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib'
import type { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import { PrivateDnsNamespace } from 'aws-cdk-lib/aws-servicediscovery'
import type { Construct } from 'constructs'
import type { Environment, Service } from '../../catalog/schema.ts'
import { alarmTopic } from '../alarm-topic.ts'
import { Bastion } from './access/bastion.ts'
import { watchBreakGlass } from './access/break-glass-alarm.ts'
import { environmentDeadLetters } from './dead-letters.ts'
import { exportAlways } from './exports.ts'
import { AccessLogs } from './network/access-logs.ts'
import { nameInDns } from './network/domain.ts'
import { addInterfaceEndpoints } from './network/interface-endpoints.ts'
import { LoadBalancer } from './network/load-balancer.ts'
import { Network } from './network/network.ts'
import { NetworkLoadBalancer } from './network/network-load-balancer.ts'
import { SecurityGroups } from './network/security-groups.ts'
import { budgets } from './observability/budgets.ts'
import { environmentDashboard } from './observability/environment-dashboard.ts'
import { grafanaWorkspace } from './observability/grafana.ts'
import { notices } from './observability/notices.ts'
import { type Prometheus, prometheusWorkspace } from './observability/prometheus.ts'
import { artifactBucket } from './pipelines/artifacts.ts'
import { hasPipeline } from './pipelines/delivery.ts'
import { Clusters } from './services/clusters.ts'
import { topics } from './services/messaging.ts'
import type { SharedResources } from './shared-resources.ts'

export type EnvironmentStackProps = StackProps & {
  environment: Environment
  /** Only to know what they need of what they share. */
  services: readonly Service[]
}

/** `<Environment>Environment`: what services share and what changes once a quarter. */
export class EnvironmentStack extends Stack {
  readonly shared: SharedResources

  constructor(scope: Construct, id: string, props: EnvironmentStackProps) {
    super(scope, id, props)
    const { environment, services } = props
    const { certificate, parts } = environment
    const { vpc } = new Network(this, 'network', environment)
    const groups = new SecurityGroups(this, 'tiers', vpc, {
      secure: certificate !== undefined,
      datagrams: services.some(({ nlb = [] }) => nlb.some(({ protocol }) => protocol === 'udp')),
    })
    addInterfaceEndpoints(vpc, environment.interfaceEndpoints, groups.endpoints)
    const logs = parts.accessLogs ? new AccessLogs(this, 'access-logs').bucket : undefined
    const { balancer, listener } = new LoadBalancer(this, 'load-balancer', {
      vpc,
      securityGroup: groups.loadBalancer,
      certificate,
      signIn: environment.signIn,
      logs,
    })
    const networkBalancer = services.some(({ nlb }) => nlb !== undefined)
      ? new NetworkLoadBalancer(this, 'network-load-balancer', {
          vpc,
          securityGroup: groups.networkLoadBalancer,
          logs,
        }).balancer
      : undefined
    const { domain, hostedZone } = environment
    if (domain !== undefined && hostedZone !== undefined) {
      nameInDns(this, { domain, hostedZone, balancer, networkBalancer })
    }
    const namespace = new PrivateDnsNamespace(this, 'namespace', {
      name: environment.namespace,
      description: `Services of ${environment.name} find each other here`,
      vpc,
    })
    new Clusters(this, 'clusters', { vpc, containerInsights: parts.containerInsights })
    environmentDeadLetters(this)
    topics(this, services)
    const prometheus = this.#observe(props, balancer)
    if (parts.bastion) {
      const { schedule } = environment
      new Bastion(this, 'bastion', { vpc, securityGroup: groups.bastion, schedule })
    }
    const artifacts = services.some(hasPipeline)
      ? this.exportValue(artifactBucket(this, logs).bucketName)
      : undefined
    new CfnOutput(this, 'Entrance', {
      description: 'Where services with a route are reached',
      value: balancer.loadBalancerDnsName,
    })
    this.shared = {
      environment,
      vpc,
      namespace,
      listener,
      networkBalancer,
      securityGroups: groups,
      logs,
      artifacts,
      prometheus,
    }
    exportAlways(this, this.shared)
  }

  /** @returns where services send their metrics, if anywhere. */
  #observe(
    { environment, services }: EnvironmentStackProps,
    balancer: ApplicationLoadBalancer,
  ): Prometheus | undefined {
    const { parts } = environment
    notices(this)
    alarmTopic(this, environment.alarms.email)
    watchBreakGlass(this)
    budgets(this, environment)
    if (parts.dashboards) environmentDashboard(this, { services, balancer })
    const prometheus = parts.prometheus ? prometheusWorkspace(this) : undefined
    if (parts.grafana) grafanaWorkspace(this, prometheus)
    return prometheus
  }
}
