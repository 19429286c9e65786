import * as z from 'zod/mini'
import { itemKey } from '../table/common.ts'
import type { Verb } from './verbs.ts'

/** What AWS, Docker and the catalog take in a name, a tag or a digest. */
const name = z.string().check(z.regex(/^[\w./:@-]{1,200}$/))
const reason = z._default(z.string().check(z.maxLength(2000)), '')
/** A tag, a digest, its first digits, or `previous`. */
const image = z.optional(name)
/** ISO 8601 with its zone. */
const instant = z.iso.datetime({ offset: true })
/** Why a freeze is passed; absent: it is not. */
const despiteFreeze = z.optional(z.string().check(z.minLength(1), z.maxLength(2000)))

/** A service or a team; neither is the whole environment. */
const scope = { service: z.optional(name), team: z.optional(name), what: z.optional(name) }

/** What is kept awake or put to sleep; neither of them: nothing was named. */
const rest = {
  ...scope,
  until: z.optional(instant),
  /** A day (`2026-03-03`): until the hour at which it starts on working days. */
  morning: z.optional(z.iso.date()),
  reason,
}

/** An alarm by its name, or the record of its episode. */
const alarm = { alarm: z.optional(z.string().check(z.maxLength(600))), record: z.optional(itemKey) }

/** What each verb takes, whoever asks: typed, pressed or called. */
export const INPUTS = {
  status: z.object({ team: z.optional(name) }),
  why: z.object({ service: name }),
  history: z.object({ service: name }),
  /** `since`: what was logged from then on, at the most so much as an answer holds. */
  logs: z.object({ service: name, since: z.optional(instant) }),
  deploy: z.object({ service: name, tag: name, despiteFreeze }),
  'roll-back': z.object({ service: name, image, digest: image, reason }),
  retry: z.object({ service: name, image, digest: image, despiteFreeze }),
  pin: z.object({ service: name, reason }),
  unpin: z.object({ service: name }),
  freeze: z.object({ ...scope, until: instant, reason }),
  thaw: z.object(scope),
  keep: z.object(rest),
  wake: z.object(rest),
  /** `despiteKeep`: what somebody keeps awake is ended by it. */
  sleep: z.object({ ...rest, despiteKeep: z.optional(z.boolean()) }),
  unkeep: z.object(scope),
  savings: z.object({ team: z.optional(name) }),
  /** `resource`: its id in Caretaker's table, such as `instance/i-…`. */
  own: z.object({ resource: name, team: name }),
  acknowledge: z.object(alarm),
  /** For `minutes`, or until an instant; an hour where neither is said. */
  mute: z.object({ ...alarm, until: z.optional(instant), minutes: z.optional(z.number()) }),
} as const satisfies Record<Verb, z.ZodMiniType>

export type InputOf<V extends Verb> = z.output<(typeof INPUTS)[V]>

/** One thing that somebody asks for. */
export type Act = { [V in Verb]: { verb: V; input: InputOf<V> } }[Verb]

/**
 * An act from a verb and what is kept with it; undefined when the input is not that verb's.
 *
 * @param input as an intent has it.
 */
export function actOf(verb: Verb, input: unknown): Act | undefined {
  const read = INPUTS[verb].safeParse(input)
  return read.success ? ({ verb, input: read.data } as Act) : undefined
}
