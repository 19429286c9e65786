import { logsData } from '../../domain/acts/answer.ts'
import { untilInterrupted } from '../interruption.ts'
import type { Terminal } from '../terminal.ts'
import { type AskOptions, askOnce, placeFor } from './act.ts'
import { entranceOf } from './ask.ts'
import { dataOf } from './data.ts'

type Line = { at: string; message: string }

const PAUSE_MS = 3_000

/**
 * `logs <service> --follow`: its last lines, then each that comes, until Ctrl-C. With `json` each is
 * an object in a line.
 *
 * @returns 1 when Caretaker has refused, 2 for a name it does not know.
 */
export async function follow(
  command: string,
  options: AskOptions,
  terminal: Terminal,
): Promise<number> {
  const entrance = entranceOf(await placeFor(command, options, terminal))
  let text = command
  let task: string | undefined
  let last: Line[] = []
  for (;;) {
    const answer = await askOnce(entrance, text, terminal)
    if (answer.outcome === 'refused') {
      terminal.tell(answer.text)
      return answer.mistake ? 2 : 1
    }
    const { lines, ...data } = dataOf(logsData, answer)
    if (data.task !== task && data.task !== undefined) {
      terminal.tell(`Task ${data.task} of ${data.service}:`)
      last = []
    }
    task = data.task
    for (const line of unseen(lines, last)) {
      terminal.out(options.json ? JSON.stringify({ task, ...line }) : line.message)
    }
    last = lines.length === 0 ? last : lastOf(lines)
    const at = last[0]?.at
    text = at === undefined ? command : `logs ${data.service} since ${at}`
    const pause = (interrupted: AbortSignal) => terminal.wait(PAUSE_MS, interrupted)
    await untilInterrupted(terminal, pause, 'Interrupted.')
  }
}

/** Lines of the last instant: one is asked for from it on, so that none of it is missed. */
function lastOf(lines: readonly Line[]): Line[] {
  const at = lines.at(-1)?.at
  return lines.filter((line) => line.at === at)
}

/** Without those that were printed already: as many of the last instant as were seen of it. */
function unseen(lines: readonly Line[], last: readonly Line[]): readonly Line[] {
  const at = last[0]?.at
  if (at === undefined) return lines
  const again = lines.filter((line) => line.at === at).slice(0, last.length)
  return lines.filter((line) => line.at >= at && !again.includes(line))
}
