import { TAGS } from '../tags.ts'
import { cut } from '../text.ts'

/** From which severity on a finding keeps an image from a service. */
export type Gate = 'critical' | 'high'

/** How one service's roll-outs are judged. Durations in seconds. */
export type Settings = {
  /** How long a new image must stay healthy. */
  bakeSeconds: number
  /** How long a deployment may make no progress. */
  deadlineSeconds: number
  gate?: Gate
}

/** The bounds of a catalog hold for a tag that somebody writes by hand too. */
const MOST_BAKE = 3600
const LEAST_DEADLINE = 60
const MOST_DEADLINE = 6 * 60 * 60

/**
 * What a service's tags say of its roll-outs. A value that cannot be read is never guessed: the
 * default holds.
 *
 * @returns also a sentence for each tag that could not be read.
 */
export function settingsOf(
  tags: Record<string, string>,
  defaults: Pick<Settings, 'bakeSeconds' | 'deadlineSeconds'>,
): Settings & { unreadable: string[] } {
  const bake = seconds(tags[TAGS.bake], 0, MOST_BAKE)
  const deadline = seconds(tags[TAGS.deadline], LEAST_DEADLINE, MOST_DEADLINE)
  const asked = tags[TAGS.refuseFindings]
  const gate = gateIn(tags)
  const unreadable = [
    ...(bake === 'unreadable' ? [said(tags, TAGS.bake, `0 to ${MOST_BAKE} seconds`)] : []),
    ...(deadline === 'unreadable'
      ? [said(tags, TAGS.deadline, `${LEAST_DEADLINE} to ${MOST_DEADLINE} seconds`)]
      : []),
    ...(asked !== undefined && gate === undefined
      ? [said(tags, TAGS.refuseFindings, 'critical or high')]
      : []),
  ]
  return {
    bakeSeconds: typeof bake === 'number' ? bake : defaults.bakeSeconds,
    deadlineSeconds: typeof deadline === 'number' ? deadline : defaults.deadlineSeconds,
    ...(gate === undefined ? {} : { gate }),
    unreadable,
  }
}

/** The severity a service's tag names; undefined without the tag, or when it cannot be read. */
export function gateIn(tags: Record<string, string>): Gate | undefined {
  const asked = tags[TAGS.refuseFindings]
  return asked === 'critical' || asked === 'high' ? asked : undefined
}

function seconds(
  text: string | undefined,
  least: number,
  most: number,
): number | 'unreadable' | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  const isRead = /^\d{1,6}$/.test(text) && value >= least && value <= most
  return isRead ? value : 'unreadable'
}

const said = (tags: Record<string, string>, key: string, allowed: string): string =>
  `the tag ${key} is ${JSON.stringify(cut(tags[key] ?? '', 100))}, allowed: ${allowed}; the default holds`
