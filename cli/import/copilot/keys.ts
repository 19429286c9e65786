import { putWords } from '../draft.ts'
import { giveHealth, lineOf, pathAsked, settleHealth } from '../health.ts'
import { giveImage } from '../images.ts'
import type { Row } from '../table.ts'
import { childOf, flagOf, isList, isMapTree, itemsOf, type Tree, textOf } from '../tree.ts'
import { LOGGING_ROWS } from './logging.ts'
import { MESSAGE_ROWS } from './messages.ts'
import { taskOverride } from './overrides.ts'
import { REACH_ROWS } from './reach.ts'
import { REASONS } from './reasons.ts'
import { SCHEDULE_ROWS } from './schedule.ts'
import type { Scope } from './scope.ts'
import { SIDECAR_ROWS } from './sidecars.ts'
import { SIZE_ROWS } from './size.ts'
import { STORAGE_ROWS } from './storage.ts'
import { VARIABLE_ROWS } from './variables.ts'

const toFile =
  (field: string) =>
  (tree: Tree, { workload: { draft }, report }: Scope) =>
    report.to(tree, `${draft.file}${field === '' ? '' : ` ${field}`}`)

function platform(tree: Tree, { workload: { draft }, report }: Scope): void {
  const text = textOf(tree) ?? textOf(childOf(tree, 'architecture')) ?? ''
  const family = textOf(childOf(tree, 'osfamily')) ?? text
  if (/windows/i.test(family)) {
    report.leave(tree, 'only Linux runs here', 'build the image for Linux')
  } else if (/arm/.test(text)) draft.put('platform', 'arm64', tree)
  else if (/(x86_64|amd64)/.test(text)) draft.put('platform', 'x86_64', tree)
}

function check(tree: Tree, { workload: { draft } }: Scope): void {
  const [kind, ...words] = isList(tree)
    ? itemsOf(tree).map((one) => textOf(one) ?? '')
    : ['CMD-SHELL', textOf(tree) ?? '']
  const command = kind === 'CMD' ? lineOf(words) : kind === 'CMD-SHELL' ? words.join(' ') : ''
  if (command === '') return
  draft.put('healthCommand', command, tree)
  const path = pathAsked(command)
  if (path !== undefined && draft.is.route !== undefined) draft.is.healthPath ??= path
}

const times =
  (field: Parameters<typeof giveHealth>[1]) =>
  (tree: Tree, { workload: { draft, tree: whole } }: Scope): void => {
    // Copilot asks for `/` once any of these is written.
    if (childOf(whole, 'image', 'healthcheck', 'command') === undefined) {
      draft.is.healthCommand ??= 'curl -f http://localhost/'
    }
    giveHealth(draft, field, tree)
  }

function groups(tree: Tree, { workload: { draft }, report }: Scope): void {
  const named = isMapTree(tree) ? childOf(tree, 'groups') : tree
  for (const one of itemsOf(named)) {
    const id = textOf(one) ?? ''
    if (/^sg-[0-9a-f]{8,17}$/.test(id) && (draft.is.securityGroups ?? []).length < 4) {
      draft.put('securityGroups', [...(draft.is.securityGroups ?? []), id], one)
    } else {
      const because = 'a security group is named by its id here, up to four of them'
      report.leave(one, because, `write the id into securityGroups of ${draft.file}`)
    }
  }
}

function placement(tree: Tree, { report }: Scope): void {
  if (textOf(tree) === 'private') {
    report.to(tree, 'tasks run in private subnets')
    return
  }
  const because = 'tasks run in private subnets, and go out through the NAT gateway'
  report.leave(tree, because, 'nothing, unless an address outside lets in the present one by name')
}

function connect(tree: Tree, { report, ground: { namespace } }: Scope): void {
  if (flagOf(tree) === false) {
    report.to(tree, 'no bare names are called')
    return
  }
  const because = `services find each other as \`<service>.${namespace}\`, without a bare name`
  report.leave(
    tree,
    because,
    'write that name where a bare one is called, or read the URL of `dependsOn`',
  )
}

function rolling(tree: Tree, { workload: { draft }, report }: Scope): void {
  if (textOf(tree) === 'default') report.to(tree, 'so it is without a word')
  if (textOf(tree) !== 'recreate') return
  draft.putIn('deployment', 'minimum', 0, tree)
  draft.putIn('deployment', 'maximum', 100, tree)
}

