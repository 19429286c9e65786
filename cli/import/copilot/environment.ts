import { environmentSchema } from '../../../catalog/environment-schema.ts'
import { ENVIRONMENT_NAME } from '../../../catalog/words.ts'
import type { Report } from '../report.ts'
import { left, type Row } from '../table.ts'
import { childOf, flagOf, itemsOf, type Tree, textOf } from '../tree.ts'

/** What an environment's own manifest is read with: fields of a new environment.yaml. */
export type EnvironmentScope = {
  fields: Record<string, unknown>
  report: Report
  /** Whether environment.yaml is there already, and stays as it is. */
  isStanding: boolean
}

type Read = (tree: Tree, scope: EnvironmentScope) => void

const FILE = 'environment.yaml'

function give(scope: EnvironmentScope, field: string, value: unknown, tree: Tree): void {
  const [outer = '', inner] = field.split('.')
  if (scope.isStanding) {
    const because = `${FILE} is there already, and stays as it is`
    scope.report.leave(
      tree,
      because,
      `write ${field}: ${JSON.stringify(value)} there, if it is wanted`,
    )
    return
  }
  const before = (scope.fields[outer] ?? {}) as object
  scope.fields[outer] = inner === undefined ? value : { ...before, [inner]: value }
  scope.report.to(tree, `${FILE} ${field}`)
}

/** Letters and digits, up to ten: names of AWS are made of it. */
export const environmentName = (name: string): string => {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
    .slice(0, 10)
  return ENVIRONMENT_NAME.safeParse(plain).success ? plain : 'dev'
}

const named: Read = (tree, scope) => {
  const written = textOf(tree) ?? ''
  const name = environmentName(written)
  give(scope, 'name', name, tree)
  if (name === written) return
  const because = `an environment has a name of ${ENVIRONMENT_NAME.description}; ${name} is written`
  scope.report.leave(tree, because, 'nothing, or another name with --name')
}

/** A part that an environment has or does without. */
const part =
  (key: string): Read =>
  (tree, scope) => {
    const flag = flagOf(tree)
    if (flag !== undefined) give(scope, `parts.${key}`, flag, tree)
    else if (tree.content !== null)
      give(scope, `parts.${key}`, true, childOf(tree, 'enabled') ?? tree)
  }

const cidr: Read = (tree, scope) => {
  const text = textOf(tree) ?? ''
  if (environmentSchema.shape.cidr.safeParse(text).success) give(scope, 'cidr', text, tree)
  else {
    const allowed = environmentSchema.shape.cidr.description
    scope.report.leave(tree, `the network of an environment is ${allowed}`, 'write another `cidr`')
  }
}

const certificates: Read = (tree, scope) => {
  itemsOf(tree).forEach((one, index) => {
    if (index === 0) give(scope, 'certificate', textOf(one), one)
    else {
      const because = 'the load balancers have one certificate'
      scope.report.leave(one, because, 'have one certificate for all names')
    }
  })
}

/** https://aws.github.io/copilot-cli/docs/manifest/environment/ */
export const ENVIRONMENT_ROWS: readonly Row<EnvironmentScope>[] = [
  { key: 'name', to: 'name of environment.yaml', read: named },
  { key: 'type', holds: 'it is an environment' },
  { key: 'network.vpc.cidr', to: 'cidr of environment.yaml', read: cidr },
  {
    key: 'network.vpc.flow_logs',
    to: 'parts.flowLogs of environment.yaml',
    read: part('flowLogs'),
  },
  {
    key: 'http.public.certificates',
    to: 'certificate of environment.yaml: the first',
    read: certificates,
  },
  {
    key: 'http.public.access_logs',
    to: 'parts.accessLogs of environment.yaml',
    read: part('accessLogs'),
  },
  {
    key: 'observability.container_insights',
    to: 'parts.containerInsights of environment.yaml',
    read: part('containerInsights'),
  },
  ...left(
    'an environment makes a network of its own',
    'nothing; connect the two by peering, if one has to reach the other',
    ...['network.vpc.id', 'network.vpc.subnets'],
  ),
  ...left(
    'who reaches what is the same in every environment (docs/endpoints.md)',
    'name a security group of your own in `securityGroups` of a service',
    'network.vpc.security_group',
  ),
  ...left(
    'an environment has no CloudFront before it',
    'make the distribution beside it, with the load balancer as its origin',
    ...['cdn', 'http.public.ingress.cdn', 'http.public.security_groups.ingress.restrict_to.cdn'],
  ),
  ...left(
    'the load balancer answers to everybody',
    'use AWS WAF at the load balancer, or `signIn`',
    ...['http.public.ingress.source_ips', 'http.public.security_groups'],
  ),
  ...left('the policy of TLS is the environment’s', 'nothing, as a rule', 'http.public.ssl_policy'),
  ...left(
    'an environment has no load balancer inside its VPC',
    'services reach each other by their names, `<service>.<namespace>`',
    'http.private',
  ),
]

/** https://aws.github.io/copilot-cli/docs/manifest/pipeline/ */
export const PIPELINE_ROWS: readonly Row<EnvironmentScope>[] = [
  { key: 'name', holds: 'each service has a pipeline of its own, with its name' },
  { key: 'version', holds: 'it says how the file is read' },
  ...left(
    'each service has a pipeline of its own, of its own repository',
    'write `source: { repository: <owner>/<name>, branch: <branch> }` into each file, and `connection` into environment.yaml (docs/pipelines.md)',
    'source',
  ),
  ...left(
    'what is built, and with what, is said where images are built',
    'see docs/pipelines.md',
    'build',
  ),
  ...left(
    'a push is the deployment; every environment follows the tag that its files name',
    'let each environment follow a tag of its own: `deploy`',
    'stages',
  ),
]
