const INTRO = `# The command line

Everything that a person types is one program. In a folder with a catalog it is \`npx caretaker\`; the scripts of \`package.json\` (\`npm run synth\`, \`npm run doctor\`, \`npm run deploy\`, \`npm start\`) are the same commands. Every command has \`--help\`, with examples. This page is made from that by \`npm run docs\`.

**Whom it asks.** \`status\`, \`why\`, \`deploy\` and whatever else can be asked in Slack goes to the environment of the catalog, signed with your AWS credentials: AWS says who you are, and the catalog says what you may ([access](access.md#asking-caretaker)). While \`npm start\` runs on this machine, the simulated AWS is asked instead, and that is said: what you learn there is what you type on AWS. \`--aws\` is AWS all the same, \`--local\` never is; \`--endpoint-url\`, or the variable \`AWS_ENDPOINT_URL\`, is a simulation at another port. There you may be anybody of the catalog: \`--as bob@example.com\`.

**Nothing is started before what you typed is known to be right.** What cannot be read whole is refused in one line, without a call. A name that is wrong is answered with those that are like it.

**For programs.** \`--json\` prints one document on stdout and nothing else: \`outcome\` (\`read\`, \`done\`, \`started\`, \`refused\`), \`text\` (what a person would read), \`data\` (the same as fields; times are UTC), and of what was done \`receipt\`, \`undo\` and \`until\`. Commands that ask nobody print their own fields in the same way: \`runbook\`, \`schedule\`, \`environment synth\` and \`doctor\`, \`init\` (which then asks no question). What serves, forwards or shows the progress of CloudFormation (\`start\`, \`console\`, \`exec\`, \`connect\`, \`environment deploy\` and \`destroy\`) has no \`--json\`: its exit code says how it ended. What was assumed, progress and mistakes go to stderr. Colours are only for terminals, and not where \`NO_COLOR\` is set.

| exit code | |
|---|---|
| 0 | done, or answered; every expectation holds |
| 1 | refused: not allowed, not possible as things stand; an expectation does not hold; a bad verdict; something unforeseen |
| 2 | a mistake in what was typed or in a file, a name that is not there, or nobody could be asked |
| 3 | \`wait\`: no verdict within the time |
| 130 | ended by Ctrl-C. A request that was sent may have been carried out: \`status\` says |

In a pipeline, behind the push of an image:

\`\`\`sh
npx caretaker wait "orders@$digest" --timeout 20m
\`\`\`

**Completion.** \`npx caretaker completion bash\` (zsh, fish, powershell) prints the script that completes commands, options and the catalog's names; it needs \`caretaker\` in the \`PATH\` (\`npm link\`).

`

/** What is asked of a command here, whatever it takes. */
type Shown = {
  name(): string
  readonly commands: readonly Shown[]
  configureOutput(output: { writeOut(text: string): void; getOutHelpWidth(): number }): unknown
  outputHelp(): void
}

const WIDTH = 100

/** `docs/command-line.md`: how each command is used, from its own help. */
export function commandLinePage(program: Shown): string {
  const sections = leaves(program, [])
    .filter(({ path: [first] }) => first !== 'complete')
    .map(({ path, command }) => {
      return `## ${path.join(' ')}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\`\n`
    })
  return `${INTRO}${sections.join('\n')}`
}

type Leaf = { path: readonly string[]; command: Shown }

const leaves = (command: Shown, path: readonly string[]): Leaf[] =>
  command.commands.length === 0
    ? [{ path, command }]
    : command.commands.flatMap((one) => leaves(one, [...path, one.name()]))

/** Options that many commands share, and that the introduction explains. */
const SHARED =
  /^ {2}(--json|--local|--aws|--endpoint-url <url>|--as <e-mail>|--catalog <directory>|-h, --help) .*\n/gm

function helpOf(command: Shown): string {
  const lines: string[] = []
  command.configureOutput({ writeOut: (text) => lines.push(text), getOutHelpWidth: () => WIDTH })
  command.outputHelp()
  return lines
    .join('')
    .replaceAll(SHARED, '')
    .replace(/\nOptions:\n(?=\n|$)/, '')
    .trim()
}
