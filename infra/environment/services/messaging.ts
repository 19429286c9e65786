import { Duration, Stack } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns'
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import {
  type OwnQueue,
  ownerOfQueue,
  queuesOf,
  queueVariable,
  topicVariable,
} from '../../../catalog/messaging.ts'
import type { Service } from '../../../catalog/schema.ts'
import { acknowledge } from '../../nag.ts'
import { named } from '../../names.ts'
import { tagService } from '../../tags.ts'
import { actionsFor } from './rights.ts'
import type { Supply } from './supply.ts'

/** A message that was read so often is put aside: whoever reads it fails. */
const TRIES = 5
const PUT_ASIDE = Duration.days(14)

/** The name of a queue of the catalog in AWS. */
export const queueName = (scope: Construct, { name }: Pick<OwnQueue, 'name'>) =>
  named(scope, name, 'queue')

const arn = (scope: Construct, service: 'sqs' | 'sns', resource: string): string =>
  Stack.of(scope).formatArn({ service, resource })

/**
 * `topics`: in the environment's stack, so that services may take messages from each other without
 * one stack having to wait for the other.
 */
export function topics(scope: Construct, services: readonly Service[]): void {
  for (const service of services) {
    for (const name of service.topics) {
      const topic = new Topic(scope, `topic-${name}`, {
        topicName: named(scope, name, 'topic'),
        enforceSSL: true,
      })
      tagService(topic, service)
    }
  }
}

/**
 * `queues`, `topics` and `sends`: the queues of a service, each with one for what could not be worked
 * on, and where it finds them. It reads from its own, and sends to what it names.
 */
export function messagingSupply(
  scope: Construct,
  service: Service,
  services: readonly Service[],
): Supply {
  const own = queuesOf(service)
  for (const queue of own) makeQueue(scope, queue)
  const sent = service.sends.map((name) => ({
    name,
    queue: queuesOf(ownerOfQueue(services, name) ?? { queues: [] }).find(
      (one) => one.name === name,
    ),
  }))
  const sentQueues = sent.flatMap(({ queue }) => queue ?? [])
  const topicNames = [
    ...service.topics,
    ...sent.filter(({ queue }) => queue === undefined).map(({ name }) => name),
  ]
  const allow = (actions: string[], resources: string[]) =>
    resources.length === 0 ? [] : [new PolicyStatement({ actions, resources })]
  const queueArns = (queues: readonly OwnQueue[]) =>
    queues.map((queue) => arn(scope, 'sqs', queueName(scope, queue)))
  const topicArns = topicNames.map((name) => arn(scope, 'sns', named(scope, name, 'topic')))
  return {
    variables: Object.fromEntries([
      ...[...own, ...sentQueues].map((queue) => [queueVariable(queue.name), urlOf(scope, queue)]),
      ...topicNames.map((name, index) => [topicVariable(name), topicArns[index] ?? '']),
    ]),
    permissions: [
      ...allow(actionsFor('queues', 'both'), queueArns(own)),
      ...allow(actionsFor('queues', 'write'), queueArns(sentQueues)),
      ...allow(actionsFor('topics', 'write'), topicArns),
    ],
  }
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html */
function urlOf(scope: Construct, queue: OwnQueue): string {
  const { region, account, urlSuffix } = Stack.of(scope)
  return `https://sqs.${region}.${urlSuffix}/${account}/${queueName(scope, queue)}`
}

function makeQueue(scope: Construct, queue: OwnQueue): void {
  const { name, visibility, tries = TRIES, retention, delay, from } = queue
  const common = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true }
  const aside = new Queue(scope, `dead-letters-${name}`, {
    ...common,
    queueName: named(scope, name, 'queue', 'dead-letters'),
    retentionPeriod: PUT_ASIDE,
  })
  for (const rule of ['AwsSolutions-SQS3', 'Serverless-SQSRedrivePolicy']) {
    acknowledge(aside, rule, 'This is the dead-letter queue of the other.')
  }
  const made = new Queue(scope, `queue-${name}`, {
    ...common,
    queueName: queueName(scope, queue),
    ...(visibility !== undefined && { visibilityTimeout: Duration.seconds(visibility) }),
    ...(retention !== undefined && { retentionPeriod: Duration.seconds(retention) }),
    ...(delay !== undefined && { deliveryDelay: Duration.seconds(delay) }),
    deadLetterQueue: { queue: aside, maxReceiveCount: tries },
  })
  for (const topic of from) {
    const known = Topic.fromTopicArn(
      scope,
      `from-${topic}-${name}`,
      arn(scope, 'sns', named(scope, topic, 'topic')),
    ) as ITopic
    known.addSubscription(new SqsSubscription(made, { deadLetterQueue: aside }))
  }
}
