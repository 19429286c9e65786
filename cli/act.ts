import { readCatalog } from '../catalog/read.ts'
import { readCommand } from '../domain/acts/read.ts'
import { ask, type Place } from './act/ask.ts'
import { UsageError } from './usage.ts'

const USAGE =
  'npm run caretaker -- [--catalog <directory>] [--endpoint-url <url> [--as <e-mail>]] <command>; `npm run caretaker -- help` lists the commands'

/** What is ours among the words; everything else is the command. */
const OPTIONS = ['catalog', 'endpoint-url', 'as'] as const
type Options = Partial<Record<(typeof OPTIONS)[number], string>>

/**
 * `npm run caretaker -- why orders`: asks Caretaker what can be asked in Slack too, signed by the AWS
 * credentials of whoever types it, and prints the answer.
 *
 * @returns 0 when it was answered or done, 1 when Caretaker has refused, 2 when it could not be read.
 */
export async function act(words: string[]): Promise<number> {
  const { options, command } = apart(words)
  const { environment } = readCatalog(options.catalog ?? 'catalog')
  const text = command.join(' ')
  const read = readCommand(text, { now: new Date(), timeZone: environment.timeZone })
  // What cannot be read there is told here, without asking.
  if ('help' in read) console.log(read.help)
  if ('refused' in read) console.error(read.refused)
  if (!('act' in read)) return 'help' in read ? 0 : 2
  const { timeZone: zone } = Intl.DateTimeFormat().resolvedOptions()
  const { outcome, text: answer } = await ask(placeOf(options, environment), { text, zone })
  console.log(answer)
  return outcome === 'refused' ? 1 : 0
}

/** Our own options, before the command or behind it; a command has options of its own. */
function apart(words: readonly string[]): { options: Options; command: string[] } {
  const options: Options = {}
  const command: string[] = []
  const rest = [...words]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [name, joined] = word.split(/=(.*)/s)
    const option = OPTIONS.find((one) => `--${one}` === name)
    if (option === undefined) {
      command.push(word)
      continue
    }
    const value = joined ?? rest.shift()
    if (!value) throw new UsageError(`${name} needs a value\nUse: ${USAGE}`)
    options[option] = value
  }
  if (command[0]?.startsWith('-')) {
    throw new UsageError(`Unknown option '${command[0]}'\nUse: ${USAGE}`)
  }
  return { options, command }
}

function placeOf(
  { 'endpoint-url': endpoint, as }: Options,
  { name, region }: { name: string; region: string },
): Place {
  if (as !== undefined && endpoint === undefined) {
    throw new UsageError(
      `--as is for the local AWS (--endpoint-url): AWS itself says who you are\nUse: ${USAGE}`,
    )
  }
  return {
    environment: name,
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(as === undefined ? {} : { as }),
  }
}
