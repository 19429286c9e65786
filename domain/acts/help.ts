import { nearest } from './typed.ts'
import type { Verb } from './verbs.ts'

/** A verb in words: how it is typed, what it does, and who may ask for it. */
export type Explained = {
  /** As it is typed. */
  word: string
  usage: string
  does: string
  /** `everybody`: who is in any team; `team`: whoever is in the team concerned. */
  who: 'everybody' | 'team'
  /** What it changes, for a reviewer; nothing where it only reads. */
  changes?: string
  /** How it is undone; absent where there is nothing to undo, or no way. */
  undo?: string
}

/** The one list of what can be asked, in the order of its use. */
export const EXPLAINED: Record<Verb, Explained> = {
  status: {
    word: 'status',
    usage: 'status [team]',
    does: 'what every service runs, what is held, which alarms are red, what is spent, and how the tags are',
    who: 'everybody',
  },
  why: {
    word: 'why',
    usage: 'why <service>',
    does: 'what runs, since when, by whom, the last verdicts with their reasons, alarms, and what would become of the next push',
    who: 'everybody',
  },
  history: {
    word: 'history',
    usage: 'history <service>',
    does: 'the last roll-outs, each with its verdict and reason',
    who: 'everybody',
  },
  logs: {
    word: 'logs',
    usage: 'logs <service> [since <instant>]',
    does: 'the last lines that the service has logged, or those since an instant such as `2026-03-03T09:00:00Z`',
    who: 'everybody',
  },
  deploy: {
    word: 'deploy',
    usage: 'deploy <service> <tag> [--despite-freeze <reason>]',
    does: 'rolls out the image that the tag names now',
    who: 'team',
    changes: 'the image of the service, until the next push',
    undo: 'rollback <service> <what ran before>',
  },
  'roll-back': {
    word: 'rollback',
    usage: 'rollback <service> [tag | digest | previous]',
    does: 'goes back to an image that ran well here; without a word more, to the last that did. A freeze does not hold it',
    who: 'team',
    changes:
      'the image of the service, until the next push; the image that is left is not rolled out again by itself',
    undo: 'retry <service> <what ran before>',
  },
  retry: {
    word: 'retry',
    usage: 'retry <service> [tag | digest] [--despite-freeze <reason>]',
    does: 'tries an image once more that did not hold, or that somebody rolled back from',
    who: 'team',
    changes: 'the image of the service, until the next push',
    undo: 'rollback <service> <what ran before>',
  },
  pin: {
    word: 'pin',
    usage: 'pin <service> [reason]',
    does: 'holds the service at what it runs; pushes wait',
    who: 'team',
    changes: '`pinned` of the service in the table',
    undo: 'unpin <service>',
  },
  unpin: {
    word: 'unpin',
    usage: 'unpin <service>',
    does: 'ends a pin; the newest push that waited is rolled out within five minutes',
    who: 'team',
    changes: '`pinned` of the service in the table',
    undo: 'pin <service>',
  },
  freeze: {
    word: 'freeze',
    usage: 'freeze [service | team] until <time> [reason]',
    does: 'no roll-outs until then, of a service, of a team, or (without a name) of the environment',
    who: 'team',
    changes:
      '`frozen` of the service or the environment, `frozenTeams` of the environment, in the table',
    undo: 'thaw [service | team]',
  },
  thaw: {
    word: 'thaw',
    usage: 'thaw [service | team]',
    does: 'ends a freeze; the newest pushes that waited are rolled out within five minutes',
    who: 'team',
    changes: 'what freeze changes',
    undo: 'freeze [service | team] until <time>',
  },
  keep: {
    word: 'keep',
    usage: 'keep <service | team | environment> [until <time> | for <length>] [reason]',
    does: 'keeps it awake, with all that it needs, whatever its schedule says: until two hours after it would sleep, or until then; `until tomorrow` is until the hour at which it starts in the morning; seven days at the most',
    who: 'team',
    changes: 'an override in the table; what sleeps of it is woken',
    undo: 'unkeep <service | team | environment>',
  },
  wake: {
    word: 'wake',
    usage: 'wake <service | team | environment> [until <time> | for <length>] [reason]',
    does: 'wakes it, with all that it needs: until it sleeps by its schedule the next time, or until then',
    who: 'team',
    changes: 'an override in the table; what sleeps of it is woken',
    undo: 'unkeep <service | team | environment>',
  },
  sleep: {
    word: 'sleep',
    usage:
      'sleep <service | team | environment> [until <time> | for <length>] [reason] [--despite-keep]',
    does: 'puts it to sleep until it starts by its schedule the next time, or until then, half an hour at the least; what somebody keeps awake stays so, unless `--despite-keep` ends that',
    who: 'team',
    changes: 'an override in the table; what runs of it is put to sleep',
    undo: 'wake <service | team | environment>',
  },
  unkeep: {
    word: 'unkeep',
    usage: 'unkeep <service | team | environment>',
    does: 'ends what somebody has asked for by keep, wake or sleep: its schedule holds again',
    who: 'team',
    changes: 'the overrides in the table',
    undo: 'keep <service | team | environment>',
  },
  savings: {
    word: 'savings',
    usage: 'savings [team]',
    does: 'how long things have slept last week and this week, what was not spent for them at list price, and what was paid all the same',
    who: 'everybody',
  },
  own: {
    word: 'own',
    usage: 'own <resource> <team>',
    does: 'says whose a resource without an owner is, such as `own instance/i-0123456789abcdef0 ordering`; Caretaker writes it, where it may write tags',
    who: 'team',
    changes: '`given` of what is kept of the resource in the table',
    undo: 'own <resource> <another team>',
  },
  acknowledge: {
    word: 'acknowledge',
    usage: 'acknowledge <alarm>',
    does: 'says that somebody looks at a red alarm, for as long as this episode of it lasts',
    who: 'team',
    changes: "`detail.acknowledged` of the episode's record",
  },
  mute: {
    word: 'mute',
    usage: 'mute <alarm> [until <time>]',
    does: 'says nothing about a red alarm for an hour, or until then; what is red at the end is said again',
    who: 'team',
    changes: "`detail.muted` of the episode's record",
  },
}

const verbs = Object.keys(EXPLAINED) as Verb[]

/** Other ways in which people write a verb. */
const ALIASES: Record<string, Verb> = {
  rollback: 'roll-back',
  ack: 'acknowledge',
  unfreeze: 'thaw',
  'keep-awake': 'keep',
}

/** The verb that a word stands for. */
export function verbOf(word: string): Verb | undefined {
  const alias = Object.hasOwn(ALIASES, word) ? ALIASES[word] : undefined
  return alias ?? verbs.find((verb) => verb === word)
}

/** Verbs that are written like a word that is none, as they are typed. */
export const verbsLike = (word: string): string[] =>
  nearest(
    word,
    verbs.map((verb) => EXPLAINED[verb].word),
  )

/** How one verb is used, or all of them. */
export function help(verb?: Verb): string {
  if (verb !== undefined) {
    const { usage, does, undo } = EXPLAINED[verb]
    return [`\`${usage}\`: ${does}.`, undo && `Undone by \`${undo}\`.`].filter(Boolean).join(' ')
  }
  return [
    ...verbs.map((each) => `\`${EXPLAINED[each].usage}\`: ${EXPLAINED[each].does}.`),
    'Times: `18:00`, `tomorrow 9:00`, `friday 9:00`, `2026-03-03 09:00`, `2h`.',
    'Every member of a team may ask; what changes something is for the members of its team, and for operators.',
  ].join('\n')
}
