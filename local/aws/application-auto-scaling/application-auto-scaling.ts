import type { Aws, Operations, Service } from '../aws.ts'
import { type Tags, taggable } from '../tags.ts'
import { Targets } from './model.ts'
import { policyOperations } from './policies.ts'
import { targetOperations } from './targets.ts'

/** Application Auto Scaling of ECS services: the bounds hold; nothing has load to scale by. */
export class ApplicationAutoScaling implements Service {
  readonly id = 'application-auto-scaling'
  readonly operations: Operations
  readonly #targets: Targets

  constructor(aws: Aws) {
    this.#targets = new Targets(aws)
    this.operations = {
      ...targetOperations(this.#targets),
      ...policyOperations(this.#targets),
      ...taggable({ resource: 'ResourceARN', form: 'map' }, (arn) => this.#targets.tagsOf(arn)),
    }
  }

  /** @param id `service/<cluster>/<name>`. */
  arnOf(id: string): string | undefined {
    return this.#targets.targets.get(id)?.arn
  }

  tagged(): Iterable<{ arn: string; tags: Tags }> {
    return this.#targets.targets.values()
  }
}
