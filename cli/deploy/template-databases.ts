import { isDeepStrictEqual } from 'node:util'
import type { Template, TemplateResource } from '../../scripts/assembly.ts'
import type { Plan } from './plan.ts'
import type { Standing } from './standing.ts'
import { mangled, referredTo } from './template.ts'

/** A database that can be stopped, by the name that RDS has for it. */
export type Database = { kind: 'database' | 'cluster'; name: string }

const TYPES = { 'AWS::RDS::DBInstance': 'database', 'AWS::RDS::DBCluster': 'cluster' } as const

const isDatabase = ({ Type }: TemplateResource): boolean => Object.hasOwn(TYPES, Type)

/**
 * The databases that a deployment changes, or deletes with a final snapshot: these must run
 * meanwhile. What is new is not among them, nor what has no name of its own in the template. Pure.
 */
export function databasesOf(
  { dead, waves }: Plan,
  standing: ReadonlyMap<string, Standing>,
): Database[] {
  const changed = waves.flatMap(({ deploy }) =>
    deploy.flatMap(({ name, template }) => {
      const before = standing.get(name)?.template
      return before === undefined ? [] : changedIn(before, template)
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
