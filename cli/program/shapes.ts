import type { Verb } from '../../domain/acts/verbs.ts'

type OptionName = 'team' | 'until' | 'for' | 'since' | 'reason' | 'despiteFreeze' | 'despiteKeep'

/** How a verb is typed at the command line, besides the words that Slack has too. */
type Shape = {
  /** Under which heading of the help it stands. */
  group: string
  /** In the list of commands. */
  line: string
  /** What may stand behind it. */
  takes: readonly string[]
  options?: readonly OptionName[]
  examples: readonly (readonly [words: string, does: string])[]
}

const READ = 'See how things stand:'
const IMAGES = 'Change what runs:'
const HOLD = 'Hold roll-outs back:'
const SLEEP = 'Wake, and put to sleep:'
const CARE = 'Alarms and owners:'

const REST = ['team', 'until', 'for', 'reason'] as const

export const SHAPES: Record<Verb, Shape> = {
  status: {
    line: 'what every service runs, what is held, which alarms are red',
    group: READ,
    takes: ['team'],
    examples: [
      ['status', 'every service, freezes, red alarms'],
      ['status ordering --json', "a team's, for a program"],
    ],
  },
  why: {
    line: 'what a service runs, since when, by whom, and why',
    group: READ,
    takes: ['service'],
    examples: [['why orders', 'why orders runs what it runs']],
  },
  history: {
    line: 'its last roll-outs, each with its verdict and reason',
    group: READ,
    takes: ['service'],
    examples: [['history orders', 'who deployed what, and what came of it']],
  },
  logs: {
    line: 'the last lines that it has logged',
    group: READ,
    takes: ['service', 'words...'],
    options: ['since'],
    examples: [
      ['logs orders', 'its last lines'],
      ['logs orders --follow', 'and each that comes'],
    ],
  },
  savings: {
    line: 'what sleep has saved',
    group: READ,
    takes: ['team'],
    examples: [['savings', 'what sleep has saved, last week and this week']],
  },
  deploy: {
    line: 'rolls out the image that a tag names now',
    group: IMAGES,
    takes: ['service', 'tag'],
    options: ['despiteFreeze'],
    examples: [
      ['deploy orders v1.4', 'rolls out what v1.4 names now'],
      ['deploy orders v1.4 --despite-freeze "the fix for ticket 71"', 'and says why'],
    ],
  },
  'roll-back': {
    line: 'goes back to an image that ran well',
    group: IMAGES,
    takes: ['service', 'image'],
    examples: [
      ['rollback orders', 'to the last image that ran well'],
      ['rollback orders 41ab09f3', 'to that one: a tag, a digest, or its first digits'],
    ],
  },
  retry: {
    line: 'tries an image once more that did not hold',
    group: IMAGES,
    takes: ['service', 'image'],
    options: ['despiteFreeze'],
    examples: [['retry orders', 'the newest image that did not hold, once more']],
  },
  pin: {
    line: 'holds a service at what it runs',
    group: HOLD,
    takes: ['service', 'words...'],
    options: ['reason'],
    examples: [['pin orders --reason "demo on Thursday"', 'it stays at what it runs']],
  },
  unpin: {
    line: 'ends a pin',
    group: HOLD,
    takes: ['service'],
    examples: [['unpin orders', 'the newest push that waited is rolled out']],
  },
  freeze: {
    line: 'no roll-outs until then: of a service, a team, or all',
    group: HOLD,
    takes: ['what', 'words...'],
    options: REST,
    examples: [
      ['freeze --until 18:00', 'no roll-outs in the environment until then'],
      ['freeze orders --for 2h --reason "load test"', 'of one service'],
      ['freeze --team ordering --until "friday 9:00"', "of a team's services"],
    ],
  },
  thaw: {
    line: 'ends a freeze',
    group: HOLD,
    takes: ['what', 'words...'],
    options: ['team'],
    examples: [['thaw orders', 'ends a freeze']],
  },
  keep: {
    line: 'keeps awake what would sleep',
    group: SLEEP,
    takes: ['what', 'words...'],
    options: REST,
    examples: [['keep orders --until 22:00', 'awake, with all that it needs']],
  },
  wake: {
    line: 'wakes what sleeps',
    group: SLEEP,
    takes: ['what', 'words...'],
    options: REST,
    examples: [['wake orders', 'until it sleeps by its schedule the next time']],
  },
  sleep: {
    line: 'puts to sleep until the morning, or until then',
    group: SLEEP,
    takes: ['what', 'words...'],
    options: [...REST, 'despiteKeep'],
    examples: [['sleep environment', 'until it starts by its schedule the next time']],
  },
  unkeep: {
    line: 'its schedule holds again',
    group: SLEEP,
    takes: ['what', 'words...'],
    options: ['team'],
    examples: [['unkeep orders', 'its schedule holds again']],
  },
  own: {
    line: 'says whose a resource without an owner is',
    group: CARE,
    takes: ['resource', 'team'],
    examples: [['own instance/i-0123456789abcdef0 ordering', 'whose it is']],
  },
  acknowledge: {
    line: 'says that you look at a red alarm',
    group: CARE,
    takes: ['alarm'],
    examples: [['acknowledge dev-orders-unhealthy', 'somebody looks at it']],
  },
  mute: {
    line: 'says nothing about a red alarm for a while',
    group: CARE,
    takes: ['alarm', 'words...'],
    options: ['until', 'for'],
    examples: [['mute dev-orders-unhealthy --for 30m', 'nothing is said about it meanwhile']],
  },
}
