import type {
  ChangeMessageVisibilityBatchRequest,
  ChangeMessageVisibilityRequest,
  CreateQueueRequest,
  DeleteMessageBatchRequest,
  DeleteMessageRequest,
  GetQueueAttributesRequest,
  GetQueueUrlRequest,
  ListQueuesRequest,
  ReceiveMessageRequest,
  SendMessageBatchRequest,
  SendMessageRequest,
  SetQueueAttributesRequest,
} from '@aws-sdk/client-sqs'
import type { Aws, Caller, Operations, Service } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { type Tags, taggable } from '../tags.ts'
import type { QueueAttributes } from './attributes.ts'
import { batch } from './batch.ts'
import { sizeOf } from './digest.ts'
import { Directory, doesNotExist } from './directory.ts'
import { checkRange, checkSender, receive, send } from './messages.ts'
import type { Queue } from './queue.ts'

/** All entries of one SendMessageBatch together. */
const LARGEST_BATCH_BYTES = 1_048_576

const PURGE_MILLISECONDS = 60_000

type QueueOf = { QueueUrl: string | undefined }

/** Amazon SQS: standard queues. FIFO queues and message move tasks are refused by name. */
export class Sqs implements Service {
  readonly id = 'sqs'
  readonly operations: Operations
  readonly #directory: Directory

  constructor(aws: Aws) {
    this.#directory = new Directory(aws)
    this.operations = {
      ...queueOperations(this.#directory),
      ...messageOperations(this.#directory),
    }
  }

  /** Every queue with what it holds, for metrics, the console and tests. */
  get queues(): readonly Queue[] {
    return [...this.#directory.queues.values()]
  }

  /** Called with a queue's name when somebody has received messages of it. */
  watchReceived(received: (queue: string, count: number) => void): void {
    this.#directory.received = received
  }

  tagged(): Iterable<{ arn: string; tags: Tags }> {
    return this.queues.map(({ arn, tags }) => ({ arn, tags }))
  }
}

function queueOperations(directory: Directory) {
  const { world } = directory.aws
  const queueOf = ({ QueueUrl }: QueueOf) => directory.queue(QueueUrl)
  return {
    CreateQueue: (input: CreateQueueRequest) => ({ QueueUrl: directory.create(input).url }),
    DeleteQueue: (input: QueueOf) => {
      directory.delete(queueOf(input))
      return {}
    },
    GetQueueUrl: ({ QueueName = '' }: GetQueueUrlRequest) => {
      const queue = directory.queues.get(QueueName)
      if (queue === undefined) throw doesNotExist()
      return { QueueUrl: queue.url }
    },
    ListQueues: (input: ListQueuesRequest) => directory.list(input),
    GetQueueAttributes: (input: GetQueueAttributesRequest) =>
      getAttributes(queueOf(input), input.AttributeNames ?? []),
    SetQueueAttributes: (input: SetQueueAttributesRequest) => {
      directory.setAttributes(queueOf(input), (input.Attributes ?? {}) as QueueAttributes)
      return {}
    },
    PurgeQueue: (input: QueueOf) => {
      const queue = queueOf(input)
      if (world.now < queue.purgedAt + PURGE_MILLISECONDS) {
        const only = `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`
        throw new AwsError('PurgeQueueInProgress', only)
      }
      queue.purge()
      return {}
    },
    ListDeadLetterSourceQueues: (input: QueueOf) => ({
      queueUrls: directory.sourcesOf(queueOf(input)).map(({ url }) => url),
    }),
    ...taggable(
      {
        operations: ['TagQueue', 'UntagQueue', 'ListQueueTags'],
        resource: 'QueueUrl',
        form: 'map',
      },
      (QueueUrl) => queueOf({ QueueUrl }).tags,
    ),
  }
}

function getAttributes(queue: Queue, asked: readonly string[]) {
  const { visible, inFlight, delayed } = queue.counts
  const all: QueueAttributes = {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modifiedAt / 1000)),
    ...queue.attributes,
  }
  const wanted = Object.entries(all).filter(
    ([name]) => asked.includes('All') || asked.includes(name),
  )
  return wanted.length === 0 ? {} : { Attributes: Object.fromEntries(wanted) }
}

function messageOperations(directory: Directory) {
  const queueOf = ({ QueueUrl }: QueueOf) => directory.queue(QueueUrl)
  return {
    SendMessage: (input: SendMessageRequest, caller: Caller) => {
      const queue = queueOf(input)
      checkSender(directory, queue, caller)
      return send(directory, queue, input, caller)
    },
    SendMessageBatch: (input: SendMessageBatchRequest, caller: Caller) => {
      const queue = queueOf(input)
      checkSender(directory, queue, caller)
      checkBatchSize(input)
      return batch(input.Entries, (entry) => send(directory, queue, entry, caller))
    },
    ReceiveMessage: (input: ReceiveMessageRequest) => receive(directory, input),
    DeleteMessage: (input: DeleteMessageRequest) => {
      queueOf(input).delete(input.ReceiptHandle ?? '')
      return {}
    },
    DeleteMessageBatch: (input: DeleteMessageBatchRequest) => {
      const queue = queueOf(input)
      return batch(input.Entries, ({ ReceiptHandle = '' }) => {
        queue.delete(ReceiptHandle)
        return {}
      })
    },
    ChangeMessageVisibility: (input: ChangeMessageVisibilityRequest) => {
      changeVisibility(queueOf(input), input.ReceiptHandle, input.VisibilityTimeout)
      return {}
    },
    ChangeMessageVisibilityBatch: (input: ChangeMessageVisibilityBatchRequest) => {
      const queue = queueOf(input)
      return batch(input.Entries, ({ ReceiptHandle, VisibilityTimeout }) => {
        changeVisibility(queue, ReceiptHandle, VisibilityTimeout)
        return {}
      })
    },
  }
}

function changeVisibility(queue: Queue, receiptHandle = '', seconds = 0): void {
  queue.changeVisibility(receiptHandle, checkRange('VisibilityTimeout', seconds, 43_200))
}

function checkBatchSize({ Entries = [] }: SendMessageBatchRequest): void {
  const size = Entries.reduce(
    (sum, { MessageBody = '', MessageAttributes = {} }) =>
      sum + sizeOf(MessageBody, MessageAttributes),
    0,
  )
  if (size <= LARGEST_BATCH_BYTES) return
  throw new AwsError(
    'BatchRequestTooLong',
    `Batch requests cannot be longer than ${LARGEST_BATCH_BYTES} bytes. You have sent ${size} bytes.`,
  )
}
