import * as z from 'zod/mini'
import { STATUSES, TRIED_VERDICTS } from '../verdicts.ts'
import { version } from './version.ts'

/** What became of a digest in a service. */
const tried = z.object({
  verdict: z.enum(TRIED_VERDICTS),
  reason: z.string(),
  tag: z.string(),
  at: z.string(),
})
export type Tried = z.infer<typeof tried>

/** The item of one digest; its sort key names the digest. */
export const triedDigest = z.extend(tried, { version })
export type TriedDigest = z.infer<typeof triedDigest>

/** An image that a revision of a task definition pins. */
const pinnedImage = z.object({
  repository: z.string(),
  digest: z.string(),
  tag: z.optional(z.string()),
})
export type PinnedImage = z.infer<typeof pinnedImage>

/**
 * A revision and the images it pins: a fact that never changes, kept so that it need not be read.
 * `first`: it runs nothing but the placeholder.
 */
const knownRevision = z.object({
  taskDefinition: z.string(),
  images: z.array(pinnedImage),
  first: z.optional(z.boolean()),
})
export type KnownRevision = z.infer<typeof knownRevision>

/** What a service ran before a roll-out; `first`: nothing but the placeholder. */
const before = z.object({
  digest: z.optional(z.string()),
  tag: z.optional(z.string()),
  taskDefinition: z.string(),
  first: z.boolean(),
})
export type Before = z.infer<typeof before>

const rolling = z.object({
  execution: z.string(),
  digest: z.string(),
  tag: z.string(),
  /** Sort key of the roll-out's record. */
  record: z.string(),
  since: z.string(),
  /** What ran before, and what undoing the roll-out returns to. */
  from: z.optional(before),
  /** Set while the machine waits for the deployment. */
  token: z.optional(z.string()),
  /** The revision that is deployed, set with the token. */
  taskDefinition: z.optional(z.string()),
  /** When that revision had been given to ECS: for some time after, reads may not show it. */
  deployedAt: z.optional(z.string()),
  /** Nothing has run in this service before. */
  first: z.optional(z.boolean()),
})
export type Rolling = z.infer<typeof rolling>

const latest = z.object({
  repository: z.string(),
  tag: z.string(),
  digest: z.string(),
  at: z.string(),
  verdict: z.enum(STATUSES),
  by: z.optional(z.string()),
})

/**
 * Which tags its policy took when they were last looked at, by repository: a summary of one size
 * (`functions/shared/roll-out/tag-sketch.ts`). It tells the tag that an older image got since.
 */
const seen = z.record(
  z.string(),
  z.object({ policy: z.string(), at: z.string(), tags: z.string() }),
)
export type Seen = z.infer<typeof seen>

/** What Caretaker keeps of one service. */
export const serviceState = z.object({
  version,
  /** Rises with every roll-out; a plan made for an older one cannot be claimed. */
  generation: z._default(z.number(), 0),
  /** The roll-out under way, and who holds it. */
  rolling: z.optional(rolling),
  /**
   * Pushes arrived while a roll-out was under way: the date of the first of them (`true` in
   * version 1).
   */
  waiting: z.optional(z.union([z.string(), z.boolean()])),
  /** Sort key of the record of the last of them: tells whether another began to wait meanwhile. */
  lastWaiting: z.optional(z.string()),
  /** The last image chosen, by the service's policy or (`by`) by a person, and how it ended. */
  latest: z.optional(latest),
  /** By digest. Version 1 kept them here; today each has an item of its own (`triedDigest`). */
  tried: z.optional(z.record(z.string(), tried)),
  /** What the last roll-out deployed, and what undoing it would have gone back to. */
  revisions: z.optional(z.array(knownRevision)),
  /** For services whose policy takes several tags. */
  seen: z.optional(seen),
  /**
   * A person holds the service at what it runs. However it was written, by Caretaker or by hand, it
   * holds: `domain/roll-out/hold.ts` reads its words.
   */
  pinned: z.optional(z.unknown()),
  /** No roll-outs of this service until then, as the environment's `frozen`. */
  frozen: z.optional(z.unknown()),
})
export type ServiceState = z.infer<typeof serviceState>
