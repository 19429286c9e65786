import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import { readCatalog } from '../catalog/read.ts'
import { programOf } from '../cli/program/program.ts'
import { filled } from '../cli/runbook.ts'
import { missingMembers, operationSchema } from '../local/aws/schema.ts'

const CATALOG = readCatalog('catalog')

/** Alarms of the example, by the page that is about them; of other pages, a name that fits. */
const ALARMS: Record<string, string> = { 'job-failed': 'dev-orders-failed' }
const alarmOf = (page: string): string =>
  ALARMS[page] ??
  (page.startsWith('service-') ? `dev-orders-${page.slice(8)}` : `dev-orders-${page}`)

const pages = readdirSync('docs/runbooks').filter((file) => file.endsWith('.md'))
const runbook = (file: string) =>
  filled(readFileSync(`docs/runbooks/${file}`, 'utf8'), alarmOf(file.replace('.md', '')), CATALOG)
/** What people type from; `command-line.md` is made from the program itself. */
const guides = ['docs', 'docs/operations'].flatMap((folder) =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.md') && file !== 'command-line.md')
    .map((file) => `${folder}/${file}`),
)

const FENCED = /^```sh\n([\s\S]*?)^```/gm
const INLINE = /(?<!`)`((?:aws|npx caretaker) [^`\n]+)`(?!`)/g

/** The commands that a page prints, each on one line, without comments. */
function commandsIn(page: string): string[] {
  const blocks = [...page.matchAll(FENCED)].map(([, block = '']) => block)
  const lines = blocks.flatMap((block) => block.replaceAll(/\\\n\s*/g, '').split('\n'))
  const inline = [...page.replaceAll(FENCED, '').matchAll(INLINE)].map(([, code = '']) => code)
  return [...lines, ...inline].flatMap((line) => {
    const bare = line.replace(/\s+#\s.*$/, '')
    return [...bare.matchAll(/(?:^|[(=\s])((?:aws|npx caretaker) .*)$/g)].map(([, found = '']) =>
      found.trim(),
    )
  })
}

/** Words as a shell takes them apart; a quoted one is one. */
const wordsOf = (command: string): string[] =>
  (command.match(/"[^"]*"|'[^']*'|[^\s)]+/g) ?? []).map((word) =>
    word.replaceAll(/^["']|["']$/g, ''),
  )

/** What the AWS CLI calls otherwise than the SDK. */
const CLIENTS: Record<string, string> = {
  'application-autoscaling': 'application-auto-scaling',
  ce: 'cost-explorer',
  elbv2: 'elastic-load-balancing-v2',
  secretsmanager: 'secrets-manager',
  stepfunctions: 'sfn',
  logs: 'cloudwatch-logs',
}
/** No operations of AWS's: `aws rds wait db-instance-available`. */
const OF_THE_CLI = ['wait', 'get-login-password', 'tail', 'start-session']
/** Of every command; `cli-input…` and `no-…` are none of an operation's own. */
const EVERYWHERE = ['query', 'output', 'region', 'nooverwrite']
/** Options that the CLI calls otherwise than AWS. */
const RENAMED: Record<string, string> = { notificationendpoint: 'endpoint' }
/** Of these there is no client here that could tell. */
const UNKNOWN = ['eks', 'configure', 'login', 'sso']

function problemsOfAws(command: string): string[] {
  const [, service = '', verb = '', ...rest] = wordsOf(command)
  if (OF_THE_CLI.includes(verb) || UNKNOWN.includes(service)) return []
  const name = verb.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())
  const client = CLIENTS[service] ?? service
  const schema = operationSchema(client, name) ?? operationSchema(client, name.replace('Db', 'DB'))
  if (schema === undefined) return [`${service} has no ${verb}`]
  const members = new Map(
    [...schema.input.structIterator()].map(([member]) => [member.toLowerCase(), member]),
  )
  const options = rest
    .filter((word) => word.startsWith('--'))
    .map((word) => word.slice(2).replace(/^no-/, '').replaceAll('-', ''))
    .map((option) => RENAMED[option] ?? option)
  const given = options.flatMap((option) => members.get(option) ?? [])
  const unknown = options.filter((one) => !members.has(one) && !EVERYWHERE.includes(one))
  const missing = missingMembers(Object.fromEntries(given.map((one) => [one, 'x'])), schema.input)
  return [
    ...unknown.map((one) => `${verb} takes no ${one}`),
    // What is named alone, or with an option alone, is no command to type.
    ...(rest.length < 2 ? [] : missing.map((one) => `${verb} needs ${one}`)),
  ]
}

const PROGRAM = programOf({ terminal: { out: () => {}, tell: () => {} } } as never)

function problemsOfCaretaker(command: string): string[] {
  let [, , ...rest] = wordsOf(command)
  let at: { commands: readonly unknown[] } = PROGRAM
  type Sub = { name(): string; commands: Sub[]; options: { long?: string | undefined }[] }
  for (let [word = ''] = rest; ; [word = ''] = rest) {
    const next = (at.commands as Sub[]).find((one) => one.name() === word)
    if (next === undefined) break
    at = next
    rest = rest.slice(1)
  }
  if (at === PROGRAM && rest.length > 0 && rest[0] !== '<command>' && !rest[0]?.startsWith('-')) {
    return [`caretaker has no ${rest[0]}`]
  }
  const known = ((at as Sub).options ?? []).flatMap(({ long }) => long ?? [])
  return rest
    .filter((word) => word.startsWith('--') && word.length > 2)
    .map((word) => word.split('=')[0] ?? '')
    .filter((word) => !known.includes(word))
    .map((word) => `${command} takes no ${word}`)
}

/** @param isForm whether it may have parts that say what to put in: `<file>`. */
const problemsOf = (command: string, isForm = false): string[] => [
  ...(!isForm && /[…<]/.test(command.replaceAll(/'[^']*'/g, '')) && !/ < /.test(command)
    ? ['has a part that nobody can type as it is printed']
    : []),
  ...(command.startsWith('aws') ? problemsOfAws(command) : problemsOfCaretaker(command)),
]

const problemsIn = (page: string, isForm = false) =>
  commandsIn(page).flatMap((command) => {
    const problems = problemsOf(command, isForm)
    return problems.length === 0 ? [] : [{ command, problems }]
  })

test.each(pages)('every command of docs/runbooks/%s runs as it is printed', (file) => {
  expect(problemsIn(runbook(file))).toEqual([])
})

test.each(['README.md', ...guides])('every command of %s is one', (file) => {
  const text = readFileSync(file, 'utf8').replaceAll('xoxb-…', 'xoxb-1')
  expect(problemsIn(filled(text, 'dev-orders-x', CATALOG), /^docs\/[^/]+$/.test(file))).toEqual([])
})

describe('a command that does not', () => {
  test.each([
    ['aws ecs describe-service --cluster a', 'ecs has no describe-service'],
    ['aws ecs describe-services --clusters a --services b', 'takes no clusters'],
    ['aws ecs update-service --cluster a', 'needs service'],
    ['aws sqs purge-queue --queue-url …', 'nobody can type'],
    ['aws ecs stop-task --task <task>', 'nobody can type'],
    ['npx caretaker rolback orders', 'caretaker has no rolback'],
    ['npx caretaker environment deploy --frce', 'takes no --frce'],
  ])('%s is found', (command, problem) => {
    expect(problemsOf(command).join()).toContain(problem)
  })

  it('is found in a block, in a line of words, and behind an assignment', () => {
    const page =
      'Do `aws a b`.\n\n```sh\nx=$(aws c d \\\n  --e f)\nnpx caretaker status   # look\n```\n'
    expect(commandsIn(page)).toEqual(['aws c d --e f)', 'npx caretaker status', 'aws a b'])
  })
})

it('a page is filled with what its alarm is about, and left as it is where that is not known', () => {
  const page = '`<environment>-<cluster>`, `<service>`, <person>'
  expect(filled(page, 'dev-orders-cpu', CATALOG)).toBe('`dev-backend`, `orders`, <person>')
  expect(filled(page, 'sweep-errors', CATALOG)).toBe('`dev-<cluster>`, `<service>`, <person>')
  expect(filled(page, 'dev-orders-cpu', undefined)).toBe(page)
})
