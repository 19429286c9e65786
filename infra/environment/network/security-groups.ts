import { type IVpc, Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2'
import { Construct } from 'constructs'
import { acknowledge } from '../../nag.ts'
import { named } from '../../names.ts'

/** Whether the web is spoken over HTTPS, and whether a service takes UDP. */
type Asked = { secure: boolean; datagrams: boolean }

/**
 * SecurityGroups: who may open a connection to whom. There is one group for each kind of member
 * (a cluster, a load balancer, a data store); a service needs no rules of its own.
 *
 * internet → load balancers → frontend ⇄ backend → database; both clusters → cache, files.
 */
export class SecurityGroups extends Construct {
  readonly loadBalancer: SecurityGroup
  /** Open at the ports of the services that ask for one: `nlb-port.ts`. */
  readonly networkLoadBalancer: SecurityGroup
  readonly frontend: SecurityGroup
  readonly backend: SecurityGroup
  /** The bastion, which people reach through SSM; nobody can connect to it. */
  readonly bastion: SecurityGroup
  readonly database: SecurityGroup
  readonly cache: SecurityGroup
  readonly files: SecurityGroup
  /** Interface endpoints of AWS services. */
  readonly endpoints: SecurityGroup

  constructor(scope: Construct, id: string, vpc: IVpc, { secure, datagrams }: Asked) {
    super(scope, id)
    const tier = (name: string, description: string, { calls = true } = {}) =>
      new SecurityGroup(this, name, {
        vpc,
        securityGroupName: named(this, name),
        description,
        allowAllOutbound: calls,
      })
    this.loadBalancer = tier('load-balancer', 'The load balancer: open to the internet')
    this.networkLoadBalancer = tier('network-load-balancer', 'Open at ports that services ask for')
    this.frontend = tier('frontend', 'Services of the frontend cluster')
    this.backend = tier('backend', 'Services of the backend cluster')
    this.bastion = tier('bastion', 'People at the bastion, through SSM')
    this.database = tier('database', 'PostgreSQL', { calls: false })
    this.cache = tier('cache', 'Valkey', { calls: false })
    this.files = tier('files', 'The file system', { calls: false })
    this.endpoints = tier('endpoints', 'Interface endpoints of AWS services', { calls: false })
    this.#openToInternet(secure ? [80, 443] : [80])
    this.#openServices()
    if (datagrams) this.#openToDatagrams()
    this.#openData()
  }

  #openToInternet(ports: readonly number[]): void {
    for (const port of ports) {
      this.loadBalancer.addIngressRule(Peer.anyIpv4(), Port.tcp(port), 'Anybody')
    }
    acknowledge(
      this.loadBalancer,
      'AwsSolutions-EC23',
      'This is the public entrance: the web ports, and nothing else, are open to the internet.',
    )
  }

  #openServices(): void {
    for (const callee of [this.frontend, this.backend]) {
      callee.addIngressRule(this.loadBalancer, Port.allTcp(), 'From the load balancer')
      callee.addIngressRule(
        this.networkLoadBalancer,
        Port.allTcp(),
        'From the network load balancer',
      )
      callee.addIngressRule(this.frontend, Port.allTcp(), 'From frontend services')
      callee.addIngressRule(this.backend, Port.allTcp(), 'From backend services')
    }
  }

  /** Some service takes UDP at the network load balancer. */
  #openToDatagrams(): void {
    for (const callee of [this.frontend, this.backend]) {
      callee.addIngressRule(
        this.networkLoadBalancer,
        Port.allUdp(),
        'Datagrams from the network load balancer',
      )
    }
  }

  #openData(): void {
    const open = (
      to: SecurityGroup,
      port: number,
      callers: Partial<Record<'frontend' | 'backend' | 'bastion', SecurityGroup>>,
    ) => {
      for (const [name, caller] of Object.entries(callers)) {
        to.addIngressRule(caller, Port.tcp(port), `From the ${name}`)
      }
    }
    const { frontend, backend, bastion } = this
    // A web page must not open a database: catalog/kind-checks.ts says so before this does.
    open(this.database, 5432, { backend, bastion })
    open(this.cache, 6379, { frontend, backend, bastion })
    open(this.files, 2049, { frontend, backend })
    open(this.endpoints, 443, { frontend, backend, bastion })
  }
}
