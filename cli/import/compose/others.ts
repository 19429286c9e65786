import { lineOf } from '../health.ts'
import type { Report } from '../report.ts'
import { keysOf, leaveUnread, type Row, readRows } from '../table.ts'
import { childOf, entriesOf, type Tree, textOf } from '../tree.ts'
import { commandOf } from '../words.ts'
import type { Fact } from './facts.ts'
import { SERVICE_ROWS } from './keys.ts'
import type { App, Plan } from './plan.ts'

/** What a service of the project is for, where it becomes no file of the catalog. */
type Other = { fact: Fact; users: readonly App[] }

const FIELD = { database: 'database', cache: 'cache', bucket: 'bucket' } as const

/** The keys of a data store: the environment has one of its own. */
const STORE_ROWS: readonly Row<Other>[] = [
  {
    key: 'volumes.*',
    because: 'the data of your own machine stays there',
    remedy: 'copy it if it is wanted: `npx caretaker connect`, then pg_dump and psql',
  },
  {
    key: 'command',
    because: 'settings of the server are the environment’s',
    remedy: 'nothing, if AWS’s defaults suit it',
  },
  { key: 'build', because: 'AWS runs no image as a data store', remedy: 'use what AWS has' },
]

/** A data store of the project: services that use it are given the environment's. */
export function readStore(fact: Fact, users: readonly App[], report: Report): void {
  const { tree, stands, image } = fact
  if (stands === undefined) return
  if (stands.as === 'nothing') {
    report.leave(tree, stands.because, stands.remedy)
    return
  }
  if (stands.as === 'proxy') return
  const field = FIELD[stands.as]
  if (users.length === 0) {
    const remedy = `write \`${field}: ${field === 'database' ? 'shared' : 'true'}\` into the file of the service that does`
    report.leave(tree, 'no service here names it', remedy)
    return
  }
  report.to(childOf(tree, 'image'), users.map(({ draft }) => `${draft.file} ${field}`).join(', '))
  readRows(STORE_ROWS, tree, { fact, users }, report)
  for (const leaf of report.unread(tree)) {
    report.to(leaf, `the ${field} of the environment, in place of ${image}`)
  }
}

/** Only passes requests on: the load balancer of the environment does. */
export function readProxy(fact: Fact, target: App | undefined, report: Report): void {
  const { tree } = fact
  const image = childOf(tree, 'image')
  if (target === undefined) {
    const because =
      'the load balancer of the environment passes requests on, by `route` of each file'
    report.leave(tree, because, 'write a route where one is missing; see docs/catalog.md')
    return
  }
  const { file } = target.draft
  for (const port of entriesOf(childOf(tree, 'ports'))) report.to(port[1], `${file} route`)
  const ports = childOf(tree, 'ports')
  report.to(ports, `${file} route`)
  const because = `the load balancer passes requests on to ${target.draft.name}; ${textOf(image)} is not needed for that`
  const remedy = `if it does more (files, rewriting), make it a sidecar of ${file} by its digest: \`docker buildx imagetools inspect ${textOf(image)}\` prints it, docs/catalog.md#sidecars says how`
  report.leave(image, because, remedy)
  for (const leaf of report.unread(tree)) {
    report.leave(
      leaf,
      `it is about ${fact.name}, which the load balancer replaces`,
      'nothing, or a sidecar',
    )
  }
}

/** Keys of what runs once that say only what the service itself says. */
const AS_SERVICE = ['image', 'build', 'restart', 'depends_on', 'networks', 'profiles', 'platform']

