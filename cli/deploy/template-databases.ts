import { isDeepStrictEqual } from 'node:util'
import type { Template, TemplateResource } from '../../scripts/assembly.ts'
import type { Plan } from './plan.ts'
import type { Standing } from './standing.ts'
import { exportsOf, mangled, referredTo } from './template.ts'

/** A database that can be stopped, by the name that RDS has for it. */
export type Database = { kind: 'database' | 'cluster'; name: string }

const TYPES = { 'AWS::RDS::DBInstance': 'database', 'AWS::RDS::DBCluster': 'cluster' } as const

const isDatabase = ({ Type }: TemplateResource): boolean => Object.hasOwn(TYPES, Type)

/**
 * The databases that a deployment changes, prepares anew for a service, or deletes with a final
 * snapshot: these must run meanwhile. What is new is not among them, nor what has no name of its own
 * in the template. Pure.
 */
export function databasesOf(
  { dead, waves }: Plan,
  standing: ReadonlyMap<string, Standing>,
): Database[] {
  const changed = waves.flatMap(({ deploy }) =>
    deploy.flatMap(({ name, template }) => {
      const before = standing.get(name)?.template ?? { Resources: {} }
      return [...changedIn(before, template), ...preparedBy(before, template, standing)]
    }),
  )
  const removed = waves.flatMap(({ remove }) => remove.flatMap((name) => standing.get(name) ?? []))
  const gone = [...dead, ...removed].flatMap(({ template }) => snapshotsOf(template))
  return distinct([...changed, ...gone])
}

function changedIn(before: Template, after: Template): Database[] {
  return Object.entries(before.Resources).flatMap(([id, resource]) => {
    if (!isDatabase(resource)) return []
    const now = after.Resources[id]
    const isSame = isDeepStrictEqual(mangled(resource), mangled(now ?? {}))
    if (isSame || (now === undefined && !leavesSnapshot(resource))) return []
    return named(before, resource) ?? []
  })
}

/** Where the task that prepares a service's database is new or another: what it connects to. */
function preparedBy(
  before: Template,
  after: Template,
  standing: ReadonlyMap<string, Standing>,
): Database[] {
  return Object.entries(after.Resources).flatMap(([id, resource]) => {
    const host = hostOf(resource)
    if (host === undefined) return []
    if (isDeepStrictEqual(mangled(resource), mangled(before.Resources[id] ?? {}))) return []
    const name = (host as { 'Fn::ImportValue'?: string })['Fn::ImportValue']
    if (name === undefined) return at(after, host)
    return [...standing.values()].flatMap(({ template }) =>
      at(template, exportsOf(template).get(name)),
    )
  })
}

type Container = { Name?: string; Environment?: { Name: string; Value: object }[] }

/** The address that a preparing task is given; see infra/environment/services/prepare-database.ts. */
function hostOf({ Type, Properties }: TemplateResource): object | undefined {
  if (Type !== 'AWS::ECS::TaskDefinition') return undefined
  const containers = (Properties?.ContainerDefinitions ?? []) as Container[]
  const prepare = containers.find(({ Name }) => Name === 'prepare')
  return prepare?.Environment?.find(({ Name }) => Name === 'PGHOST')?.Value
}

/** The database whose address this is. */
function at(template: Template, address: unknown): Database[] {
  const resource = template.Resources[referredTo(address) ?? '']
  if (resource === undefined || !isDatabase(resource)) return []
  return [named(template, resource) ?? []].flat()
}

/** The databases of which a snapshot is made when their stack is deleted. Pure. */
export const snapshotsOf = (template: Template): Database[] =>
  distinct(
    Object.values(template.Resources)
      .filter((resource) => isDatabase(resource) && leavesSnapshot(resource))
      .flatMap((resource) => named(template, resource) ?? []),
  )

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html */
const leavesSnapshot = ({ DeletionPolicy = 'Snapshot' }: TemplateResource): boolean =>
  DeletionPolicy === 'Snapshot'

/** A member of a cluster starts and stops with it. RDS keeps names in lower case. */
function named({ Resources }: Template, resource: TemplateResource): Database | undefined {
  const { DBClusterIdentifier: cluster, DBInstanceIdentifier: name } = resource.Properties ?? {}
  const its = Resources[referredTo(cluster) ?? '']
  const shown = its?.Properties?.DBClusterIdentifier ?? cluster ?? name
  if (typeof shown !== 'string') return undefined
  return { kind: cluster === undefined ? 'database' : 'cluster', name: shown.toLowerCase() }
}

const distinct = (databases: readonly Database[]): Database[] => [
  ...new Map(databases.map((one) => [`${one.kind}/${one.name}`, one])).values(),
]
