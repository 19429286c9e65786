import { putWords } from '../draft.ts'
import { giveImage } from '../images.ts'
import { isSecret } from '../is-secret.ts'
import { giveSecret } from '../secrets.ts'
import type { Row } from '../table.ts'
import { entriesOf, itemsOf, type Tree, textOf } from '../tree.ts'
import { giveVariable } from '../variables.ts'
import type { Scope } from './ground.ts'
import { HEALTH_ROWS } from './health.ts'
import { LOGGING_ROWS } from './logging.ts'
import { PROCESS_ROWS } from './process.ts'
import { REACH_ROWS } from './reach.ts'
import { REASONS } from './reasons.ts'
import { SIZE_ROWS } from './size.ts'
import { STORAGE_ROWS } from './storage.ts'
import { isOfBucket, lostIn, namesThisMachine, partsOf } from './values.ts'

function image(tree: Tree, { app: { fact, draft, repository }, report }: Scope): void {
  if (fact.isBuilt) report.to(tree, `${draft.file} repository`)
  else giveImage(draft, tree, repository)
}

function platform(tree: Tree, { app: { draft } }: Scope): void {
  const [, architecture] =
    /^(?:linux\/)?(amd64|x86_64|arm64)(?:\/v8)?$/.exec(textOf(tree) ?? '') ?? []
  if (architecture === undefined) return
  draft.put('platform', architecture === 'arm64' ? 'arm64' : 'x86_64', tree)
}

/** A variable without a value takes that of the shell in which Compose is started. */
function variable(
  name: string,
  tree: Tree,
  { app: { draft }, plan, calls, ground, report }: Scope,
): void {
  const value = textOf(tree)
  const lacks = tree.lacks ?? (value === undefined ? [name] : [])
  if (value !== undefined && isOfBucket(value, calls)) {
    const because = 'its role lets it use its bucket, at AWS’s own address'
    report.leave(tree, because, 'nothing, if the code takes AWS’s defaults without this variable')
    return
  }
  const parts = partsOf(name, value ?? '', calls, ground.namespace)
  const isPut = parts.some((part) => typeof part !== 'string')
  if (lacks.length === 0 || isPut) {
    giveVariable(draft, name, parts, tree)
    if (value !== undefined && namesThisMachine(value)) {
      const because = 'it names the machine it runs on'
      report.leave(tree, because, `write the address of what is meant there in ${draft.file}`)
    }
    const lost = value === undefined ? undefined : lostIn(value, plan)
    if (lost !== undefined) {
      const because = `it names ${lost}, which is left out`
      report.leave(tree, because, `write the address of what replaces it in ${draft.file}`)
    }
    return
  }
  if (isSecret(name, 'a-value-nobody-knows')) {
    draft.secretValues.set(name, `$${lacks.join(' $')}`)
    giveSecret(draft, name, tree)
    return
  }
  const because = `nothing says what $${lacks.join(', $')} is: it came from your shell`
  report.leave(tree, because, `write environment.${name} into ${draft.file}`)
}

function secretFile(tree: Tree, { app: { draft }, report }: Scope): void {
  const source = textOf(tree) ?? textOf(entriesOf(tree).find(([key]) => key === 'source')?.[1])
  if (source === undefined) return
  const name = source.toUpperCase().replaceAll(/\W/g, '_')
  giveSecret(draft, name, tree)
  const because = `a secret is a variable here, ${name}, not a file below /run/secrets`
  report.leave(tree, because, `let the application read ${name}`)
}

/** Whether the name of a service is one that others still have to find it by. */
function needs(tree: Tree, scope: Scope): void {
  const { app, plan, report } = scope
  for (const [name, one] of entriesOf(tree)) {
    const fact = plan.facts.all.get(name)
    const other = plan.apps.get(name)
    const isOnce = plan.once.has(name) || plan.proxies.has(name)
    if (other !== undefined) {
      const listens = other.port !== undefined
      const to = listens ? `${app.draft.file} dependsOn` : 'it does not listen: nobody waits for it'
      report.to(one, to)
    } else if (fact?.stands !== undefined || isOnce) {
      report.to(
        one,
        'it is there before: data stores wake first, preDeploy runs before a deployment',
      )
    } else {
      report.leave(
        one,
        `there is no service ${name} here`,
        'nothing, if it was left out on purpose',
      )
    }
  }
}

/** Every key of a service that has a place, in the order in which they are read. */
const OWN: readonly Row<Scope>[] = [
  { key: 'image', to: 'repository', read: image },
  { key: 'platform', to: 'platform', read: platform },
  {
    key: 'build',
    to: 'repository: push the image there, or let a pipeline build it (source)',
    read: (tree, { app: { draft }, report }) => {
      if (textOf(tree) !== undefined) report.to(tree, `${draft.file} repository`)
    },
  },
  ...['build.context', 'build.dockerfile', 'build.platforms'].map(
    (key): Row<Scope> => ({
      key,
      to: 'repository: what is pushed there',
      read: (tree, { app: { draft }, report }) => report.to(tree, `${draft.file} repository`),
    }),
  ),
  {
    key: 'entrypoint',
    to: 'entryPoint',
    read: (tree, { app: { draft } }) => putWords(draft, 'entryPoint', tree),
  },
  {
    key: 'command',
    to: 'command',
    read: (tree, { app: { draft } }) => putWords(draft, 'command', tree),
  },
  ...REACH_ROWS,
  { key: 'depends_on', to: 'dependsOn, database, cache; preDeploy of what completes', read: needs },
  {
    key: 'links.*',
    to: 'dependsOn; the alias is written out in variables',
    read: (tree, { report }) => report.to(tree, 'the names in its variables'),
  },
  {
    key: 'environment',
    to: 'environment; secrets for passwords, tokens and keys; aliases and command for what names a data store',
    read: (tree, scope) => {
      if (itemsOf(tree).length > 0 && textOf(tree) !== undefined) return
      for (const [name, one] of scope.app.fact.variables) variable(name, one, scope)
    },
  },
  {
    key: 'env_file',
    to: 'environment, secrets: its variables are written out',
    read: (_, scope) => {
      if (entriesOf(scope.app.fact.tree).some(([key]) => key === 'environment')) return
      for (const [name, one] of scope.app.fact.variables) variable(name, one, scope)
    },
  },
  { key: 'secrets.*', to: 'secrets: a variable, not a file', read: secretFile },
  ...HEALTH_ROWS,
  ...STORAGE_ROWS,
  ...SIZE_ROWS,
  ...PROCESS_ROWS,
  ...LOGGING_ROWS,
  { key: 'restart', holds: 'ECS starts what has ended again' },
  { key: 'deploy.restart_policy', holds: 'ECS starts what has ended again' },
  { key: 'profiles', holds: 'it was asked for' },
  { key: 'extends', holds: 'what it extends is put in' },
]

/** https://github.com/compose-spec/compose-spec/blob/main/05-services.md */
export const SERVICE_ROWS: readonly Row<Scope>[] = [...OWN, ...REASONS]
