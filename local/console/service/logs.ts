import { type Answer, logsData } from '../../../domain/acts/answer.ts'
import type { Logged } from '../source.ts'

/** The command that asks for a service's log. */
export const logsCommand = (service: string, since: string | undefined): string =>
  since === undefined ? `logs ${service}` : `logs ${service} since ${since}`

/** What the entrance has answered to it. @throws Error with why it was refused. */
export function loggedOf({ outcome, text, data }: Answer): Logged {
  if (outcome === 'refused') throw new Error(text)
  const { task, lines } = logsData.parse(data)
  // Of a log with lines the text repeats them; without, it says why there are none.
  return { ...(task !== undefined && { task }), lines, says: lines.length === 0 ? text : '' }
}
