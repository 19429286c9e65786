import * as z from 'zod/mini'
import { rate } from './ledger-entry.ts'
import { version } from './version.ts'

const rest = z.enum(['awake', 'asleep'])

const bounds = z.object({ min: z.number(), max: z.number(), suspended: z.boolean() })

const size = z.object({
  desired: z.number(),
  bounds: z.optional(bounds),
  /** Of a group whose instances are stopped: its processes that are suspended. */
  processes: z.optional(z.array(z.string())),
})

/** What Caretaker is doing to a resource. */
const moving = z.object({
  to: rest,
  /** When it began: ISO 8601. */
  since: z.string(),
  why: z.string(),
  /** How often AWS was asked. */
  tries: z.number(),
  /** Not asked again before. */
  again: z.optional(z.string()),
  error: z.optional(z.string()),
  /** It was seen on its way: where it is seen turned around later, somebody else has done that. */
  taken: z.optional(z.boolean()),
  /** AWS will not do it as the resource is: it is not asked again before the next edge. */
  never: z.optional(z.boolean()),
  /** AWS does not keep what is in its memory: it is stopped without that. */
  plain: z.optional(z.boolean()),
})
export type Moving = z.infer<typeof moving>

/** Somebody else started or stopped it: that holds until the next edge of its schedule. */
const hand = z.object({
  to: rest,
  at: z.string(),
  /** Absent: its schedule has no edge to come. */
  until: z.optional(z.string()),
  /** A person, a tool, or nobody where no trail says who. */
  by: z.optional(z.string()),
  /** It was there in this state when it was first looked at. */
  first: z.optional(z.boolean()),
  /** CloudFormation or a role of continuous integration: put back after its grace. */
  tool: z.optional(z.boolean()),
})
export type Hand = z.infer<typeof hand>

/** A change that an event has told of, until a look has seen what came of it. */
const told = z.object({
  to: rest,
  /** When it was asked for, and when its event came: ISO 8601. */
  at: z.string(),
  arrived: z.string(),
  by: z.string(),
  tool: z.boolean(),
  /** AWS itself, after seven days: nobody has asked for it. */
  aws: z.optional(z.boolean()),
})
export type Told = z.infer<typeof told>

/** The rule before a service's own that leads its visitors to the page, or is to be made. */
const wakeRule = z.object({
  /** The ids of all that the service needs, and its own target groups. */
  needs: z.array(z.string()),
  targets: z._default(z.array(z.string()), []),
  /** How often AWS was asked for it. */
  tries: z._default(z.number(), 0),
  /** Not asked again before. */
  again: z.optional(z.string()),
  /** How many the load balancer had when it was last asked for another. */
  rules: z.optional(z.number()),
})
export type WakeRule = z.infer<typeof wakeRule>

/** Whether anybody uses it, as far as the last look at its metrics tells. */
const idle = z.object({
  /** Unused since then at the earliest: ISO 8601. */
  used: z.string(),
  /** People were told that it sleeps then, and that nobody has used it since `used`. */
  sleeps: z.optional(z.string()),
  why: z.optional(z.string()),
})
export type Idle = z.infer<typeof idle>

/** What the page says of a resource without asking AWS, as it was when it moved last. */
const about = z.object({
  name: z.string(),
  owner: z.string(),
  service: z.optional(z.string()),
  schedule: z.string(),
  order: z.number(),
})

/** What Caretaker keeps of a resource that carries `caretaker:schedule`. */
export const sleeper = z.object({
  version,
  /** Rises with every write: what was decided on an older one is not written. */
  revision: z._default(z.number(), 0),
  rest,
  /** Since when: ISO 8601. */
  since: z.string(),
  /** Why it is so, in words. */
  why: z._default(z.string(), ''),
  moving: z.optional(moving),
  /** Its size before it was put to sleep, until it is whole again. */
  captured: z.optional(size),
  /** What its bounds were when it was captured: somebody has changed them while it went to sleep. */
  boundsBefore: z.optional(bounds),
  /** Its size when it was whole last. */
  last: z.optional(size),
  hand: z.optional(hand),
  told: z.optional(z.array(told)),
  /** Since when what is under way keeps it from sleeping: ISO 8601. */
  held: z.optional(z.string()),
  /** A tool has started it since its size was captured: the tool's number does not count. */
  toolSized: z.optional(z.boolean()),
  /** Why nothing can be done to it: its schedule or order cannot be read, or it can never sleep. */
  problem: z.optional(z.string()),
  /** Since when it carries no schedule any more: it is left as it is. */
  untagged: z.optional(z.string()),
  /** What is not paid while it sleeps, as large as it was when it was put to sleep last. */
  rate: z.optional(rate),
  /** Its sleep is counted since then, for this team; absent: it is none of Caretaker's. */
  counted: z.optional(z.object({ from: z.string(), name: z.string(), owner: z.string() })),
  /** Seconds that its last wake took. */
  woke: z.optional(z.number()),
  wakeRule: z.optional(wakeRule),
  idle: z.optional(idle),
  about: z.optional(about),
  expires: z.optional(z.number()),
})
export type Sleeper = z.infer<typeof sleeper>

/** Who has asked for an override: `person` beats `budget`, and that `visitor`, and that `idle`. */
export const SOURCES = ['person', 'budget', 'visitor', 'idle'] as const

/** Awake or asleep until then, whatever the schedule says. */
export const override = z.object({
  version,
  kind: rest,
  source: z.enum(SOURCES),
  /** `caretaker:service` of what it is about, or the team that owns it; neither: the environment. */
  service: z.optional(z.string()),
  team: z.optional(z.string()),
  /** The id of the one resource that it is about; `service` is then the same, or its service. */
  resource: z.optional(z.string()),
  from: z.string(),
  until: z.string(),
  by: z.string(),
  why: z._default(z.string(), ''),
  /** Ended before its time. */
  ended: z.optional(z.object({ at: z.string(), by: z.string() })),
  /** Of a visitor's: how many have come, and when the machine was last started for them. */
  visits: z.optional(z.number()),
  started: z.optional(z.string()),
  /** When whoever asked for it was asked whether it should go on. */
  asked: z.optional(z.string()),
  expires: z.optional(z.number()),
})
export type Override = z.infer<typeof override>

/** What there is once: who moves things now, and what is armed. */
export const sleepState = z.object({
  version,
  /** The execution that moves things; empty for none. */
  execution: z._default(z.string(), ''),
  /** Rises with every request to look: whoever ends finds out that there is another. */
  asked: z._default(z.number(), 0),
  /** The Monday of the last week of which teams were told what sleep has saved: `2026-03-02`. */
  savings: z.optional(z.string()),
  /** The instants for which a schedule was made. */
  armed: z._default(z.array(z.string()), []),
})
export type SleepState = z.infer<typeof sleepState>

/** Calls that an execution makes one after another; a page of them. */
export const moves = z.object({
  version,
  /** JSON, as the machine reads it: `Move[]` of `domain/sleep/calls.ts`. */
  moves: z.string(),
  expires: z.number(),
})
