import type { Aws, Operations, Service } from '../aws.ts'
import type { Tags } from '../tags.ts'
import { groupTagOperations } from './group-tags.ts'
import { groupOperations } from './groups.ts'
import { hookOperations, onCompleted } from './hooks.ts'
import { completed, instanceChanged } from './life.ts'
import { Groups } from './model.ts'
import { processOperations } from './processes.ts'

/**
 * Amazon EC2 Auto Scaling: groups keep as many instances as they are to have, from their launch
 * template. No warm pools, mixed instances, policies, schedules, or load balancer's health.
 */
export class AutoScaling implements Service {
  readonly id = 'auto-scaling'
  readonly operations: Operations
  readonly #groups: Groups

  constructor(aws: Aws) {
    const groups = new Groups(aws)
    this.#groups = groups
    this.operations = {
      ...groupOperations(groups),
      ...processOperations(groups),
      ...hookOperations(groups),
      ...groupTagOperations(groups),
    }
    onCompleted(groups, (group, member, isAbandoned) =>
      completed(groups, group, member, isAbandoned),
    )
    aws.onEvent(({ source, detail }) => {
      if (source !== 'aws.ec2' || typeof detail['instance-id'] !== 'string') return
      instanceChanged(groups, detail['instance-id'], String(detail.state))
    })
  }

  *tagged(): Iterable<{ arn: string; tags: Tags }> {
    for (const { arn, tags } of this.#groups.groups.values()) {
      yield { arn, tags: Object.fromEntries([...tags].map(([key, { value }]) => [key, value])) }
    }
  }

  /** The ARN of a group, for a policy that names it. */
  arnOf(name: string): string | undefined {
    return this.#groups.groups.get(name)?.arn
  }
}
