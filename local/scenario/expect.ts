import { shortDigest } from '../../domain/image.ts'
import type { CallRecord } from '../aws/aws.ts'
import type { PushVerdict } from '../views/records.ts'
import type { ServiceReport } from '../views/services.ts'
import type { Expectation, ExpectedMessages } from './schema.ts'
import { digestOf, ORDINALS, type Pushed } from './which.ts'

/** A message as far as an expectation sees it; `to` has the ways to name the only person who sees it. */
export type Told = {
  channel: string
  text: string
  notifiedAt: readonly string[]
  to?: readonly string[]
}

/** What an expectation is held against. */
export type Facts = {
  services: readonly ServiceReport[]
  verdicts: readonly PushVerdict[]
  calls: readonly CallRecord[]
  /** How many Slack messages there are about the service. */
  messagesAbout(service: string): number
  /** Messages in channels, and those that Slack shows to one person alone. */
  messages: readonly Told[]
  /** All tags of what was made, by its name; absent: there is no such thing. */
  tagsOf?(name: string): Readonly<Record<string, string>> | undefined
  /** The task definition of the service; only where something is expected of it. */
  revision?: object
} & Pushed

/**
 * Holds one expectation against how things are.
 *
 * @returns a sentence for each thing that is not as expected.
 */
export function unmet(expected: Expectation, now: Facts): string[] {
  const { messages } = expected
  const told = Array.isArray(messages) ? messages : []
  return [
    ...told.flatMap((one) => untold(one, now.messages)),
    ...Object.entries(expected.tags ?? {}).flatMap(([name, tags]) => untagged(name, tags, now)),
    ...(expected.service === undefined ? [] : unmetBy(expected, now)),
  ]
}

const inOrder = (tags: Readonly<Record<string, string>>): string =>
  Object.entries(tags)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
    .join(', ') || 'none'

function untagged(name: string, tags: Record<string, string>, { tagsOf }: Facts): string[] {
  const found = tagsOf?.(name)
  if (found === undefined) return [`tags of ${name}: nothing of this name was found`]
  return inOrder(found) === inOrder(tags)
    ? []
    : [`tags of ${name}: expected ${inOrder(tags)}, found ${inOrder(found)}`]
}

function untold(expected: ExpectedMessages, all: readonly Told[]): string[] {
  const { channel, text = '', exactly, to, count, notified } = expected
  const found = all
    .filter((one) => (to === undefined ? one.to === undefined : one.to?.includes(to)))
    .filter((one) => channel === undefined || one.channel === channel)
    .filter((one) => one.text.includes(text))
    .filter((one) => exactly === undefined || one.text === exactly)
  const times = found.reduce((sum, { notifiedAt }) => sum + notifiedAt.length, 0)
  const which = [
    ...(to === undefined ? [] : [`to ${to}`]),
    ...(channel === undefined ? [] : [`in ${channel}`]),
    ...(text === '' ? [] : [`with “${text}”`]),
    ...(exactly === undefined ? [] : [`that say “${exactly}”`]),
  ].join(' ')
  return [
    ...((count === undefined ? found.length > 0 : found.length === count)
      ? []
      : [`messages ${which}: expected ${count ?? 'at least 1'}, found ${found.length}`]),
    ...(notified === undefined || notified === times
      ? []
      : [`messages ${which}: expected to notify ${notified} times, notified ${times} times`]),
  ]
}

function unmetBy(expected: Expectation, now: Facts): string[] {
  const service = now.services.find(({ name }) => name === expected.service)
  if (service === undefined) return [`there is no service ${expected.service}`]
  const facts: [string, unknown, unknown][] = [
    ['desired', expected.desired, service.desired],
    ['tasks', expected.tasks, service.running?.count ?? 0],
    ['asAsked', expected.asAsked, service.asAsked],
    ['healthy', expected.healthy, service.healthy],
    ['awake', expected.awake, service.awake],
    [
      'messages',
      Array.isArray(expected.messages) ? undefined : expected.messages,
      now.messagesAbout(service.name),
    ],
    ['verdicts', expected.verdicts, verdictsOf(now, service.name)],
    ...Object.entries(expected.calls ?? {}).map(
      ([operation, times]): [string, unknown, unknown] => [
        `calls of ${operation}`,
        times,
        callsOf(now, operation),
      ],
    ),
  ]
  const wrong = facts
    .filter(([, wanted]) => wanted !== undefined)
    .filter(([, wanted, found]) => JSON.stringify(wanted) !== JSON.stringify(found))
    .map(([what, wanted, found]) => `${what}: expected ${text(wanted)}, found ${text(found)}`)
  const revision = Object.entries(expected.revision ?? {}).flatMap(([name, wanted]) =>
    different(wanted, (now.revision as Record<string, unknown>)?.[name], `revision.${name}`),
  )
  return [...wrongImage(expected, service, now), ...wrong, ...revision].map(
    (sentence) => `${service.name} ${sentence}`,
  )
}

function wrongImage({ running }: Expectation, service: ServiceReport, facts: Facts) {
  if (running === undefined) return []
  const { pushed } = facts
  const wanted = running === 'nothing' ? undefined : digestOf(running, facts)
  if (service.running?.digest === wanted) return []
  const expected = wanted === undefined ? 'nothing' : `${running} (${shortDigest(wanted)})`
  return [`running: expected ${expected}, found ${named(service.running?.digest, pushed)}`]
}

function named(digest: string | undefined, pushed: readonly string[]): string {
  if (digest === undefined) return 'nothing'
  const place = ORDINALS[pushed.indexOf(digest)]
  return place === undefined || place === 'last'
    ? shortDigest(digest)
    : `${place} (${shortDigest(digest)})`
}

const verdictsOf = ({ verdicts }: Facts, service: string): string[] =>
  verdicts.filter((one) => one.service === service).map(({ verdict }) => verdict)

/** By Caretaker: what a person calls is left out. */
const callsOf = ({ calls }: Facts, operation: string): number =>
  calls.filter((call) => call.operation === operation && /^(function|machine)\//.test(call.by))
    .length

const text = (value: unknown): string =>
  Array.isArray(value) ? `[${value.join(', ')}]` : String(value)

/**
 * Where something is not as expected. Members that nothing is expected of may be anything; entries of
 * a list are found by their `name`, where they have one.
 */
function different(wanted: unknown, found: unknown, path: string): string[] {
  if (Array.isArray(wanted) && Array.isArray(found)) {
    return wanted.flatMap((one: unknown, index) => {
      const name = nameOf(one)
      const other: unknown =
        name === undefined ? found[index] : found.find((entry) => nameOf(entry) === name)
      return different(one, other, `${path}[${name ?? index}]`)
    })
  }
  if (isObject(wanted) && isObject(found)) {
    return Object.entries(wanted).flatMap(([name, one]) =>
      different(one, found[name], `${path}.${name}`),
    )
  }
  if (JSON.stringify(wanted) === JSON.stringify(found)) return []
  return [
    `${path}: expected ${JSON.stringify(wanted)}, found ${JSON.stringify(found) ?? 'nothing'}`,
  ]
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const nameOf = (value: unknown): string | undefined =>
  isObject(value) && typeof value.name === 'string' ? value.name : undefined
