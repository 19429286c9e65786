import type { Queue } from './messaging-schema.ts'
import type { Service } from './schema.ts'

/** A queue of a service, however its file writes it. */
export type OwnQueue = Queue & { name: string; path: readonly (string | number)[] }

/** The queues of a service's own. */
export function queuesOf({ queues }: Pick<Service, 'queues'>): OwnQueue[] {
  return Array.isArray(queues)
    ? queues.map((name, index) => ({ name, path: ['queues', index], from: [] }))
    : Object.entries(queues).map(([name, queue]) => ({ name, path: ['queues', name], ...queue }))
}

const upper = (name: string): string => name.toUpperCase().replaceAll('-', '_')

/** Where a queue is: `ORDERS_QUEUE_URL`. */
export const queueVariable = (name: string): string => `${upper(name)}_QUEUE_URL`

/** Which topic it is: `NEWS_TOPIC_ARN`. */
export const topicVariable = (name: string): string => `${upper(name)}_TOPIC_ARN`

/** Who has the queue, or the topic, of a name. */
export const ownerOfQueue = (services: Iterable<Service>, name: string): Service | undefined =>
  [...services].find((one) => queuesOf(one).some((queue) => queue.name === name))

/** The variables of what it has itself; what it sends to adds `sendVariables`. */
export const messagingVariables = (service: Pick<Service, 'queues' | 'topics'>): string[] => [
  ...queuesOf(service).map(({ name }) => queueVariable(name)),
  ...service.topics.map(topicVariable),
]

/** The variables that `sends` brings: of a queue, or of a topic. */
export const sendVariables = (
  { sends }: Pick<Service, 'sends'>,
  isQueue: (name: string) => boolean,
): string[] => sends.map((name) => (isQueue(name) ? queueVariable(name) : topicVariable(name)))