/** What runs once before a new version does: the command before each deployment of an application. */
export function readOnce(fact: Fact, target: App | undefined, report: Report): void {
  const { tree, command, name } = fact
  const words = command ?? commandOf(childOf(tree, 'entrypoint'))
  if (target === undefined || words === undefined) {
    const because =
      words === undefined
        ? 'it runs once and has no command, so that nothing says what it does'
        : 'it runs once, and no service here has its image'
    report.leave(tree, because, 'write it as `preDeploy` of the service that needs it, or as a job')
    return
  }
  const { draft, fact: own } = target
  const before = draft.is.preDeploy
  draft.is.preDeploy =
    before === undefined ? [...words] : ['sh', '-c', `${inOneLine(before)} && ${lineOf(words)}`]
  const commandTree = childOf(tree, 'command') ?? childOf(tree, 'entrypoint')
  report.to(commandTree, `${draft.file} preDeploy`)
  for (const key of AS_SERVICE) report.to(childOf(tree, key), `${draft.file} preDeploy`)
  for (const [variable, one] of fact.variables) {
    const other = own.variables.get(variable)
    if (other !== undefined && textOf(other) === textOf(one)) {
      report.to(one, `${draft.file} environment`)
    } else {
      const because = `the task before a deployment has the variables of ${draft.name}`
      report.leave(one, because, `add ${variable} to ${draft.file} if ${name} needs it`)
    }
  }
  for (const leaf of report.unread(tree)) {
    const because = `the task before a deployment is as ${draft.name} is`
    report.leave(leaf, because, `write it into ${draft.file} if it is needed`)
  }
}

const inOneLine = (words: readonly string[]): string =>
  words[0] === 'sh' && words[1] === '-c' && words.length === 3 ? (words[2] ?? '') : lineOf(words)

/** Top-level keys: https://github.com/compose-spec/compose-spec/blob/main/spec.md */
export const TOP_ROWS: readonly Row<Plan>[] = [
  { key: 'version', holds: 'Compose does not read it either' },
  { key: 'name', holds: 'the environment has a name of its own, in environment.yaml' },
  {
    key: 'networks',
    because: 'an environment is one network; only data stores are apart',
    remedy: 'nothing: leave it out',
  },
  { key: 'volumes.*', to: '`files` or `mounts` of the services that mount it', read: volume },
  {
    key: 'configs.*',
    because: 'no file is put into a container here',
    remedy: 'put it into the image, or its values into variables',
  },
  { key: 'secrets.*', to: '`secrets` of the services that name it', read: secret },
  { key: 'include', holds: 'what it includes is put in' },
  {
    key: 'models',
    because: 'no model is run here',
    remedy: 'call one of Bedrock, with the rights for it (`may`)',
  },
]

function volume(tree: Tree, plan: Plan): void {
  const report = [...plan.apps.values()][0]?.draft.report
  const options = entriesOf(tree).filter(([key]) => key !== 'name' && key !== 'labels')
  if (options.length === 0) {
    report?.to(tree, 'the services that mount it say where')
    return
  }
  const because = 'the file system of the environment (EFS) is made with it'
  report?.leave(tree, because, 'nothing, if its files may begin empty')
}

function secret(tree: Tree, plan: Plan): void {
  const report = [...plan.apps.values()][0]?.draft.report
  report?.to(tree, 'a secret of the services that name it, whose value is put in by hand')
}

/** Everything beside the services. */
export function readTop(top: Tree, plan: Plan, report: Report): void {
  const rest = entriesOf(top).filter(([key]) => key !== 'services')
  for (const [key, tree] of rest) {
    if (key.startsWith('x-')) report.to(tree, 'what anchors take from it stands where they do')
  }
  readRows(TOP_ROWS, top, plan, report)
}

export const leaveRest = (trees: readonly Tree[], report: Report): void => {
  for (const tree of trees) {
    for (const [, service] of entriesOf(childOf(tree, 'services'))) {
      for (const [key, one] of entriesOf(service)) {
        if (key.startsWith('x-')) report.to(one, 'what anchors take from it stands where they do')
      }
      leaveUnread(service, keysOf(SERVICE_ROWS), 'Compose', report)
    }
    leaveUnread(tree, [...keysOf(TOP_ROWS), 'services'], 'Compose', report)
  }
}
