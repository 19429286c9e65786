import * as z from 'zod'
import { DAILY_SWEEP } from '../../domain/tagging/sweep-time.ts'
import type { ImageDescription } from '../aws/ecr/image.ts'
import type { Pace } from '../simulation/pace.ts'
import { nextOf } from './sleep.ts'
import type { Play, Source } from './source.ts'

/** Services run on Graviton; this is an image that was built for something else. */
const FOREIGN = ['linux/amd64']

/** What each kind of image is, as the simulation builds it. */
export const IMAGES = {
  good: { behaviour: 'healthy' },
  crashes: {
    behaviour: 'crashes',
    exitCode: 137,
    after: 8,
    logs: [
      'WARN  cache warm-up: 3,214,880 entries',
      'FATAL java.lang.OutOfMemoryError: Java heap space',
    ],
  },
  unhealthy: { behaviour: 'unhealthy' },
  'never-starts': { behaviour: 'never-starts' },
  'wrong-architecture': { behaviour: 'healthy', architectures: FOREIGN },
} as const satisfies Record<string, ImageDescription>
export type ImageKind = keyof typeof IMAGES

const HOURS_24 = 86_400

/** What a registry takes. https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests */
const TAG = /^\w[\w.-]{0,127}$/
const TAGGED =
  'The tag: allowed are letters, digits, _, . and -, 128 at the most, such as main or v1.4'

/** What a button of the console asks for. */
export const actionSchema = z.discriminatedUnion('action', [
  z.strictObject({
    action: z.literal('push'),
    repository: z.string().min(1),
    tag: z.string().regex(TAG, TAGGED).default('main'),
    image: z.enum(Object.keys(IMAGES) as ImageKind[]),
  }),
  z.strictObject({
    action: z.literal('faults'),
    lose: z.number().min(0).max(1),
  }),
  z.strictObject({
    action: z.literal('press'),
    by: z.string().min(1),
    ts: z.string().min(1),
    label: z.string().min(1),
    /** A message that only this person sees. */
    ephemeral: z.boolean().default(false),
  }),
  z.strictObject({
    action: z.literal('say'),
    by: z.string().min(1),
    channel: z.string().min(1),
    text: z.string().trim().min(1).max(3000),
    /** The thread it is written in. */
    thread: z.string().min(1).optional(),
  }),
  z.strictObject({
    action: z.literal('act'),
    /** A simulation's person; empty for an account, where AWS says who it is. */
    by: z.union([z.email(), z.literal('')]),
    /** A command, as it is typed in a terminal: `sleep orders`. */
    text: z.string().trim().min(1).max(300),
  }),
  z.strictObject({ action: z.literal('overspend'), team: z.string().min(1) }),
  z.strictObject({ action: z.literal('make'), by: z.email() }),
  z.strictObject({ action: z.literal('alarm'), name: z.string().min(1) }),
  z.strictObject({
    action: z.literal('speed'),
    speed: z.union([z.enum(['paused', 'flat-out']), z.number().positive().max(100_000)]),
  }),
  z.strictObject({
    action: z.literal('skip'),
    seconds: z.number().int().positive().max(HOURS_24),
  }),
  /** Skips to the next edge of a schedule that puts to sleep or wakes, and as long as that takes. */
  z.strictObject({ action: z.literal('edge'), to: z.enum(['stopped', 'running']) }),
])

export type Action = z.infer<typeof actionSchema>
/** As a client writes it: with what has a default left out. */
export type AskedAction = z.input<typeof actionSchema>

/** What is typed to run a job: no verb of Caretaker's, as it needs the person's own rights. */
export const jobToRun = (text: string): string | undefined => /^job run (\S+)$/.exec(text)?.[1]

/** What an account is not asked for: nothing is made to happen in it. */
export class NotHere extends Error {
  override readonly name = 'NotHere'
}

/**
 * Does what was asked; answers with a sentence that says so.
 *
 * @param pace of a simulation.
 * @throws NotHere for what only a simulation does.
 */
export async function perform(
  source: Source,
  pace: Pace | undefined,
  asked: Action,
): Promise<string> {
  const { play } = source
  if (asked.action === 'act') {
    const act = () => source.act(asked)
    return pace === undefined ? act() : pace.run(act)
  }
  if (play === undefined || pace === undefined) {
    throw new NotHere(`This console shows a real account: ${asked.action} is for a simulation`)
  }
  return make(source, play, pace, asked)
}

/** Makes something happen in the simulation. */
async function make(
  source: Source,
  play: Play,
  pace: Pace,
  asked: Exclude<Action, { action: 'act' }>,
): Promise<string> {
  switch (asked.action) {
    case 'push': {
      const { repository, tag, image } = asked
      await pace.run(() => play.push({ repository, tag, image: IMAGES[image] }))
      return `Pushed ${image === 'good' ? 'a good image' : `an image that ${BADLY[image]}`} as ${repository}:${tag}`
    }
    case 'faults':
      await pace.run(async () => play.faults.set({ lose: asked.lose }))
      return asked.lose > 0 ? 'Push events are lost from now on' : 'Events arrive again'
    case 'press': {
      const { by, ts, label, ephemeral } = asked
      const error = await pace.run(() => play.press({ by, ts, label, ephemeral }))
      if (error !== undefined) throw new Error(error)
      return `Pressed ${label}`
    }
    case 'say': {
      const error = await pace.run(() => play.say(asked))
      if (error !== undefined) throw new Error(error)
      return `Sent ${asked.text}`
    }
    case 'overspend':
      return pace.run(() => play.overspend(asked.team))
    case 'make': {
      const id = await pace.run(() => play.make(asked.by))
      return `${asked.by} has started ${id}, without a tag. Tags are looked at every day at ${DAILY_SWEEP}`
    }
    case 'alarm':
      await pace.run(() => play.raise(asked.name))
      return `${asked.name} is red until its next data says otherwise`
    case 'speed':
      pace.set(asked.speed)
      return asked.speed === 'paused' ? 'Time is paused' : 'Time runs'
    case 'skip':
      pace.skip(asked.seconds * 1000)
      return `Skipped ${asked.seconds / 60} minutes`
    case 'edge':
      return skipToEdge(source, play, pace, asked.to)
  }
}

/** Databases take some minutes, services one or two. */
const EDGE_TAKES_MS = 15 * 60_000

async function skipToEdge(
  source: Source,
  { world: { now } }: Play,
  pace: Pace,
  to: 'stopped' | 'running',
): Promise<string> {
  const { sleep } = await source.see()
  const at = nextOf(sleep, to, new Date(now))
  if (at === undefined) throw new Error('No schedule of the catalog has such an edge')
  pace.skip(at.getTime() + EDGE_TAKES_MS - now)
  const night = to === 'stopped' ? 'Night falls' : 'Morning comes'
  return `${night} at ${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

const BADLY = {
  crashes: 'crashes',
  unhealthy: 'is unhealthy',
  'never-starts': 'never starts',
  'wrong-architecture': 'has the wrong architecture',
} as const
