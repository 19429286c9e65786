import { parse } from 'yaml'
import type { Answers } from './questions.ts'

export type Around = {
  /** An IANA zone. */
  timeZone: string
  /** Where the catalog's JSON Schemas are, from the folder of the catalog. */
  schemas: string
}

/** The files of a new catalog, and a scenario to play in it; each by its path. */
export const newFiles = (answers: Answers, around: Around): Record<string, string> => ({
  'catalog/environment.yaml': environment(answers, around),
  [`catalog/services/${answers.service}.yaml`]: service(around),
  'scenarios/good-then-bad.yaml': scenario(answers),
})

/** A value as YAML reads it back: an environment may be called `true`. */
const yaml = (text: string): string =>
  /^[a-z][\w.+@-]*$/i.test(text) && parse(text) === text ? text : JSON.stringify(text)

const environment = (answers: Answers, { timeZone, schemas }: Around) => {
  const [name, email] = [yaml(answers.name), yaml(answers.email)]
  return `# yaml-language-server: $schema=${schemas}/environment.json
# What everything shares; an editor that reads the first line completes and checks it. Each service
# is a file in services/.
name: ${name}
region: ${answers.region}
timeZone: ${timeZone}
# In US dollars a month; who owns it is told when it is nearly spent.
budget: 300

# Who a service belongs to: a service's file names its team.
owner: platform
teams:
  platform:
    owner: ${email}
    # Where Slack is told, once it is connected.
    channel: "#${answers.name}-environment"
    members:
      - { email: ${email} }

# They may act for every team.
operators:
  members:
    - { email: ${email} }

alarms:
  # Until Slack is connected, and beside it.
  email: ${email}

# Nothing sleeps unless its file names one of these.
schedules:
  office-hours:
    running:
      - { days: mon-fri, from: 07:00, to: 20:00 }
`
}

const service = ({ schemas }: Around) => `# yaml-language-server: $schema=../${schemas}/service.json
# Its image is pushed to the ECR repository of this name; whatever the tag main names is run.
team: platform
port: 8080
healthPath: /
route: { path: /*, priority: 1000 }
schedule: office-hours
`

const scenario = ({ service: first }: Answers) => {
  const name = yaml(first)
  return `name: a bad image is rolled back
start: 2026-03-02T09:00:00Z
steps:
  - at: +1m
    push: { repository: ${name}, tag: main, image: { behaviour: healthy } }
  - at: +20m
    push: { repository: ${name}, tag: main, image: { behaviour: crashes, exitCode: 137 } }
  - at: +1h
    expect:
      service: ${name}
      running: first
      verdicts: [deployed, rolled-back]
      awake: true
      healthy: true
`
}

/** What is made on every machine anew, and belongs in no repository. */
export const IGNORED = ['node_modules/', '.cache/', 'cdk.out/']

/** A `.gitignore` with what is made anew; what stands there stays. */
export function withIgnored(text = ''): string {
  const lines = text.split(/\r?\n/).map((line) => line.trim().replace(/^\//, '').replace(/\/$/, ''))
  const missing = IGNORED.filter((one) => !lines.includes(one.replace(/\/$/, '')))
  if (missing.length === 0) return text
  const before = text === '' || text.endsWith('\n') ? text : `${text}\n`
  return `${before}${missing.join('\n')}\n`
}

type Manifest = Record<string, unknown> & {
  scripts?: Record<string, string>
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
}

const SCRIPTS = {
  start: 'caretaker start',
  synth: 'caretaker environment synth',
  doctor: 'caretaker environment doctor',
  deploy: 'caretaker environment deploy',
}

/**
 * A `package.json` with the scripts, and with Caretaker at exactly this version; what stands there
 * stays. A version in a lockfile alone would be another after the lockfile's next update.
 *
 * @param version undefined where the package is not what runs.
 * @throws SyntaxError for a text that is no JSON.
 */
export function withScripts(text: string | undefined, version: string | undefined): string {
  const manifest = JSON.parse(text ?? '{"private":true}') as Manifest
  const { scripts = {}, dependencies = {}, devDependencies = {} } = manifest
  const isThere = 'caretaker' in dependencies || 'caretaker' in devDependencies
  const made: Manifest = { ...manifest, scripts: { ...SCRIPTS, ...scripts } }
  if (version !== undefined && !isThere) {
    made.dependencies = { ...dependencies, caretaker: version }
  }
  const indent = /^[\t ]+/m.exec(text ?? '')?.[0] ?? '  '
  return `${JSON.stringify(made, undefined, indent)}\n`
}

export const readme = ({ name, service: first }: Answers) => `# The environment ${name}

An AWS development environment and what looks after it, made by Caretaker from [catalog/](catalog).

\`\`\`sh
npm ci
npx caretaker start                # all of it on a simulated AWS: http://localhost:4400
npx caretaker simulate scenarios/good-then-bad.yaml
npx caretaker environment synth    # every mistake, and what has changed in the templates
npx caretaker environment doctor   # is the AWS account ready?
npx caretaker environment deploy   # shows what changes, asks once
\`\`\`

- A new service is a file beside [${first}.yaml](catalog/services/${first}.yaml): [what can be said there](node_modules/caretaker/docs/service-onboarding.md).
- [Every command](node_modules/caretaker/docs/command-line.md); [all pages](node_modules/caretaker/docs/README.md).
- What to do about an alarm: \`npx caretaker runbook <name>\`.
- To upgrade: \`npm install caretaker@<version> --save-exact\`, read [what it changes](node_modules/caretaker/CHANGELOG.md), and let \`npx caretaker environment synth\` show it.
`
