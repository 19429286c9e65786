/** What a service takes as a tag's value. */
const [EVERYWHERE, PRINTED] = [/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u, /^[^\p{Cc}\p{Cs}]*$/u]
/** Elastic Load Balancing takes no spaces at either end. */
const TRIMMED = /^(?![\p{Z}])[\p{L}\p{Z}\p{N}_.:/=+\-@]*(?<![\p{Z}])$/u

/** One type of resources that can be watched: each has a read of its own in `functions/keep-tags/read`. */
export type Type = {
  /** An ARN's service and what stands before the name there: `ec2`, `instance/`. */
  service: string
  before: string
  /** What names it in the table begins with this. */
  id: string
  /**
   * Values that its service takes; what is not said takes what every service takes: letters, digits,
   * spaces, and `_ . : / = + - @`.
   */
  values?: RegExp
  /** It comes and goes with each deployment: nothing is kept of it, and nobody is told. */
  passing?: true
}

/**
 * By the names of the Tagging API; `sqs:queue` and `sns:topic` have no resource type there.
 * https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/supported-services.html
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_Tag.html
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tag.html
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-tags.html
 */
export const TYPES = {
  'ec2:instance': { service: 'ec2', before: 'instance/', id: 'instance', values: PRINTED },
  'ec2:volume': { service: 'ec2', before: 'volume/', id: 'volume', values: PRINTED },
  'ec2:snapshot': { service: 'ec2', before: 'snapshot/', id: 'snapshot', values: PRINTED },
  'autoscaling:group': {
    ...{ service: 'autoscaling', before: 'autoScalingGroup:*:autoScalingGroupName/' },
    ...{ id: 'group', values: PRINTED },
  },
  'rds:db': { service: 'rds', before: 'db:', id: 'database' },
  'rds:cluster': { service: 'rds', before: 'cluster:', id: 'cluster' },
  'ecs:service': { service: 'ecs', before: 'service/', id: 'service' },
  'ecs:task': { service: 'ecs', before: 'task/', id: 'task', passing: true },
  'elasticloadbalancing:loadbalancer': {
    ...{ service: 'elasticloadbalancing', before: 'loadbalancer/' },
    ...{ id: 'load-balancer', values: TRIMMED },
  },
  'elasticloadbalancing:targetgroup': {
    ...{ service: 'elasticloadbalancing', before: 'targetgroup/' },
    ...{ id: 'target-group', values: TRIMMED },
  },
  'lambda:function': { service: 'lambda', before: 'function:', id: 'function' },
  'elasticfilesystem:file-system': {
    ...{ service: 'elasticfilesystem', before: 'file-system/' },
    id: 'file-system',
  },
  'elasticache:replicationgroup': {
    ...{ service: 'elasticache', before: 'replicationgroup:' },
    id: 'cache',
  },
  'dynamodb:table': { service: 'dynamodb', before: 'table/', id: 'table' },
  'ecr:repository': { service: 'ecr', before: 'repository/', id: 'repository' },
  'logs:log-group': { service: 'logs', before: 'log-group:', id: 'log-group' },
  'sqs:queue': { service: 'sqs', before: '', id: 'queue' },
  'sns:topic': { service: 'sns', before: '', id: 'topic' },
} as const satisfies Record<string, Type>

export type WatchedType = keyof typeof TYPES

export const WATCHED_TYPES = Object.keys(TYPES) as [WatchedType, ...WatchedType[]]

/** A type's row; all of them have the same form. */
export const typeOf = (type: WatchedType): Type => TYPES[type]

/** What a service takes as a value; without a type: what every service does. */
export const valuesOf = (type?: WatchedType): RegExp => (type && typeOf(type).values) ?? EVERYWHERE

/** What each takes as a key. */
export const KEYS = EVERYWHERE

/** A name as ARNs have it. */
const NAME = String.raw`([\w.:/+=,@#-]+)`

const FORMS = WATCHED_TYPES.map((type) => {
  const { service, before } = typeOf(type)
  const middle = before.replace('*', '[^:]*')
  // Names of queues and topics have neither `:` nor `/`; what has more is a subscription.
  const name = before === '' ? String.raw`([\w.-]+)` : NAME
  return { type, form: new RegExp(`^arn:[^:]+:${service}:[^:]*:[^:]*:${middle}${name}$`) }
})

/** Which resource an ARN names; undefined for types that cannot be watched. */
export function watchedOf(arn: string): { id: string; type: WatchedType } | undefined {
  for (const { type, form } of FORMS) {
    const name = form.exec(arn)?.[1]
    if (name !== undefined) return { id: `${typeOf(type).id}/${name}`, type }
  }
  return undefined
}
