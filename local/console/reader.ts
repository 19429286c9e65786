import { mayActFor } from '../../domain/acts/who.ts'
import type { Reader } from './source.ts'

/** Why whoever looks may not act for a team, in words; undefined: that person may. */
export function whyNot({ who, onlyReads }: Reader, team: string): string | undefined {
  if (onlyReads !== undefined) return onlyReads
  if (who === undefined || mayActFor(who, team)) return undefined
  const own = who.teams.length === 0 ? 'in no team' : `in ${who.teams.join(', ')}`
  const whose = team === '' ? 'Only operators may' : `Only members of ${team}, and operators, may`
  return `${whose}; you are ${own} (${who.name}).`
}
