import { type Command, Option, type OptionValues } from '@commander-js/extra-typings'
import { CATALOG, JSON_DOCUMENT } from './context.ts'

/** Where Caretaker is asked, and how it answers. */
export const withPlace = (command: Command) => withWhere(command.option(...JSON_DOCUMENT))

/** Where Caretaker is asked. */
export const withWhere = <Options extends OptionValues>(command: Command<[], Options>) =>
  command
    .addOption(
      new Option('--local', 'the simulated AWS on this machine').conflicts(['aws', 'endpointUrl']),
    )
    .addOption(
      new Option('--aws', 'AWS itself, also while a simulation runs').conflicts('endpointUrl'),
    )
    .option('--endpoint-url <url>', 'a simulated AWS at another port')
    .option('--as <e-mail>', "as whom of the simulation's people")
    .option(...CATALOG)
