import { type Document, isMap, isScalar, isSeq, parseDocument, type YAMLMap } from 'yaml'
import type { AwsEvent } from '../../local/aws/aws.ts'
import { AwsError } from '../../local/aws/errors.ts'
import type { Random } from '../../local/aws/random.ts'
import { Account } from '../../local/simulation/account.ts'
import { PERSON, START } from './account.ts'
import { askedRights } from './asked-rights.ts'
import { pagesOf } from './pages.ts'

const UNITS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }
/** What is shorter stands in one line. */
const ONE_LINE = 84

/**
 * Plays the calls of a transcript in an empty account: a list of
 *
 *     - call: sqs CreateQueue
 *       with: { QueueName: letters }
 *       as: letters                  # later inputs may say `$letters.QueueUrl`
 *       needs: [ sqs:CreateQueue on … ]    # the rights that a role needs for it
 *       answer: { QueueUrl: … }      # or `error`: its name, and its words
 *       pages: 3                     # of one item each, with the same items
 *     - wait: 5m                     # of simulated time
 *       events: [ … ]                # what is on the default bus since the step before
 *
 * A function answers with what it is given, and fails when that has `fail`.
 *
 * @param bounds gets what chance decides, by its label.
 * @returns the same text with the answers, errors and events that there were: an instant as ISO
 *   8601, binary data as base64.
 * @throws Error for a step that is none of these.
 */
export async function played(text: string, bounds: Bounds = new Map()): Promise<string> {
  const transcript = parseDocument(text, { customTags: ['timestamp', 'binary'] })
  if (!isSeq(transcript.contents)) throw new Error('A transcript is a list of steps')
  const account = new Account({
    seed: 1,
    begin: START,
    region: 'eu-central-1',
    standIn: () => ({ on: () => answers }),
  })
  noteBounds(account.world.random, bounds)
  const events: AwsEvent[] = []
  const given: Answers = new Map()
  account.aws.onEvent((event) => events.push(event))
  for (const step of transcript.contents.items) {
    if (!isMap(step)) throw new Error(`A step is a map: ${String(step)}`)
    const wait = step.get('wait')
    if (typeof wait === 'string') {
      await account.world.run(lengthOf(wait))
      const seen = events.splice(0).map(({ source, detailType, resources, detail }) => ({
        source,
        'detail-type': detailType,
        resources,
        detail,
      }))
      write(transcript, step, { events: seen.length > 0 ? seen : undefined })
    } else await call(transcript, step, { account, answers: given })
  }
  return transcript.toString({ lineWidth: 100, flowCollectionPadding: true })
}

/** Between which numbers, or with which probability. */
export type Bounds = Map<string, Set<string>>

function noteBounds(random: Random, bounds: Bounds): void {
  const note = (label: string, text: string) =>
    bounds.set(label, (bounds.get(label) ?? new Set()).add(text))
  const [between, chance] = [random.between.bind(random), random.chance.bind(random)]
  random.between = (label, low, high) => {
    note(label, `${low} to ${high}`)
    return between(label, low, high)
  }
  random.chance = (label, probability) => {
    note(label, `${probability * 100} %`)
    return chance(label, probability)
  }
}

type Input = Record<string, unknown>

/** What functions do. */
async function answers(event: unknown): Promise<unknown> {
  if (typeof event === 'object' && event !== null && 'fail' in event) {
    // Without the paths of this machine.
    throw Object.assign(new TypeError(String(event.fail)), { stack: 'TypeError' })
  }
  return event
}

/** By what steps are called. */
type Answers = Map<string, unknown>

async function call(
  transcript: Document,
  step: YAMLMap,
  { account, answers }: { account: Account; answers: Answers },
): Promise<void> {
  const [service = '', operation = ''] = String(step.get('call')).split(' ')
  const asked = step.get('with')
  const input = filled(isMap(asked) ? asked.toJS(transcript) : {}, answers) as Input
  const asks = needs({ aws: account.aws, service, operation, input })
  let waits = true
  const answering = account.aws.call(service, operation, input, PERSON).then(
    (answer) => ({ answer, error: undefined }),
    (error: unknown) => {
      if (!(error instanceof AwsError)) throw error
      return { answer: undefined, error: { name: error.name, message: error.message } }
    },
  )
  answering.finally(() => {
    waits = false
  })
  // What AWS answers later, and so that nobody is throttled.
  await account.world.run(1_000)
  while (waits) await account.world.run(1_000)
  const { answer, error } = await answering
  const asking = { service, operation, input }
  const pages = answer && (await pagesOf(account, asking, answer as Input))
  write(transcript, step, { needs: asks, answer, error, pages })
  const name = step.get('as')
  if (typeof name === 'string') answers.set(name, answer)
}

/** What IAM asks for a call that is about something. */
function needs(call: Parameters<typeof askedRights>[0]): object | undefined {
  try {
    return askedRights(call)
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    return { refused: error.message }
  }
}

/** With what has been answered in place of `$name.Member.0`. @throws Error when it was not. */
function filled(value: unknown, answers: Answers): unknown {
  if (Array.isArray(value)) return value.map((one) => filled(one, answers))
  if (typeof value === 'object' && value !== null && !(value instanceof Date) && !isBytes(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, filled(inner, answers)]),
    )
  }
  const [, name, path] = /^\$(\w+)\.([\w.]+)$/.exec(String(value)) ?? []
  if (name === undefined || path === undefined) return value
  const found = path
    .split('.')
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown>)?.[key], answers.get(name))
  if (found === undefined) throw new Error(`${value} has not been answered`)
  return found
}

/** Gives the step these members, and takes away those that are undefined. */
function write(transcript: Document, step: YAMLMap, members: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(members)) {
    step.delete(name)
    if (value !== undefined) step.set(name, shaped(transcript.createNode(plain(value))))
  }
}

/** Small maps and lists in one line. */
function shaped(node: unknown): unknown {
  if (!isMap(node) && !isSeq(node)) return node
  for (const item of node.items) {
    const inner =
      isScalar(item) || isMap(item) || isSeq(item) ? item : (item as { value?: unknown }).value
    shaped(inner)
  }
  node.flow = JSON.stringify(node.toJSON()).length < ONE_LINE
  return node
}

/** As JSON has it, without what is undefined. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, inner: unknown) =>
      isBytes(inner) ? Buffer.from(Object.values(inner)).toString('base64') : inner,
    ),
  )

const isBytes = (value: unknown): value is Uint8Array => value instanceof Uint8Array

function lengthOf(text: string): number {
  const [, count = '', unit = ''] = /^(\d+)([smhd])$/.exec(text) ?? []
  const milliseconds = Number(count) * (UNITS[unit] ?? 0)
  if (!(milliseconds > 0)) throw new Error(`wait: found ${text}, allowed: 30s, 5m, 2h, 1d`)
  return milliseconds
}
