import { queueVariable } from '../../../catalog/messaging.ts'
import type { Written } from '../draft.ts'
import { left, type Row } from '../table.ts'
import { childOf, flagOf, isMapTree, itemsOf, numberOf, type Tree, textOf } from '../tree.ts'
import { secondsOf, serviceName, within } from '../words.ts'
import type { Scope, Workload } from './scope.ts'

type Queues = Extract<NonNullable<Written['queues']>, Record<string, unknown>>
type Queue = Queues[string]

const ORDERED = 'topics and queues here keep no order (FIFO)'

const isOrdered = (tree: Tree | undefined): boolean =>
  tree !== undefined && flagOf(tree) !== false && tree.content !== null

/** Copilot names topics within a workload; in an environment a name is one topic’s. */
function topicName({ name: publisher }: Workload, topic: string, all: readonly Workload[]): string {
  const named = all.filter(({ tree }) =>
    topicsOf(tree).some((one) => textOf(childOf(one, 'name')) === topic),
  )
  return serviceName(named.length > 1 ? `${publisher}-${topic}` : topic)
}

const topicsOf = (tree: Tree): readonly Tree[] => itemsOf(childOf(tree, 'publish', 'topics'))

function publish(tree: Tree, { workload, all, report }: Scope): void {
  const { draft } = workload
  const nameTree = childOf(tree, 'name')
  const name = textOf(nameTree)
  if (name === undefined) return
  const fifo = childOf(tree, 'fifo')
  if (isOrdered(fifo)) {
    const remedy = `make ${name} in AWS, and give the right: \`may: [{ topics: [<name>], access: write }]\``
    report.leave(tree, ORDERED, remedy)
    return
  }
  report.to(fifo, 'a topic here keeps no order')
  const topic = topicName(workload, name, all)
  draft.put('topics', [...new Set([...(draft.is.topics ?? []), topic])], nameTree)
  report.note(
    'Copilot tells the code its topics as JSON in COPILOT_SNS_TOPIC_ARNS; here each is in a variable of its own, such as EVENTS_TOPIC_ARN',
    draft.name,
  )
}

/** The queue that a workload has for all its topics is called as it is itself. */
export const queueOf = ({ draft }: Workload): string => draft.name

function subscribe(tree: Tree, { workload, all, report }: Scope): void {
  const { draft } = workload
  const topic = textOf(childOf(tree, 'name')) ?? ''
  const service = textOf(childOf(tree, 'service')) ?? ''
  const publisher = all.find(({ name }) => name === service)
  const published = topicsOf(publisher?.tree ?? tree).find(
    (one) => textOf(childOf(one, 'name')) === topic,
  )
  if (publisher === undefined || published === undefined || isOrdered(childOf(published, 'fifo'))) {
    const because =
      published === undefined ? `no workload ${service} of this folder publishes ${topic}` : ORDERED
    const remedy = `make the queue and its subscription in AWS, write its URL into \`environment\` of ${draft.file}, and give the right: \`may: [{ queues: [<name>] }]\``
    report.leave(tree, because, remedy)
    return
  }
  const own = childOf(tree, 'queue')
  const isOwn = isMapTree(own) || flagOf(own) === true
  const named = topicName(publisher, topic, all)
  const queue = isOwn ? serviceName(`${draft.name}-${topic}`) : queueOf(workload)
  const before = queuesOf(workload)[queue]
  giveQueue(workload, queue, { ...before, from: [...(before?.from ?? []), named] })
  const at = `${draft.file} queues.${queue}`
  report.to(childOf(tree, 'name'), `${at}.from`)
  report.to(childOf(tree, 'service'), `${at}.from`)
  if (!isOwn) {
    report.to(own, 'one queue takes its messages and those of the others')
    return
  }
  if (!isMapTree(own)) report.to(own, at)
  giveDetails(own, workload, queue, report)
  report.note(
    'Copilot tells the code the queues of single topics as JSON in COPILOT_TOPIC_QUEUE_URIS; here each is in a variable of its own, such as MAILER_EVENTS_QUEUE_URL',
    draft.name,
  )
}

const queuesOf = ({ draft }: Workload): Queues => (draft.is.queues ?? {}) as Queues

/** Code of Copilot reads in its variable where the queue is. */
function giveQueue(workload: Workload, name: string, queue: Queue): void {
  const { is } = workload.draft
  is.queues = { ...queuesOf(workload), [name]: queue }
  if (name !== queueOf(workload)) return
  is.aliases = { ...is.aliases, COPILOT_QUEUE_URI: queueVariable(name) }
}

/** https://aws.github.io/copilot-cli/docs/manifest/worker-service/#subscribe-queue */
const DETAILS: readonly {
  keys: readonly string[]
  field: 'retention' | 'delay' | 'visibility' | 'tries'
  bounds: readonly [number, number]
}[] = [
  { keys: ['retention'], field: 'retention', bounds: [60, 1_209_600] },
  { keys: ['delay'], field: 'delay', bounds: [0, 900] },
  { keys: ['timeout'], field: 'visibility', bounds: [0, 43_200] },
  { keys: ['dead_letter', 'tries'], field: 'tries', bounds: [1, 1000] },
]

function giveDetails(
  tree: Tree | undefined,
  workload: Workload,
  queue: string,
  report: Scope['report'],
): void {
  for (const { keys, field, bounds } of DETAILS) {
    const found = childOf(tree, ...keys)
    const asked = field === 'tries' ? numberOf(found) : secondsOf(textOf(found))
    if (asked === undefined) continue
    giveQueue(workload, queue, { ...queuesOf(workload)[queue], [field]: within(asked, ...bounds) })
    report.to(found, `${workload.draft.file} queues.${queue}.${field}`)
  }
  const fifo = childOf(tree, 'fifo')
  if (isOrdered(fifo)) {
    report.leave(fifo, ORDERED, 'let the code take messages in any order, and some twice')
  } else report.to(fifo, 'a queue here keeps no order')
}

/** Copilot always makes this queue, and tells the code where it is. */
function mainQueue(tree: Tree, { workload, report }: Scope): void {
  const queue = queueOf(workload)
  if (queuesOf(workload)[queue] === undefined) giveQueue(workload, queue, {})
  giveDetails(tree, workload, queue, report)
}

/** What a workload publishes, and what it reads. */
export const MESSAGE_ROWS: readonly Row<Scope>[] = [
  {
    key: 'publish.topics.*',
    to: 'topics; the name of the workload before a name that two publish; without fifo',
    read: publish,
  },
  ...left(
    'a queue takes every message of its topics',
    'let the code pass over those that it does not want',
    ...['subscribe.topics.*.filter_policy', 'subscribe.topics.*.filter_policy_scope'],
  ),
  {
    key: 'subscribe.topics.*',
    to: 'queues.<workload>.from, or queues.<workload>-<topic> for one with a queue of its own',
    read: subscribe,
  },
  {
    key: 'subscribe.queue',
    to: 'queues.<workload>: retention, delay, visibility (timeout), tries (dead_letter); aliases: COPILOT_QUEUE_URI; without fifo',
    read: mainQueue,
  },
]