function credentials(tree: Tree, { workload: { draft }, report }: Scope): void {
  const secret = textOf(tree)
  if (secret === undefined) return
  if (draft.is.image !== undefined) {
    draft.put('pullSecret', secret, tree)
    return
  }
  const because = 'the image comes from its own repository in ECR, which asks for no secret'
  const remedy = `push the image there; or write it by its digest into \`image\` of ${draft.file}, with \`pullSecret\``
  report.leave(tree, because, remedy)
}

const OWN: readonly Row<Scope>[] = [
  { key: 'name', to: 'the name of the file', read: toFile('') },
  {
    key: 'type',
    to: 'kind: Load Balanced and Request-Driven Web Service api with a route, Backend Service api, or worker without a port, Worker Service worker, Scheduled Job job',
    read: toFile('kind'),
  },
  {
    key: 'image.location',
    to: 'repository',
    read: (tree, { workload }) => giveImage(workload.draft, tree),
  },
  { key: 'image.credentials', to: 'pullSecret, of an image by its digest', read: credentials },
  ...['image.build.dockerfile', 'image.build.context'].map(
    (key): Row<Scope> => ({
      key,
      to: 'repository: push the image there',
      read: toFile('repository'),
    }),
  ),
  {
    key: 'image.build',
    to: 'repository: push the image there, or let a pipeline build it (source)',
    read: (tree, scope) => {
      if (!isMapTree(tree)) toFile('repository')(tree, scope)
    },
  },
  {
    key: 'image.port',
    to: 'port',
    read: (tree, { workload: { draft, port } }) => {
      if (port !== undefined) draft.put('port', port, tree)
    },
  },
  { key: 'platform', to: 'platform', read: platform },
  {
    key: 'entrypoint',
    to: 'entryPoint',
    read: (tree, { workload }) => putWords(workload.draft, 'entryPoint', tree),
  },
  {
    key: 'command',
    to: 'command',
    read: (tree, { workload }) => putWords(workload.draft, 'command', tree),
  },
  ...SIDECAR_ROWS,
  ...REACH_ROWS,
  { key: 'image.healthcheck.command', to: 'healthCommand', read: check },
  { key: 'image.healthcheck.interval', to: 'health.interval', read: times('interval') },
  { key: 'image.healthcheck.timeout', to: 'health.timeout', read: times('timeout') },
  { key: 'image.healthcheck.retries', to: 'health.unhealthy', read: times('unhealthy') },
  { key: 'image.healthcheck.start_period', to: 'health.start', read: times('start') },
  ...MESSAGE_ROWS,
  ...SIZE_ROWS,
  ...VARIABLE_ROWS,
  ...STORAGE_ROWS,
  ...SCHEDULE_ROWS,
  { key: 'exec.enable', to: 'exec', read: (tree, { workload }) => exec(tree, workload) },
  { key: 'exec', to: 'exec', read: (tree, { workload }) => exec(tree, workload) },
  { key: 'network.vpc.security_groups', to: 'securityGroups, by id', read: groups },
  { key: 'network.vpc.placement', to: 'nothing: tasks run in private subnets', read: placement },
  { key: 'network.connect', to: 'nothing yet: the names of Cloud Map', read: connect },
  {
    key: 'deployment.rolling',
    to: 'deployment: recreate is minimum 0 and maximum 100',
    read: rolling,
  },
  {
    key: 'observability.tracing',
    to: 'tracing',
    read: (tree, { workload }) => workload.draft.put('tracing', true, tree),
  },
  ...LOGGING_ROWS,
  {
    key: 'taskdef_overrides.*',
    to: 'override; of the containers that of the workload alone',
    read: taskOverride,
  },
  { key: 'environments', holds: 'the catalog of each environment' },
]

function exec(tree: Tree, { draft }: Scope['workload']): void {
  const flag = flagOf(tree)
  if (flag === true) draft.report.to(tree, 'a shell may be opened in every service')
  if (flag === false) draft.put('exec', false, tree)
}

/** https://aws.github.io/copilot-cli/docs/manifest/overview/ */
export const MANIFEST_ROWS: readonly Row<Scope>[] = [...OWN, ...REASONS]

/** What is checked is settled when all of it is read. */
export const settle = ({ workload: { draft, tree } }: Scope): void =>
  settleHealth(draft, childOf(tree, 'http', 'healthcheck') ?? childOf(tree, 'image', 'healthcheck'))
