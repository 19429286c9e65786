import type { DiscoverInstancesCommandOutput } from '@aws-sdk/client-servicediscovery'
import type { Aws, Caller } from '../../aws/aws.ts'
import type { Ecs } from '../../aws/ecs/ecs.ts'
import { AwsError } from '../../aws/errors.ts'
import { enter, type Sent } from './entrance.ts'

/** What came back: an HTTP status (0 without a connection), from whom, and what that one called. */
export type Answer = {
  url: string
  status: number
  /** The service and the image that answered. */
  by?: { service: string; digest: string }
  why: string
  calls: Answer[]
}

const NETWORK: Caller = { kind: 'aws', name: 'network' }
/** Where a load balancer listens unless the URL says otherwise. */
const PORTS: Record<string, number> = { 'http:': 80, 'https:': 443 }

/**
 * Requests between the environment's parts, as far as needed to see whether they can reach each other:
 * names are resolved in Cloud Map, load balancers follow their listeners, rules and target health,
 * and a service calls every `…_URL` it was started with. There are no packets and no security
 * groups.
 */
export class Traffic {
  readonly #aws: Aws
  readonly #ecs: Ecs

  constructor(aws: Aws, ecs: Ecs) {
    this.#aws = aws
    this.#ecs = ecs
  }

  /**
   * Sends a request.
   *
   * @param url `http://<service>.<namespace>:<port>/…` inside; outside `/…` for the application
   *   load balancer, `tcp://:<port>` for the network load balancer.
   */
  async request(url: string): Promise<Answer> {
    const sent = await this.#send(url)
    return 'why' in sent ? { url, ...sent, calls: [] } : this.at(url, sent)
  }

  /** A request that has arrived at an address inside. */
  async at(url: string, { address, port }: { address: string; port: number }): Promise<Answer> {
    const listening = this.#ecs.listener(address, port)
    if (listening === undefined) {
      return { url, status: 502, why: `nothing answers at ${address}:${port}`, calls: [] }
    }
    const { service, digest, environment } = listening
    const calls = await Promise.all(dependenciesIn(environment).map((one) => this.request(one)))
    const failed = calls.find(({ status }) => status !== 200)
    const by = { service, digest }
    return failed === undefined
      ? { url, status: 200, by, why: `${service} answers`, calls }
      : { url, status: 502, by, why: `${service} calls ${failed.url}: ${failed.why}`, calls }
  }

  #send(url: string): Promise<Sent> {
    if (url.startsWith('/')) {
      return enter(this.#aws, 'application', { port: 80, host: '', path: url })
    }
    const { protocol, hostname, port, pathname } = new URL(url.replace('tcp://:', 'tcp://network:'))
    if (protocol === 'tcp:') {
      return enter(this.#aws, 'network', { port: Number(port), host: hostname, path: '' })
    }
    const [name = '', ...namespace] = hostname.split('.')
    const at = Number(port) || (PORTS[protocol] ?? 80)
    return this.#discover(name, namespace.join('.'), at, pathname)
  }

  /** As Route 53 answers for a private namespace: healthy instances, or all if none is healthy. */
  async #discover(name: string, namespace: string, port: number, path: string): Promise<Sent> {
    const host = `${name}.${namespace}`
    try {
      const { Instances = [] } = await this.#aws.call<DiscoverInstancesCommandOutput>(
        'servicediscovery',
        'DiscoverInstances',
        { NamespaceName: namespace, ServiceName: name, HealthStatus: 'HEALTHY_OR_ELSE_ALL' },
        NETWORK,
      )
      const address = Instances[0]?.Attributes?.AWS_INSTANCE_IPV4
      if (address !== undefined) return { address, port }
      return { status: 0, why: `${host} has no address: no task of it runs` }
    } catch (error) {
      if (!(error instanceof AwsError) || !/NotFound$/.test(error.name)) throw error
      return enter(this.#aws, 'application', { port, host, path })
    }
  }
}

const dependenciesIn = (environment: Record<string, string>): string[] =>
  Object.entries(environment)
    .filter(([name, value]) => name.endsWith('_URL') && /^https?:\/\//.test(value))
    .map(([, value]) => value)
