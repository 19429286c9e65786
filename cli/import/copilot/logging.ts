import type { Sidecar, Written } from '../draft.ts'
import { digestCommand, hasDigest } from '../images.ts'
import { isSecret } from '../is-secret.ts'
import { left, type Row } from '../table.ts'
import { flagOf, numberOf, type Tree, textOf } from '../tree.ts'
import { type Scope, where } from './scope.ts'
import { giveSecretOf } from './variables.ts'

type Logs = NonNullable<Written['logs']>

/** As the container is called that takes the lines. */
const ROUTER = 'log-router'

/** What Copilot runs without a word: https://aws.github.io/copilot-cli/docs/include/logging.en/ */
const DEFAULT_IMAGE = 'public.ecr.aws/aws-observability/aws-for-fluent-bit:stable'

function giveLogs({ workload: { draft }, report }: Scope, more: Partial<Logs>, tree: Tree): void {
  draft.is.logs = { ...draft.is.logs, ...more } as Logs
  report.to(tree, `${draft.file} logs.${Object.keys(more)[0]}`)
}

function image(tree: Tree, scope: Scope): void {
  const { workload, report } = scope
  const { draft } = workload
  const named = textOf(tree) ?? ''
  if (draft.is.sidecars?.[ROUTER] !== undefined) {
    const because = `a sidecar is called ${ROUTER}`
    report.leave(tree, because, `write the router into sidecars and \`logs\` of ${draft.file}`)
  } else if (hasDigest(named)) {
    draft.is.sidecars = { ...draft.is.sidecars, [ROUTER]: { image: named } }
    giveLogs(scope, { router: ROUTER }, tree)
    report.to(tree, `${draft.file} sidecars.${ROUTER}.image`)
  } else {
    const because = 'the router is a container with an image by its digest'
    const remedy = `write \`image: ${named}@<digest>\`, and import again; ${digestCommand(named)} prints it`
    report.leave(tree, because, remedy)
  }
}

/** What is about the router has a place only where there is one. */
const routed = where(
  ({ workload }) => workload.draft.is.logs?.router !== undefined,
  'lines go to CloudWatch while no container routes them',
  () =>
    `write logging.image by its digest, and import again; ${digestCommand(DEFAULT_IMAGE)} prints that of Copilot’s own`,
)

function option(tree: Tree, scope: Scope): void {
  const name = tree.place.path.at(-1) ?? ''
  const value = textOf(tree)
  if (value === undefined) return
  if (isSecret(name, value)) {
    const because = 'what is secret does not stand in a file'
    const remedy = `put it into \`secrets\` and \`logs.secrets\` of ${scope.workload.draft.file}`
    scope.report.leave(tree, because, remedy)
    return
  }
  giveLogs(scope, { options: { ...scope.workload.draft.is.logs?.options, [name]: value } }, tree)
}

/** An option whose value is a secret becomes a secret of the service, with a name of its own. */
function secretOption(tree: Tree, scope: Scope): void {
  const { draft } = scope.workload
  const option = tree.place.path.at(-1) ?? ''
  const name = `LOGS_${option.toUpperCase().replaceAll(/\W/g, '_')}`
  if (!giveSecretOf(tree, name, scope)) return
  giveLogs(scope, { secrets: { ...draft.is.logs?.secrets, [option]: name } }, tree)
}

function routerOf({ draft }: Scope['workload']): Sidecar {
  return draft.is.sidecars?.[ROUTER] ?? {}
}

function giveRouter({ draft }: Scope['workload'], more: Sidecar): void {
  draft.is.sidecars = {
    ...draft.is.sidecars,
    [ROUTER]: { ...draft.is.sidecars?.[ROUTER], ...more },
  }
}

function variable(tree: Tree, { workload, report }: Scope): void {
  const name = tree.place.path.at(-1) ?? ''
  const value = textOf(tree)
  if (value === undefined) return
  if (tree.lacks !== undefined || isSecret(name, value)) {
    const because = 'a secret, or what only your shell knew, does not stand in a file'
    report.leave(tree, because, `write it into \`secrets\` of sidecars.${ROUTER}`)
    return
  }
  giveRouter(workload, { environment: { ...routerOf(workload).environment, [name]: value } })
  report.to(tree, `${workload.draft.file} sidecars.${ROUTER}.environment.${name}`)
}

function secret(tree: Tree, scope: Scope): void {
  const { workload, report } = scope
  const name = tree.place.path.at(-1) ?? ''
  if (!giveSecretOf(tree, name, scope)) return
  giveRouter(workload, { secrets: [...(routerOf(workload).secrets ?? []), name] })
  report.to(tree, `${workload.draft.file} sidecars.${ROUTER}.secrets`)
}

/** Where the lines of a workload go. */
export const LOGGING_ROWS: readonly Row<Scope>[] = [
  {
    key: 'logging.retention',
    to: 'logs.retention',
    read: (tree, scope) => {
      const days = numberOf(tree)
      if (days !== undefined) giveLogs(scope, { retention: days as Logs['retention'] }, tree)
    },
  },
  { key: 'logging.image', to: 'sidecars.log-router and logs.router, by its digest', read: image },
  { key: 'logging.destination.*', to: 'logs.options', read: routed(option) },
  { key: 'logging.secretOptions.*', to: 'secrets and logs.secrets', read: routed(secretOption) },
  {
    key: 'logging.variables.*',
    to: 'sidecars.log-router.environment',
    read: routed(variable),
  },
  { key: 'logging.secrets.*', to: 'sidecars.log-router.secrets', read: routed(secret) },
  {
    key: 'logging.enableMetadata',
    to: 'nothing: ECS adds it to each line',
    read: routed((tree, { report }) => {
      if (flagOf(tree) === false) {
        const because = 'ECS adds the names of cluster and task to each line'
        report.leave(tree, because, 'take them away in the options of the router')
      } else report.to(tree, 'so it is without a word')
    }),
  },
  ...left(
    'no file is put into a container here',
    'put it into the image of the router, which is then named by its digest',
    'logging.configFilePath',
  ),
  ...left(
    'a router has variables, and no file of them',
    `write them into \`environment\` of sidecars.${ROUTER}`,
    'logging.env_file',
  ),
]
