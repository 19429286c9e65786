import type { Aws } from '../../aws.ts'
import { SecretsManager } from '../../secrets-manager/secrets-manager.ts'
import { arns, type Input, type Namer, text, texts } from './naming.ts'

export const dynamodb: Namer = (input, aws) => {
  const tables = arns(
    [...texts(input, 'TableName'), ...Object.keys((input.RequestItems ?? {}) as Input)],
    (name) => aws.arn('dynamodb', `table/${name}`),
  )
  const index = text(input, 'IndexName')
  // Reading an index is checked on the index alone.
  return {
    ...(index === undefined
      ? { table: tables }
      : { index: tables.map((table) => `${table}/index/${index}`) }),
    stream: [
      ...texts(input, 'StreamArn'),
      // An iterator begins with the ARN of its stream.
      ...texts(input, 'ShardIterator').map((iterator) => iterator.split('|')[0] ?? ''),
    ],
    any: texts(input, 'ResourceArn'),
  }
}

/**
 * Log groups are named with what follows them: `log-group:<name>:log-stream:`, which the pattern
 * `log-group:<name>:*` takes in; only tags are about `log-group:<name>` itself.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
 */
export const logs: Namer = (input, aws) => {
  const group = texts(input, 'logGroupName', 'logGroupIdentifier').map((named) =>
    (named.startsWith('arn:') ? named : aws.arn('logs', `log-group:${named}`)).replace(/:\*$/, ''),
  )
  const stream = text(input, 'logStreamName') ?? ''
  return {
    'log-group': group.map((arn) => `${arn}:log-stream:`),
    'log-stream': group.map((arn) => `${arn}:log-stream:${stream}`),
    any: texts(input, 'resourceArn'),
  }
}

export const sqs: Namer = (input, aws) => ({
  queue: [
    ...texts(input, 'QueueUrl').map((url) => url.split('/').at(-1) ?? ''),
    ...texts(input, 'QueueName'),
  ].map((name) => aws.arn('sqs', name)),
})

export const sns: Namer = (input, aws) => ({
  topic: arns(texts(input, 'TopicArn', 'TargetArn', 'Name', 'ResourceArn'), (name) =>
    aws.arn('sns', name),
  ),
})

export const secretsmanager: Namer = (input, aws) => ({
  Secret: texts(input, 'SecretId', 'Name').map((named) => secretArn(named, aws)),
})

/** A secret's ARN ends with six characters of its own; a name is completed with them. */
function secretArn(named: string, aws: Aws): string {
  const arn = named.startsWith('arn:') ? named : aws.arn('secretsmanager', `secret:${named}`)
  for (const one of aws.find(SecretsManager)?.tagged() ?? []) {
    if (one.arn === arn || one.arn.slice(0, -7) === arn) return one.arn
  }
  return arn
}

/** Systems Manager's own documents and everybody's parameters; a session is of an instance. */
export const ssm: Namer = (input, aws) => ({
  parameter: arns(texts(input, 'Name', 'Names', 'Path', 'ResourceId'), (name) =>
    aws.arn('ssm', `parameter/${name.replace(/^\//, '')}`),
  ),
  instance: texts(input, 'Target').map((id) => aws.arn('ec2', `instance/${id}`)),
  document: texts(input, 'DocumentName').map((name) =>
    name.startsWith('AWS-')
      ? `arn:aws:ssm:${aws.region}::document/${name}`
      : aws.arn('ssm', `document/${name}`),
  ),
})

export const rds: Namer = (input, aws, operation) => {
  const of = (kind: string, member: string) =>
    arns(texts(input, member), (name) => aws.arn('rds', `${kind}:${name.toLowerCase()}`))
  // Asked for all, it is checked on all: a denial names `db:*`.
  const orAll = (kind: string, described: string, named: readonly string[]) =>
    named.length === 0 && operation === described ? [aws.arn('rds', `${kind}:*`)] : named
  return {
    db: orAll('db', 'DescribeDBInstances', of('db', 'DBInstanceIdentifier')),
    subgrp: of('subgrp', 'DBSubnetGroupName'),
    pg: of('pg', 'DBParameterGroupName'),
    cluster: orAll('cluster', 'DescribeDBClusters', of('cluster', 'DBClusterIdentifier')),
    'cluster-pg': of('cluster-pg', 'DBClusterParameterGroupName'),
    any: texts(input, 'ResourceName'),
  }
}

export const s3: Namer = (input) => ({
  bucket: texts(input, 'Bucket').map((name) => `arn:aws:s3:::${name}`),
})

export const elasticache: Namer = (input, aws) => ({
  replicationgroup: texts(input, 'ReplicationGroupId').map((name) =>
    aws.arn('elasticache', `replicationgroup:${name.toLowerCase()}`),
  ),
  subnetgroup: texts(input, 'CacheSubnetGroupName').map((name) =>
    aws.arn('elasticache', `subnetgroup:${name.toLowerCase()}`),
  ),
  any: texts(input, 'ResourceName'),
})

export const elasticfilesystem: Namer = (input, aws) => {
  const of = (kind: string, ids: readonly string[]) =>
    arns(ids, (id) => aws.arn('elasticfilesystem', `${kind}/${id}`))
  const [tagged = ''] = texts(input, 'ResourceId')
  const taggedKind = tagged.startsWith('fsap-') ? 'access-point' : 'file-system'
  return {
    'file-system': of('file-system', texts(input, 'FileSystemId')),
    'access-point': of('access-point', texts(input, 'AccessPointId')),
    any: of(taggedKind, texts(input, 'ResourceId')),
  }
}
