/** By the SDK's service: the prefix of its actions, and the third part of its resources' ARNs. */
const NAMESPACES: ReadonlyMap<string, string> = new Map([
  ['application-auto-scaling', 'application-autoscaling'],
  ['auto-scaling', 'autoscaling'],
  ['budgets', 'budgets'],
  ['cloudformation', 'cloudformation'],
  ['cloudtrail', 'cloudtrail'],
  ['cloudwatch', 'cloudwatch'],
  ['cloudwatch-logs', 'logs'],
  ['cost-explorer', 'ce'],
  ['dynamodb', 'dynamodb'],
  ['dynamodb-streams', 'dynamodb'],
  ['ec2', 'ec2'],
  ['ecr', 'ecr'],
  ['ecs', 'ecs'],
  ['efs', 'elasticfilesystem'],
  ['elasticache', 'elasticache'],
  ['elastic-load-balancing-v2', 'elasticloadbalancing'],
  ['eventbridge', 'events'],
  ['iam', 'iam'],
  ['lambda', 'lambda'],
  ['rds', 'rds'],
  ['resource-groups-tagging-api', 'tag'],
  ['s3', 's3'],
  ['scheduler', 'scheduler'],
  ['secrets-manager', 'secretsmanager'],
  ['servicediscovery', 'servicediscovery'],
  ['sfn', 'states'],
  ['sns', 'sns'],
  ['sqs', 'sqs'],
  ['ssm', 'ssm'],
  ['sts', 'sts'],
])

/** @returns undefined for a service that IAM does not check here. */
export function namespaceOf(service: string): string | undefined {
  return NAMESPACES.get(service)
}

type Tagged = { arn: string; tags: Record<string, string> }
type Tagging = { readonly id: string; tagged?(): Iterable<Tagged> }

/** What carries tags, of the services that may have something in these namespaces, or of all. */
export function* taggedIn(
  services: readonly Tagging[],
  namespaces?: readonly string[],
): Iterable<Tagged> {
  for (const service of services) {
    const own = namespaceOf(service.id)
    const isAsked = own === undefined || namespaces === undefined || namespaces.includes(own)
    if (isAsked) yield* service.tagged?.() ?? []
  }
}
