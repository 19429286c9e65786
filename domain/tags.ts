/** The tags by which a resource asks to be looked after (docs/naming-and-tags.md). */
export const TAGS = {
  service: 'caretaker:service',
  owner: 'caretaker:owner',
  environment: 'caretaker:environment',
  deploy: 'caretaker:deploy',
  repository: 'caretaker:repository',
  count: 'caretaker:count',
  schedule: 'caretaker:schedule',
  order: 'caretaker:order',
  /** How long nobody must have used it for it to sleep: `4h`, or `off`. */
  idle: 'caretaker:idle',
  /** On the NAT instance's group: `true`. Every service needs it. */
  wayOut: 'caretaker:way-out',
  /** By when missing tags are due: `2026-03-09`. A courtesy; the record in the table is what counts. */
  tagsDue: 'caretaker:tags-due',
  /** On an Auto Scaling group: `ended` or `stopped`, what becomes of its instances when it sleeps. */
  instances: 'caretaker:instances',
  /** On an instance: `may-be-lost`. What is on its instance store is lost when it stops. */
  instanceStore: 'caretaker:instance-store',
  bake: 'caretaker:bake',
  deadline: 'caretaker:deadline',
  refuseFindings: 'caretaker:refuse-findings',
  /** On an alarm: `opens`, where it opens its service's circuit. */
  circuit: 'caretaker:circuit',
  /** On an alarm: `page` or `look`. */
  severity: 'caretaker:severity',
  /** On a task definition: the tag its image came under. */
  tag: 'caretaker:tag',
} as const

/**
 * Whether a resource belongs to this environment: it says so, or says nothing. Several
 * environments may live in one account, each with a Caretaker of its own.
 */
export const isOfEnvironment = (tags: Record<string, string>, environment: string): boolean =>
  (tags[TAGS.environment] ?? environment) === environment

/** The repositories a service follows: the words of its tag `caretaker:repository`. */
export const repositoriesOf = (tags: Record<string, string>): string[] =>
  (tags[TAGS.repository] ?? '').split(/\s+/).filter(Boolean)

/** Tags by their keys, from the form in which most of AWS's services list them. */
export const tagsIn = (
  list: readonly { Key?: string | undefined; Value?: string | undefined }[] = [],
): Record<string, string> =>
  Object.fromEntries(list.map(({ Key = '', Value = '' }) => [Key, Value]))

/** The same, from the form in which ECS lists them. */
export const ecsTagsIn = (
  list: readonly { key?: string | undefined; value?: string | undefined }[] = [],
): Record<string, string> =>
  Object.fromEntries(list.map(({ key = '', value = '' }) => [key, value]))
