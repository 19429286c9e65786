import { sayLocal } from '../say-time.ts'
import { cut } from '../text.ts'
import { EXPLAINED, help, verbOf, verbsLike } from './help.ts'
import { type Act, actOf } from './inputs.ts'
import { DESPITE_KEEP, namedIn, restIn } from './rest.ts'
import { bare, nearest, sentence, wordsIn } from './typed.ts'
import { type Clock, readUntil } from './until.ts'
import type { Verb } from './verbs.ts'

/** What somebody typed: an act, a question about how to ask, or nothing that can be carried out. */
export type Read = { act: Act } | { help: string } | { refused: string }

/** A reason, as it is kept. */
const REASON = 200
const TYPED = 200
/** A minute of thinking is free; what is longer is no command. */
const MOST_WORDS = 200

/**
 * Reads a command as people type it, in Slack or at the command line. All of it is understood, or
 * nothing is done: a word that is left over, or an option that is not known, refuses the whole.
 *
 * @param clock in whose zone times are meant.
 */
export function readCommand(text: string, clock: Clock): Read {
  const words = wordsIn(text.slice(0, 4000)).slice(0, MOST_WORDS)
  const [first = '', second = ''] = words.map((word) =>
    bare(word)
      .toLowerCase()
      .replace(/[.!?:]+$/, ''),
  )
  if (first === '' || first === 'help') {
    const about = verbOf(second)
    if (second !== '' && about === undefined) return unknown(second)
    return { help: help(about) }
  }
  const apart = first === 'roll' && second === 'back'
  const verb = apart ? 'roll-back' : verbOf(first)
  if (verb === undefined) return unknown(first)
  const rest = words.slice(apart ? 2 : 1)
  const read = READERS[verb](rest, clock)
  if (typeof read === 'string') return refused(verb, read, words)
  const act = actOf(verb, read)
  return act === undefined ? refused(verb, 'something in it is no name', words) : { act }
}

type Reader = (words: readonly string[], clock: Clock) => Record<string, unknown> | string

function refused(verb: Verb, why: string, words: readonly string[]): Read {
  const typed = cut(words.join(' '), TYPED).replaceAll('`', "'")
  const { usage } = EXPLAINED[verb]
  return { refused: `Nothing was done. I read \`${typed}\`: ${why}. It is written \`${usage}\`.` }
}

function unknown(word: string): Read {
  const like = verbsLike(word)
  const meant = like.length === 0 ? '' : ` Did you mean ${like.map(quoted).join(' or ')}?`
  return {
    refused: `Nothing was done: "${cut(word, 40)}" is nothing I know.${meant} \`help\` says what there is.`,
  }
}

const quoted = (word: string): string => `\`${word}\``

const one: Reader = (words) => {
  const [service, ...more] = words.map(bare)
  if (service === undefined) return 'it names no service'
  return surplus(more) ?? { service: service.toLowerCase() }
}

/** A team, or none: the environment. */
function teamIn(words: readonly string[]): Record<string, unknown> | string {
  const [team, ...more] = withoutKind(words.map(bare), 'team')
  return surplus(more) ?? (team === undefined ? {} : { team: team.toLowerCase() })
}

const READERS: Record<Verb, Reader> = {
  status: (words) => teamIn(words),
  savings: (words) => teamIn(words),
  why: one,
  history: one,
  logs: ([service, since, at, ...more], clock) => {
    if (since === undefined) return one(service === undefined ? [] : [service], clock)
    if (service === undefined || bare(since) !== 'since') return `"${since}" is left over`
    if (Number.isNaN(Date.parse(at ?? ''))) return 'since when? Such as 2026-03-03T09:00:00Z'
    return surplus(more) ?? { service: bare(service).toLowerCase(), since: at }
  },
  unpin: one,
  deploy: (words) => imageAnd(words, ({ service, image }) => ({ service, tag: image }), 'a tag'),
  'roll-back': (words) => {
    const [service, ...after] = words.map(bare)
    const [image, ...more] = after[0] === 'to' ? after.slice(1) : after
    if (service === undefined) return 'it names no service'
    return optionIn(words) ?? surplus(more) ?? { service: service.toLowerCase(), image }
  },
  retry: (words) => imageAnd(words, (read) => read),
  pin: ([service, ...reason]) =>
    service === undefined
      ? 'it names no service'
      : (optionIn(reason) ?? { service: bare(service).toLowerCase(), reason: said(reason) }),
  freeze: (words, clock) => {
    const at = words.findIndex((word) => /^(until|till?|for)$/i.test(bare(word)))
    if (at < 0) return 'it does not say until when'
    const scope = scopeIn(words.slice(0, at))
    const time = readUntil(words.slice(at), clock)
    if (typeof scope === 'string') return scope
    if ('problem' in time) return time.problem
    const reason = words.slice(at + time.used)
    return optionIn(reason) ?? { ...scope, until: time.until.toISOString(), reason: said(reason) }
  },
  thaw: (words) => scopeIn(words),
  keep: (words, clock) => restIn(words, clock),
  wake: (words, clock) => restIn(words, clock),
  sleep: (words, clock) => {
    const others = words.filter((word) => bare(word).toLowerCase() !== DESPITE_KEEP)
    const read = restIn(others, clock)
    return typeof read === 'string' || others.length === words.length
      ? read
      : { ...read, despiteKeep: true }
  },
  unkeep: (words) => namedIn(words),
  own: (words) => {
    const [resource, ...rest] = words.map(bare)
    const [team, ...more] = withoutKind(rest, 'team')
    if (resource === undefined || team === undefined) return 'it names no resource and team'
    return optionIn(words) ?? surplus(more) ?? { resource, team: team.toLowerCase() }
  },
  acknowledge: (words) => {
    const [alarm, ...more] = words.map(bare)
    return alarm === undefined ? 'it names no alarm' : (surplus(more) ?? { alarm })
  },
  mute: ([alarm, ...words], clock) => {
    if (alarm === undefined) return 'it names no alarm'
    if (words.length === 0) return { alarm: bare(alarm) }
    const time = readUntil(words, clock)
    if ('problem' in time) return time.problem
    const left = surplus(words.slice(time.used))
    return left ?? { alarm: bare(alarm), until: time.until.toISOString() }
  },
}

