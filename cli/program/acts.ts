import { type Command, Option } from '@commander-js/extra-typings'
import { EXPLAINED } from '../../domain/acts/help.ts'
import { VERBS, type Verb } from '../../domain/acts/verbs.ts'
import type { AskOptions } from '../asking/act.ts'
import { commandText, type Said } from '../asking/words.ts'
import { UsageError } from '../usage.ts'
import { type Context, withExamples } from './context.ts'
import { withPlace } from './place-options.ts'
import { SHAPES } from './shapes.ts'

/** What can be asked in Slack too (`domain/acts`), each a command. */
export function addActs(program: Command, context: Context): void {
  for (const verb of VERBS) addAct(program, verb, context)
}

function addAct(program: Command, verb: Verb, { terminal, ended }: Context): void {
  const { word, does, undo, who } = EXPLAINED[verb]
  const { group, line, takes, options = [], examples } = SHAPES[verb]
  const command = program.command(word).helpGroup(group).summary(line)
  command.description(`${does[0]?.toUpperCase()}${does.slice(1)}.`)
  // Whatever is missing is said by the one reader of these words.
  for (const name of takes) command.argument(`[${name}]`)
  for (const name of options) command.addOption(OPTIONS[name]())
  if (verb === 'logs') command.option('--follow', 'and each line that comes, until Ctrl-C')
  withPlace(command)
  command.usage(usageOf(verb))
  command.addHelpText(
    'after',
    [
      '',
      `Who may: ${who === 'team' ? 'members of its team, and operators' : 'every member of a team'}.`,
      ...(undo === undefined ? [] : [`Undone by: caretaker ${undo}`]),
    ].join('\n'),
  )
  withExamples(command, ...examples)
  command.action(async (...given: unknown[]) => {
    // Behind the arguments come the options and the command.
    const [said] = given.slice(takes.length) as [Said & AskOptions & { follow?: boolean }]
    const words = given.slice(0, takes.length).flat().filter(isWord)
    if (verb === 'deploy' && words.length === 0) {
      throw new UsageError(
        'It names no service and no tag: `caretaker deploy <service> <tag>`. The environment itself: `caretaker environment deploy`.',
      )
    }
    const text = commandText(verb, words, said)
    if (said.follow) ended(await (await import('../asking/follow.ts')).follow(text, said, terminal))
    else ended(await (await import('../asking/act.ts')).act(text, said, terminal))
  })
}

const isWord = (given: unknown): given is string => typeof given === 'string'

/** As Slack's, but for what is an option here. */
function usageOf(verb: Verb): string {
  const { usage, word } = EXPLAINED[verb]
  return `${usage.slice(word.length).trim()} [options]`.trim()
}

/** A name as one word: what is in it cannot be read as something else. */
function oneWord(option: string) {
  return (text: string): string => {
    if (/^[\w./:@-]+$/.test(text)) return text
    throw new UsageError(`${option}: found ${JSON.stringify(text)}, allowed: a name, one word`)
  }
}

const OPTIONS = {
  team: () => new Option('--team <team>', "all of a team's").argParser(oneWord('--team')),
  until: () =>
    new Option('--until <time>', '18:00, "tomorrow 9:00", "2026-03-03 09:00"').conflicts('for'),
  for: () => new Option('--for <length>', '30m, 2h, "1h 30m"'),
  since: () => new Option('--since <instant>', 'from then on: 2026-03-03T09:00:00Z'),
  reason: () => new Option('--reason <words>', 'why, for those who ask later'),
  despiteFreeze: () => new Option('--despite-freeze <reason>', 'although it is frozen, and why'),
  despiteKeep: () => new Option('--despite-keep', 'although somebody keeps it awake'),
}
