import type { Aws, Operations, Service } from '../aws.ts'
import { type Tags, taggable } from '../tags.ts'
import { DeliveryAgent } from './delivery.ts'
import type { JournalEntry } from './model.ts'
import { publishOperations } from './publish.ts'
import { subscriptionOperations } from './subscriptions.ts'
import { Topics, topicOperations } from './topics.ts'

/**
 * Amazon SNS: standard topics whose subscribers are queues and functions. FIFO topics and the other
 * protocols (e-mail, HTTP, text messages, mobile push) are refused by name.
 */
export class Sns implements Service {
  readonly id = 'sns'
  readonly operations: Operations
  readonly #topics: Topics
  readonly #agent: DeliveryAgent

  constructor(aws: Aws) {
    this.#topics = new Topics(aws)
    this.#agent = new DeliveryAgent(aws)
    this.operations = {
      ...topicOperations(this.#topics),
      ...subscriptionOperations(this.#topics),
      ...publishOperations(this.#topics, this.#agent),
      ...taggable({ resource: 'ResourceArn' }, (arn) => this.#topics.topic(arn).tags),
    }
  }

  /** Everything that was published, in order, and what became of it. */
  get journal(): readonly JournalEntry[] {
    return this.#agent.journal
  }

  tagged(): Iterable<{ arn: string; tags: Tags }> {
    return this.#topics.all.map(({ arn, tags }) => ({ arn, tags }))
  }
}