const said = (words: readonly string[]): string => cut(sentence(words), REASON)

const surplus = (words: readonly string[]): string | undefined =>
  words.length === 0 ? undefined : (optionIn(words) ?? `"${words.join(' ')}" is left over`)

const DESPITE = '--despite-freeze'

/** An option where none is known. */
function optionIn(words: readonly string[]): string | undefined {
  const option = words.map((word) => bare(word)).find((word) => /^--?[a-z]/i.test(word))
  if (option === undefined) return undefined
  const [like] = nearest(option.replace(/^-+/, ''), [DESPITE.slice(2)])
  const meant = like === undefined ? '' : `; ${DESPITE} is known to deploy and retry`
  return `"${option}" is no option of it${meant}`
}

/** A service, perhaps an image, and perhaps why a freeze is passed. */
function imageAnd(
  words: readonly string[],
  input: (read: { service: string; image?: string }) => Record<string, unknown>,
  needed?: string,
): Record<string, unknown> | string {
  const at = words.findIndex((word) => new RegExp(`^-?${DESPITE}(=|$)`, 'i').test(bare(word)))
  const before = (at < 0 ? words : words.slice(0, at)).map(bare)
  const [service, image, ...more] = before
  if (service === undefined) return 'it names no service'
  const left = optionIn(before) ?? surplus(more)
  if (left !== undefined) return left
  if (image === undefined && needed !== undefined) return `it names no service and ${needed}`
  const read = input({ service: service.toLowerCase(), ...(image === undefined ? {} : { image }) })
  if (at < 0) return read
  const [, joined = ''] = (words[at] ?? '').split('=', 2)
  const why = said([joined, ...words.slice(at + 1)].filter((word) => word !== ''))
  if (why === '') return `${DESPITE} needs a reason behind it`
  return optionIn(words.slice(at + 1)) ?? { ...read, despiteFreeze: why }
}

/** What is frozen: `orders`, `team storefront`, `service orders`; nothing is the environment. */
function scopeIn(words: readonly string[]): Record<string, unknown> | string {
  const names = words.map((word) => bare(word).toLowerCase())
  const option = optionIn(names)
  if (option !== undefined) return option
  const [first, second, ...more] = names
  if (first === undefined || (ALL.includes(first) && second === undefined)) return {}
  if (more.length > 0) return `"${more.join(' ')}" is left over`
  if (second === undefined) return { what: first }
  if (first === 'team') return { team: second }
  if (first === 'service') return { service: second }
  return `"${second}" is left over`
}

const ALL = ['environment', 'everything', 'all']

const withoutKind = (words: readonly string[], kind: string): readonly string[] =>
  words.length > 1 && words[0]?.toLowerCase() === kind ? words.slice(1) : words

/** An act as it would be typed plainly: what the answer repeats, and what undoes another. */
export function writeCommand(act: Act, clock: Clock): string {
  const { verb, input } = act
  const { word } = EXPLAINED[verb]
  const given = input as Record<string, string | undefined>
  const time = (text: string) => sayLocal(new Date(text), clock.timeZone, clock.now)
  const scope =
    given.team !== undefined && verb !== 'status'
      ? `team ${given.team}`
      : (given.team ?? given.what)
  return [
    word,
    given.resource,
    given.service ?? scope ?? given.alarm,
    given.digest ?? given.image ?? given.tag,
    given.since && `since ${given.since}`,
    given.despiteFreeze && `${DESPITE} ${given.despiteFreeze}`,
    given.until && `until ${time(given.until)}`,
    given.morning && `until ${given.morning}`,
    given.despiteKeep && DESPITE_KEEP,
    given.reason,
  ]
    .filter(Boolean)
    .join(' ')
}
