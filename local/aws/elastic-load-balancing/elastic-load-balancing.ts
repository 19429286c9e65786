import type {
  AddTagsInput,
  DescribeTagsInput,
  LoadBalancer,
  RemoveTagsInput,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Aws, Operations, Service } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { type Tags, tagList, tagsByArn, tagsFrom, untag } from '../tags.ts'
import { askFunction } from './function-target.ts'
import type { BalancedRequest } from './http.ts'
import { listenerOperations } from './listeners.ts'
import { loadBalancerOperations } from './load-balancers.ts'
import { Balancing, type TargetState } from './model.ts'
import { type Routed, route } from './route.ts'
import { targetGroupOperations } from './target-groups.ts'
import type { HealthListener, Probe } from './targets.ts'
import { TargetHealthChecks } from './targets.ts'

type Fetch = typeof globalThis.fetch

/** Elastic Load Balancing, version 2: load balancers, listeners, rules, target groups. */
export class ElasticLoadBalancing implements Service {
  readonly id = 'elastic-load-balancing-v2'
  readonly operations: Operations
  readonly #balancing: Balancing
  readonly #checks: TargetHealthChecks
  #requested: (balancer: string, group: string) => void = () => {}

  constructor(aws: Aws) {
    this.#balancing = new Balancing(aws)
    this.#checks = new TargetHealthChecks(aws.world)
    this.operations = {
      ...loadBalancerOperations(this.#balancing),
      ...listenerOperations(this.#balancing),
      ...targetGroupOperations(this.#balancing, this.#checks),
      ...this.#tagOperations(),
    }
  }

  /** ECS, which runs the targets, provides how they answer and is called when their health changes. */
  watch(behind: { probe: Probe; changed: HealthListener }): void {
    this.#checks.probe = behind.probe
    this.#checks.changed = behind.changed
  }

  /** The target `id` may answer differently from now on. */
  recheck(id: string): void {
    this.#checks.recheck(this.#balancing.groups.values(), id)
  }

  register(groupArn: string, id: string, port: number): void {
    this.#checks.register(this.#balancing.group(groupArn), id, port)
  }

  deregister(groupArn: string, id: string, port: number): void {
    const group = this.#balancing.groups.get(groupArn)
    if (group !== undefined) this.#checks.deregister(group, id, port)
  }

  /** @throws AwsError TargetGroupNotFoundException */
  isUsed(groupArn: string): boolean {
    return this.#balancing.balancersOf(this.#balancing.group(groupArn).arn).length > 0
  }

  /** The state of each target of a group; undefined when there is no such group. */
  statesOf(groupArn: string): (TargetState | 'unused')[] | undefined {
    const group = this.#balancing.groups.get(groupArn)
    if (group === undefined) return undefined
    const used = this.isUsed(groupArn)
    return [...group.targets.values()].map(({ state }) => (used ? state : 'unused'))
  }

  stateOf(groupArn: string, id: string, port: number): TargetState | 'unused' {
    const target = this.#balancing.groups.get(groupArn)?.targets.get(`${id}:${port}`)
    return target?.state ?? 'unused'
  }

  /** Where a load balancer sends a request. @throws AwsError LoadBalancerNotFoundException */
  route(balancerArn: string, request: BalancedRequest): Routed {
    const balancer = this.#balancing.balancer(balancerArn)
    const routed = route(this.#balancing, balancer, request)
    if ('group' in routed && balancer.shape.Type === 'application') {
      this.#requested(balancer.arn.replace(/^.*:loadbalancer\//, ''), nameOf(routed.group.arn))
    }
    return routed
  }

  /** Called with each request that has a target: the balancer and group, as CloudWatch names them. */
  watchRequests(requested: (balancer: string, group: string) => void): void {
    this.#requested = requested
  }

  /** Called with the states of a group's targets when they have changed; draining ones are gone. */
  watchTargets(counted: (group: string, states: TargetState[]) => void): void {
    this.#checks.counted = ({ arn, targets }) =>
      counted(
        nameOf(arn),
        [...targets.values()].flatMap(({ state }) => (state === 'draining' ? [] : [state])),
      )
  }

  /** What a function behind a load balancer answers. */
  ask(routed: Extract<Routed, { to: 'function' }>, request: BalancedRequest) {
    // What a client writes into these headers is replaced by what the load balancer knows.
    const { signed = [] } = routed
    const sent = request.headers.filter(([name]) => !signed.some(([own]) => own === name))
    return askFunction(this.#balancing.aws, routed, { ...request, headers: [...sent, ...signed] })
  }

  /** Ends a sign-in. @param fetch how the load balancer reaches the identity provider. */
  signIn({ oidc }: Extract<Routed, { to: 'sign-in' }>, request: BalancedRequest, fetch: Fetch) {
    return this.#balancing.signIns.finish(oidc, request, fetch)
  }

  /** The load balancer that has this name in the DNS. */
  named(dnsName: string): LoadBalancer | undefined {
    const all = [...this.#balancing.balancers.values()]
    return all.find(({ shape }) => shape.DNSName?.toLowerCase() === dnsName.toLowerCase())?.shape
  }

  tagged(): Iterable<{ arn: string; tags: Tags }> {
    return this.#balancing.all()
  }

  /** Several resources at once. */
  #tagOperations() {
    const tagsOf = tagsByArn(
      () => this.tagged(),
      (arn) => new AwsError('InvalidConfigurationRequestException', `Resource '${arn}' not found`),
    )
    return {
      AddTags: ({ ResourceArns = [], Tags }: AddTagsInput) => {
        for (const tags of ResourceArns.map((arn) => tagsOf(arn))) {
          Object.assign(tags, tagsFrom(Tags))
        }
        return {}
      },
      RemoveTags: ({ ResourceArns = [], TagKeys }: RemoveTagsInput) => {
        for (const tags of ResourceArns.map((arn) => tagsOf(arn))) {
          untag(tags, TagKeys)
        }
        return {}
      },
      DescribeTags: ({ ResourceArns = [] }: DescribeTagsInput) => ({
        TagDescriptions: ResourceArns.map((ResourceArn) => ({
          ResourceArn,
          Tags: tagList(tagsOf(ResourceArn)),
        })),
      }),
    }
  }
}

/** `targetgroup/<name>/<id>` */
const nameOf = (groupArn: string): string => groupArn.slice(groupArn.lastIndexOf(':') + 1)
