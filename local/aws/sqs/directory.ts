import type { CreateQueueRequest, ListQueuesRequest } from '@aws-sdk/client-sqs'
import type { Aws } from '../aws.ts'
import { AwsError, NotImplemented } from '../errors.ts'
import { page } from '../members.ts'
import {
  allowsRedrive,
  checkAttributes,
  initialAttributes,
  invalidValue,
  type QueueAttributes,
  withEncryption,
} from './attributes.ts'
import { Queue } from './queue.ts'

/** A name is free again this long after its queue was deleted. */
const DELETED_MILLISECONDS = 60_000

/** The account's queues by name. */
export class Directory {
  readonly aws: Aws
  readonly queues = new Map<string, Queue>()
  /** Called with a queue's name when somebody has received messages of it. */
  received: (queue: string, count: number) => void = () => {}
  readonly #deletedAt = new Map<string, number>()

  constructor(aws: Aws) {
    this.aws = aws
  }

  /** By URL, whatever its host. @throws AwsError QueueDoesNotExist */
  queue(url: string | undefined): Queue {
    const [account, name = ''] = (url ?? '').split('/').slice(-2)
    const found = account === this.aws.account ? this.queues.get(name) : undefined
    if (found === undefined) throw doesNotExist()
    return found
  }

  /** By ARN, or undefined. */
  byArn(arn: string): Queue | undefined {
    const found = this.queues.get(arn.split(':').at(-1) ?? '')
    return found?.arn === arn ? found : undefined
  }

  deadLettersOf(queue: Queue): Queue | undefined {
    return queue.redrive && this.byArn(queue.redrive.deadLetterTargetArn)
  }

  /** @throws AwsError QueueNameExists, QueueDeletedRecently and those of the attributes */
  create({ QueueName: name = '', Attributes = {}, tags = {} }: CreateQueueRequest): Queue {
    if (name.endsWith('.fifo')) throw new NotImplemented('FIFO queues')
    if (!/^[\w-]{1,80}$/.test(name)) {
      const can =
        'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length'
      throw new AwsError('InvalidParameterValue', can)
    }
    const attributes = checkAttributes(Attributes as QueueAttributes)
    const existing = this.queues.get(name)
    if (existing !== undefined) return sameAs(existing, attributes)
    const { account, region, world } = this.aws
    if (
      world.now <
      (this.#deletedAt.get(name) ?? Number.NEGATIVE_INFINITY) + DELETED_MILLISECONDS
    ) {
      throw new AwsError(
        'QueueDeletedRecently',
        'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
      )
    }
    const named = {
      name,
      arn: this.aws.arn('sqs', name),
      url: `https://sqs.${region}.amazonaws.com/${account}/${name}`,
    }
    this.#checkRedrive(named.arn, attributes)
    const settings = { attributes: { ...initialAttributes(), ...attributes }, tags }
    const queue = new Queue(world, named, settings)
    this.queues.set(name, queue)
    return queue
  }

  delete(queue: Queue): void {
    this.queues.delete(queue.name)
    this.#deletedAt.set(queue.name, this.aws.world.now)
    queue.wake()
  }

  /** @throws AwsError as AWS refuses attributes */
  setAttributes(queue: Queue, given: QueueAttributes): void {
    const attributes = checkAttributes(given)
    this.#checkRedrive(queue.arn, attributes)
    const all = withEncryption(queue.attributes, attributes)
    for (const name of Object.keys(queue.attributes)) {
      if (!(name in all)) delete queue.attributes[name]
    }
    Object.assign(queue.attributes, all)
    for (const [name, value] of Object.entries(attributes)) {
      if (value === '') delete queue.attributes[name]
    }
    queue.modifiedAt = this.aws.world.now
  }

  list({ QueueNamePrefix = '', MaxResults, NextToken }: ListQueuesRequest) {
    const urls = [...this.queues.values()]
      .filter(({ name }) => name.startsWith(QueueNamePrefix))
      .map(({ url }) => url)
    const { items, next } = page(urls, {
      token: NextToken,
      limit: MaxResults ?? 1_000,
      invalid: 'InvalidParameterValue',
    })
    // Without MaxResults AWS gives at most 1,000 queues and no token.
    const token = MaxResults === undefined ? undefined : next
    return { QueueUrls: items, ...(token === undefined ? {} : { NextToken: token }) }
  }

  /** Queues that use this one as their dead-letter queue. */
  sourcesOf({ arn }: Queue): Queue[] {
    return [...this.queues.values()].filter(({ redrive }) => redrive?.deadLetterTargetArn === arn)
  }

  #checkRedrive(sourceArn: string, { RedrivePolicy }: QueueAttributes): void {
    if (!RedrivePolicy) return
    const { deadLetterTargetArn } = JSON.parse(RedrivePolicy) as { deadLetterTargetArn: string }
    const target = this.byArn(deadLetterTargetArn)
    if (target === undefined || !allowsRedrive(target.attributes, sourceArn)) {
      throw invalidValue('RedrivePolicy')
    }
  }
}

export function doesNotExist(): AwsError {
  return new AwsError('QueueDoesNotExist', 'The specified queue does not exist.')
}

/** Creating again is the same queue if every attribute that is given has the same value. */
function sameAs(existing: Queue, attributes: QueueAttributes): Queue {
  for (const [name, value] of Object.entries(attributes)) {
    if (existing.attributes[name] === value) continue
    throw new AwsError(
      'QueueNameExists',
      `A queue already exists with the same name and a different value for attribute ${name}`,
    )
  }
  return existing
}
