import type { Aws, Operations, Service } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { type Tags, taggable } from '../tags.ts'
import { Targets } from './model.ts'
import { policyOperations } from './policies.ts'
import { carryOut, type Seen } from './scaling.ts'
import { scheduledActionOperations } from './scheduled-actions.ts'
import { targetOperations } from './targets.ts'

/**
 * Application Auto Scaling of ECS services: the bounds hold, and policies scale when their alarm is
 * red. Nothing has load by itself: whoever plays it says what a metric is.
 */
export class ApplicationAutoScaling implements Service {
  readonly id = 'application-auto-scaling'
  readonly operations: Operations
  readonly #targets: Targets

  constructor(aws: Aws) {
    this.#targets = new Targets(aws)
    this.operations = {
      ...targetOperations(this.#targets),
      ...policyOperations(this.#targets),
      ...scheduledActionOperations(this.#targets),
      ...taggable({ resource: 'ResourceARN', form: 'map' }, (arn) => this.#targets.tagsOf(arn)),
    }
  }

  /** @param id `service/<cluster>/<name>`. */
  arnOf(id: string): string | undefined {
    return this.#targets.targets.get(id)?.arn
  }

  /** An alarm of CloudWatch is red and names this policy. @throws AwsError ObjectNotFoundException */
  async execute(policyArn: string, seen: Seen): Promise<void> {
    const policy = this.#targets.policies.find(({ PolicyARN }) => PolicyARN === policyArn)
    if (policy !== undefined) return carryOut(this.#targets, policy, seen)
    throw new AwsError('ObjectNotFoundException', `No scaling policy found for ${policyArn}`)
  }

  /** The metric that a policy tracks has this value for as long as its alarm needs to be red. */
  measure(resourceId: string, policyName: string, value: number): Promise<void> {
    const policy = this.#targets.policies.find(
      ({ ResourceId, PolicyName }) => ResourceId === resourceId && PolicyName === policyName,
    )
    const threshold = policy?.TargetTrackingScalingPolicyConfiguration?.TargetValue ?? 0
    return this.execute(policy?.PolicyARN ?? policyName, { value, threshold })
  }

  tagged(): Iterable<{ arn: string; tags: Tags }> {
    return this.#targets.targets.values()
  }
}
