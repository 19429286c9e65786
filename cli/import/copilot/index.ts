import { isNameFree } from '../../../catalog/value-checks.ts'
import { Draft } from '../draft.ts'
import { Entrances } from '../entrances.ts'
import type { Ground } from '../ground.ts'
import type { Imported } from '../imported.ts'
import { Report } from '../report.ts'
import { shareSecrets } from '../secrets.ts'
import { keysOf, leaveUnread, readRows } from '../table.ts'
import { childOf, flagOf, numberOf, type Tree, textOf } from '../tree.ts'
import { serviceNames } from '../words.ts'
import { readAddon } from './addons.ts'
import {
  ENVIRONMENT_ROWS,
  type EnvironmentScope,
  environmentName,
  PIPELINE_ROWS,
} from './environment.ts'
import { MANIFEST_ROWS, settle } from './keys.ts'
import { type Folder, loadFolder, type SourceFile } from './load.ts'
import { listenersOf } from './nlb.ts'
import { aliasesOf, MOST_HOSTS, pathsOf } from './reach.ts'
import type { Scope, Workload } from './scope.ts'

export type CopilotInput = {
  files: readonly SourceFile[]
  environment: string
  /** Reads a file by its path from the folder above `copilot/`. */
  read: (path: string) => string | undefined
}

/**
 * A `copilot/` folder as files of a catalog, for one of its environments.
 *
 * @throws Problem for a folder without manifests, or a file that cannot be read.
 */
export function importCopilot(
  { files, environment, read }: CopilotInput,
  ground: Ground,
  isStanding: boolean,
): Imported {
  const report = new Report()
  const folder = loadFolder(files, environment, report)
  const all = workloadsOf(folder, report)
  const made = all.map(({ draft }) => draft.name)
  const entrances = new Entrances(ground.standing.filter(({ name }) => !made.includes(name)))
  giveRoutes(all, entrances)
  giveListeners(all, entrances)
  for (const workload of all) {
    begin(workload, ground)
    const scope: Scope = { workload, all, folder, ground, report, read }
    readRows(MANIFEST_ROWS, workload.tree, scope, report)
    settle(scope)
  }
  const drafts = all.map(({ draft }) => draft).filter(isWhole)
  shareSecrets(drafts)
  const fields = readEnvironment(folder, report, isStanding)
  for (const { workload, tree } of folder.addons) readAddon(workload, tree, report)
  leaveOverrides(folder, report)
  for (const { tree } of folder.workloads) {
    leaveUnread(tree, keysOf(MANIFEST_ROWS), 'a manifest of Copilot', report)
  }
  return { services: drafts, environment: fields, report, name: environment }
}

const TYPES = [
  'Load Balanced Web Service',
  'Request-Driven Web Service',
  'Backend Service',
  'Worker Service',
  'Scheduled Job',
]

function workloadsOf(folder: Folder, report: Report): Workload[] {
  const known = folder.workloads.filter(({ tree }) => {
    const type = childOf(tree, 'type')
    if (TYPES.includes(textOf(type) ?? '')) return true
    const because = `a ${textOf(type) ?? 'workload without a type'} is no service here`
    const remedy =
      textOf(type) === 'Static Site'
        ? 'serve the files from S3 and CloudFront beside the environment'
        : `write one of ${TYPES.join(', ')}`
    report.leave(tree, because, remedy)
    return false
  })
  const names = serviceNames(
    known.map(({ name }) => name),
    isNameFree,
  )
  return known.map(({ name, tree }) => {
    const draft = new Draft(names.get(name) ?? name, tree.place, report)
    const type = textOf(childOf(tree, 'type')) ?? ''
    return { name, tree, draft, type, port: numberOf(childOf(tree, 'image', 'port')) }
  })
}

/** A job whose manifest does not say when it runs is no file of the catalog. */
function isWhole({ is, file, place, report }: Draft): boolean {
  if (is.kind !== 'job' || is.runs !== undefined) return true
  const because = 'a job of the catalog runs at its times, and this one has none'
  report.takeBackFile(file, place, { because, remedy: 'give it a schedule, and import again' })
  return false
}

const isWeb = ({ type }: Workload): boolean => /Web Service$/.test(type)

const pathOf = ({ tree }: Workload): string => textOf(childOf(tree, 'http', 'path')) ?? '/'

/**
 * Copilot gives its rules numbers in the order of their first deployment, which no manifest says:
 * the longest path is asked first, the root last.
 */
function giveRoutes(all: readonly Workload[], entrances: Entrances): void {
  const routed = all
    .filter((one) => isWeb(one) && flagOf(childOf(one.tree, 'http')) !== false)
    .toSorted((a, b) => pathOf(b).length - pathOf(a).length)
  for (const workload of routed) {
    // Without a path it may be one for a port of the network load balancer alone.
    const hasNlb = childOf(workload.tree, 'nlb') !== undefined
    if (hasNlb && childOf(workload.tree, 'http') === undefined) continue
    const hosts = aliasesOf(workload.tree).slice(0, MOST_HOSTS)
    const paths = pathsOf(workload.tree)
    workload.draft.is.route = entrances.route(workload.draft.name, paths, hosts)
  }
}

function giveListeners(all: readonly Workload[], entrances: Entrances): void {
  for (const { draft, tree, port } of all) {
    const nlb = draft.is.route === undefined ? entrances.nlb(listenersOf(tree, port)) : undefined
    if (nlb !== undefined) draft.is.nlb = nlb
  }
}

/** Copilot's own default is x86. */
function begin({ draft, type, port }: Workload, ground: Ground): void {
  draft.is.team = ground.team
  draft.is.platform = 'x86_64'
  if (type === 'Scheduled Job') draft.is.kind = 'job'
  else if (type === 'Worker Service' || port === undefined) draft.is.kind = 'worker'
}

function readEnvironment(folder: Folder, report: Report, isStanding: boolean) {
  const scope: EnvironmentScope = { fields: {}, report, isStanding }
  const read = (tree: Tree, rows: typeof ENVIRONMENT_ROWS, format: string) => {
    readRows(rows, tree, scope, report)
    leaveUnread(tree, keysOf(rows), format, report)
  }
  scope.fields.name = environmentName(folder.environment)
  if (folder.manifest !== undefined) {
    read(folder.manifest, ENVIRONMENT_ROWS, 'an environment’s manifest of Copilot')
  }
  for (const pipeline of folder.pipelines) read(pipeline, PIPELINE_ROWS, 'a pipeline of Copilot')
  return scope.fields
}

function leaveOverrides({ overrides }: Folder, report: Report): void {
  for (const file of overrides) {
    report.leftOut.push({
      place: { file, line: 1, path: ['overrides'] },
      found: 'a file that changes Copilot’s templates',
      because: 'no template of Copilot is made here',
      remedy: 'write what it sets with the key that is for it (docs/catalog.md)',
    })
  }
}
