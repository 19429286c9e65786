import type { Answer } from '../../domain/acts/answer.ts'
import { readCommand } from '../../domain/acts/read.ts'
import { untilInterrupted } from '../interruption.ts'
import type { Terminal } from '../terminal.ts'
import { UsageError } from '../usage.ts'
import { type Entrance, entranceOf } from './ask.ts'
import { MAY_BE_DONE } from './configuration.ts'
import { patiently } from './patiently.ts'
import { type Place, type PlaceOptions, placeOf } from './place.ts'

export type AskOptions = PlaceOptions & { json?: boolean | undefined }

/**
 * Asks Caretaker what can be asked in Slack too, signed by the AWS credentials of whoever types it,
 * and prints the answer. What cannot be read is told here, without asking.
 *
 * @returns 0 when it was answered or done, 1 when Caretaker has refused, 2 for a name it does not know.
 */
export async function act(text: string, options: AskOptions, terminal: Terminal): Promise<number> {
  const place = await placeFor(text, options, terminal)
  const answer = await askOnce(entranceOf(place), text, terminal)
  if (options.json) {
    const { outcome, text: said, ...more } = answer
    const { environment, endpoint } = place
    const where = { environment, ...(endpoint !== undefined && { endpoint }) }
    terminal.out(JSON.stringify({ outcome, text: said, ...where, ...more }, undefined, 2))
  } else if (answer.outcome === 'refused') {
    terminal.tell(answer.text)
  } else {
    terminal.say(answer.text)
  }
  if (answer.outcome !== 'refused') return 0
  return answer.mistake ? 2 : 1
}

/**
 * Where a command is to be asked, once it is known to be right; says what was assumed of that.
 *
 * @throws UsageError for a command that the entrance would not read either; nothing was asked.
 */
export async function placeFor(
  text: string,
  options: PlaceOptions,
  terminal: Terminal,
): Promise<Place> {
  const place = await placeOf(options, terminal)
  const { now, timeZone } = place
  const read = readCommand(text, { now, timeZone })
  if ('refused' in read) throw new UsageError(read.refused)
  if (place.assumed !== undefined) terminal.tell(place.assumed)
  return place
}

/** Asks once; Ctrl-C ends the waiting, and says what that means. @throws Interrupted */
export function askOnce(entrance: Entrance, text: string, terminal: Terminal): Promise<Answer> {
  const question = { text, zone: terminal.timeZone }
  return untilInterrupted(
    terminal,
    (interrupted) => patiently(terminal, 'Asking Caretaker', entrance(question, interrupted)),
    `Interrupted. ${MAY_BE_DONE}`,
  )
}
