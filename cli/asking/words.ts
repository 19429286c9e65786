import { EXPLAINED } from '../../domain/acts/help.ts'
import { bare } from '../../domain/acts/typed.ts'
import type { Verb } from '../../domain/acts/verbs.ts'
import { UsageError } from '../usage.ts'

/** What may be said by options; the words behind the command say the same. */
export type Said = {
  team?: string | undefined
  until?: string | undefined
  for?: string | undefined
  since?: string | undefined
  reason?: string | undefined
  despiteFreeze?: string | undefined
  despiteKeep?: boolean | undefined
}

const LEAD = /^(until|till?|for)$/i

/**
 * A command as it is typed in Slack, from the words and options of the command line: one reader
 * reads both (`domain/acts/read.ts`).
 *
 * @throws UsageError when a time is said twice.
 */
export function commandText(verb: Verb, words: readonly string[], said: Said): string {
  const { team, until, since, reason, despiteFreeze, despiteKeep } = said
  const length = said.for
  const time = until ?? length
  if (time !== undefined && words.some((word) => LEAD.test(bare(word)))) {
    throw new UsageError(
      `${until === undefined ? '--for' : '--until'}: the words before it say until when already; say it once`,
    )
  }
  return [
    EXPLAINED[verb].word,
    ...(team === undefined ? [] : ['team', team]),
    ...words,
    ...(time === undefined ? [] : [until === undefined ? 'for' : 'until', time]),
    ...(since === undefined ? [] : ['since', since]),
    ...(despiteKeep ? ['--despite-keep'] : []),
    ...(despiteFreeze === undefined ? [] : ['--despite-freeze', despiteFreeze]),
    ...(reason === undefined ? [] : [reason]),
  ].join(' ')
}
