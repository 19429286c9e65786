import type { Part } from '../draft.ts'
import type { Report } from '../report.ts'
import type { Row } from '../table.ts'
import { childOf, entriesOf, type Tree, textOf } from '../tree.ts'
import type { Scope, Workload } from './scope.ts'

/** What a resource gives, by the names that score-compose and score-k8s have for it. */
const OUTPUTS: Readonly<Record<string, Readonly<Record<string, Part>>>> = {
  postgres: {
    ...{ host: ofDatabase('host'), port: ofDatabase('port'), name: ofDatabase('name') },
    ...{ database: ofDatabase('name'), user: ofDatabase('username') },
    ...{ username: ofDatabase('username'), password: ofDatabase('password') },
  },
  redis: {
    ...{ host: ofCache('host'), port: ofCache('port'), username: 'default' },
    password: ofCache('password'),
  },
  s3: { bucket: { store: 'bucket' }, name: { store: 'bucket' } },
}

function ofDatabase(part: string): Part {
  return { store: 'database', part }
}

function ofCache(part: string): Part {
  return { store: 'cache', part }
}

const SAME: Readonly<Record<string, string>> = {
  'postgres-instance': 'postgres',
  postgresql: 'postgres',
  valkey: 'redis',
  bucket: 's3',
}

const FIELD = { postgres: 'database', redis: 'cache', s3: 'bucket' } as const

export const typeOf = (resource: Tree | undefined): string => {
  const type = textOf(childOf(resource, 'type')) ?? ''
  return SAME[type] ?? type
}

/** What is made by hand, by the type of the resource. */
const MISSING: Readonly<Record<string, string>> = {
  mysql: 'RDS for MySQL',
  'mysql-instance': 'RDS for MySQL',
  mssql: 'RDS for SQL Server',
  amqp: 'Amazon MQ for RabbitMQ',
  mongodb: 'DocumentDB',
  'kafka-topic': 'MSK',
  elasticsearch: 'OpenSearch Service',
  'llm-model': 'Bedrock',
}

/** What stands in the place of a placeholder; undefined for what nothing here gives. */
export function partOf(names: readonly string[], scope: Scope): Part | undefined {
  const [root, name = '', ...rest] = names
  if (root === 'metadata') return textOf(childOf(scope.workload.tree, ...names))
  if (root !== 'resources') return undefined
  const resource = childOf(scope.workload.tree, 'resources', name)
  const type = typeOf(resource)
  const output = rest.join('.')
  if (type === 'dns' && output === 'host') return outsideHost(scope)
  if (type === 'service-port') return ofWorkload(resource, output, scope)
  return OUTPUTS[type]?.[output]
}

/** With a domain, a service has a host below it. */
function outsideHost({ workload: { draft }, ground }: Scope): string | undefined {
  return ground.domain === undefined ? undefined : `${draft.name}.${ground.domain}`
}

function ofWorkload(resource: Tree | undefined, output: string, { all, ground }: Scope) {
  const wanted = textOf(childOf(resource, 'params', 'workload'))
  const other = all.find(({ name }) => name === wanted)
  if (other === undefined) return undefined
  if (output === 'hostname') return `${other.draft.name}.${ground.namespace}`
  return output === 'port' && other.port !== undefined ? String(other.port) : undefined
}

/** Types whose keys are read together with what names them. */
const READ_ELSEWHERE = ['dns', 'volume', 'service-port', 'environment', 'persistent-volume']

function readResource(tree: Tree, scope: Scope): void {
  const { workload, report } = scope
  const { draft } = workload
  const type = typeOf(tree)
  const [, name = ''] = tree.place.path
  if (type === 'postgres' || type === 'redis' || type === 's3') {
    report.to(childOf(tree, 'type'), `${draft.file} ${FIELD[type]}`)
  } else if (type === 'route') {
    readRoute(tree, scope)
  } else if (type === 'horizontal-pod-autoscaler') {
    readScaling(tree, scope)
  } else if (READ_ELSEWHERE.includes(type)) {
    report.to(childOf(tree, 'type'), 'what names it')
    report.to(childOf(tree, 'params', 'workload'), 'what names it')
  } else {
    const aws = MISSING[type]
    const because = `an environment of Caretaker has no ${type || 'such thing'}`
    const remedy =
      aws === undefined
        ? `make it in AWS, and write what \${resources.${name}…} stands for into ${draft.file}`
        : `make it in AWS (${aws}), and write what \${resources.${name}…} stands for into ${draft.file}`
    report.leave(tree, because, remedy)
  }
  if (type === 'route' || FIELD[type as keyof typeof FIELD] !== undefined) leaveParams(tree, report)
}

function leaveParams(tree: Tree, report: Report): void {
  for (const [, one] of entriesOf(childOf(tree, 'params'))) {
    if (report.unread(one).length === 0) continue
    const because = 'what the environment has is the same for all'
    report.leave(one, because, 'nothing, if that suits the service')
  }
}

function readRoute(tree: Tree, { workload, report }: Scope): void {
  const { draft } = workload
  report.to(childOf(tree, 'type'), `${draft.file} route`)
  report.to(childOf(tree, 'params', 'path'), `${draft.file} route.path`)
  report.to(childOf(tree, 'params', 'port'), `${draft.file} port`)
  const host = childOf(tree, 'params', 'host')
  if (textOf(host)?.includes('${resources.')) report.to(host, `${draft.file} route`)
  else {
    const because = 'a host is below the domain of the environment'
    report.leave(host, because, 'write `domain` in environment.yaml, and `host` in the route')
  }
}

function readScaling(tree: Tree, { workload: { draft }, report }: Scope): void {
  const params = childOf(tree, 'params')
  const [min, max] = [childOf(params, 'min'), childOf(params, 'max')]
  const [least, most] = [Number(textOf(min) ?? 1), Number(textOf(max))]
  if (!(most > least)) {
    report.leave(tree, 'more tasks at most than at least are needed to scale', 'write `scaling`')
    return
  }
  report.to(childOf(tree, 'type'), `${draft.file} scaling`)
  draft.putIn('scaling', 'min', Math.min(10, least), min)
  draft.putIn('scaling', 'max', Math.min(20, most), max)
}

/** What the resources of a workload ask of the catalog, before anything names them. */
export function giveResources({ draft, tree, port }: Workload): void {
  for (const [, resource] of entriesOf(childOf(tree, 'resources'))) {
    const type = typeOf(resource)
    if (type === 'postgres') draft.is.database = 'shared'
    if (type === 'redis') draft.is.cache = true
    if (type === 's3') draft.is.bucket = true
  }
  if (port !== undefined) draft.is.port = port
}

export const RESOURCE_ROWS: readonly Row<Scope>[] = [
  {
    key: 'resources.*',
    to: 'postgres: database · redis: cache · s3: bucket · route: route · dns: a host below the domain · volume: files · service-port: another service’s address · horizontal-pod-autoscaler: scaling · others: left out',
    read: readResource,
  },
  { key: 'resources.*.id', holds: 'a data store of the environment is shared anyway' },
  {
    key: 'resources.*.class',
    because: 'there is one kind of each data store, for development',
    remedy: 'nothing, if that suits the service',
  },
  {
    key: 'resources.*.metadata',
    because: 'it is for the program that would make the resource',
    remedy: 'nothing: leave it out',
  },
  {
    key: 'resources.*.params',
    to: 'as its resource',
    read: (tree, { report }) => {
      if (report.unread(tree).length === 0) return
      const because = 'nothing here makes this resource by these parameters'
      report.leave(tree, because, 'nothing, if the service does without')
    },
  },
]
