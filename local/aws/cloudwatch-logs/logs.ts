import type {
  DeleteResourcePolicyRequest,
  DescribeResourcePoliciesRequest,
  PutResourcePolicyRequest,
  ResourcePolicy,
} from '@aws-sdk/client-cloudwatch-logs'
import type { Aws, Operations, Service } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { onlyMembers, page } from '../members.ts'
import type { Tags } from '../tags.ts'
import { groupOperations } from './groups.ts'
import { readOperations } from './read.ts'
import { LogStore } from './store.ts'
import { type Delivered, deliver, streamOperations } from './streams.ts'

/** Amazon CloudWatch Logs: groups, streams and their events, which expire with the retention. */
export class Logs implements Service {
  readonly id = 'cloudwatch-logs'
  readonly operations: Operations
  readonly #store: LogStore

  constructor(aws: Aws) {
    this.#store = new LogStore(aws)
    this.operations = {
      ...groupOperations(this.#store),
      ...streamOperations(this.#store),
      ...readOperations(this.#store),
      ...policyOperations(aws),
    }
  }

  /** Whether there is a group of this ARN. */
  holds(groupArn: string): boolean {
    return this.#store.find(groupArn) !== undefined
  }

  /** What AWS itself writes: events in order, into a stream that is made for them. */
  deliver(groupArn: string, stream: string, events: readonly Delivered[]): void {
    const group = this.#store.find(groupArn)
    if (group !== undefined) deliver(this.#store, group, stream, events)
  }

  *tagged(): Iterable<{ arn: string; tags: Tags }> {
    for (const group of this.#store.groups.values()) {
      yield { arn: this.#store.arnOf(group), tags: group.tags }
    }
  }
}

/** Policies are kept and given back; who may write is decided by the writer's role. */
function policyOperations(aws: Aws) {
  const policies = new Map<string, ResourcePolicy>()
  return {
    PutResourcePolicy: (input: PutResourcePolicyRequest) => {
      const members = ['policyName', 'policyDocument']
      onlyMembers('cloudwatch-logs:PutResourcePolicy', input, members)
      const { policyName = '', policyDocument = '' } = input
      const resourcePolicy = { policyName, policyDocument, lastUpdatedTime: aws.world.now }
      policies.set(policyName, resourcePolicy)
      return { resourcePolicy }
    },
    DescribeResourcePolicies: ({
      nextToken: token,
      limit = 50,
    }: DescribeResourcePoliciesRequest) => {
      const asked = { token, limit, invalid: 'InvalidParameterException' }
      const { items, next } = page([...policies.values()], asked)
      return { resourcePolicies: items, nextToken: next }
    },
    DeleteResourcePolicy: ({ policyName = '' }: DeleteResourcePolicyRequest) => {
      if (policies.delete(policyName)) return {}
      throw new AwsError(
        'ResourceNotFoundException',
        `Policy with name [${policyName}] does not exist.`,
      )
    },
  }
}
