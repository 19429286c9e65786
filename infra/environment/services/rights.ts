import { Stack } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import type { Right } from '../../../catalog/rights-schema.ts'
import type { Service } from '../../../catalog/schema.ts'
import type { Supply } from './supply.ts'

type Access = NonNullable<Right['access']>
type Named = 'queues' | 'topics' | 'tables' | 'buckets'

/** What reading and writing need, by what is read and written. */
const ACTIONS: Record<Named, Record<'read' | 'write', readonly string[]>> = {
  queues: {
    read: [
      'sqs:ReceiveMessage',
      'sqs:DeleteMessage',
      'sqs:ChangeMessageVisibility',
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
    ],
    write: ['sqs:SendMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl'],
  },
  topics: { read: [], write: ['sns:Publish'] },
  tables: {
    read: [
      'dynamodb:BatchGetItem',
      'dynamodb:ConditionCheckItem',
      'dynamodb:DescribeTable',
      'dynamodb:GetItem',
      'dynamodb:Query',
      'dynamodb:Scan',
    ],
    write: [
      'dynamodb:BatchWriteItem',
      'dynamodb:DeleteItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
    ],
  },
  buckets: {
    read: ['s3:GetObject', 's3:ListBucket'],
    write: ['s3:AbortMultipartUpload', 's3:DeleteObject', 's3:PutObject'],
  },
}

/**
 * `may`: what the code in the container may do, as its file says it. The boundary that every role
 * has bounds it; `catalog/rights-checks.ts` has refused what the boundary would keep from it.
 */
export function rightsSupply(scope: Construct, { name, may }: Service): Supply {
  const permissions = may.flatMap((right) => statementsOf(scope, right))
  const reason = `The file of ${name} asks for it (may); the boundary of the environment’s roles bounds it.`
  const wild = permissions.flatMap(({ resources }) => resources).filter((one) => one.includes('*'))
  const actions = permissions.flatMap((one) => one.actions).filter((one) => one.includes('*'))
  return {
    permissions,
    wildcards: [...new Set(wild)].map((resource) => ({ resource, reason })),
    wildActions: [...new Set(actions)].map((action) => ({ action, reason })),
  }
}

function statementsOf(scope: Construct, right: Right): PolicyStatement[] {
  const { actions, resources = [], access = 'both' } = right
  if (actions !== undefined) {
    return [
      new PolicyStatement({ actions, resources: resources.map((arn) => ownPlace(scope, arn)) }),
    ]
  }
  const kinds = Object.keys(ACTIONS) as Named[]
  return kinds.flatMap((kind) => {
    const names = right[kind] ?? []
    if (names.length === 0) return []
    return [
      new PolicyStatement({
        actions: actionsFor(kind, access),
        resources: names.flatMap((name) => arnsOf(scope, kind, name)),
      }),
    ]
  })
}

export const actionsFor = (kind: Named, access: Access): string[] => [
  ...new Set([
    ...(access === 'write' ? [] : ACTIONS[kind].read),
    ...(access === 'read' ? [] : ACTIONS[kind].write),
  ]),
]

/** `<region>` and `<account>` are where the environment is. */
function ownPlace(scope: Construct, arn: string): string {
  const { region, account } = Stack.of(scope)
  return arn.replaceAll('<region>', region).replaceAll('<account>', account)
}

function arnsOf(scope: Construct, kind: Named, name: string): string[] {
  const { partition } = Stack.of(scope)
  const regional = (service: string, resource: string) =>
    `arn:${partition}:${service}:${ownPlace(scope, '<region>:<account>')}:${resource}`
  switch (kind) {
    case 'queues':
      return [regional('sqs', name)]
    case 'topics':
      return [regional('sns', name)]
    case 'tables':
      return [regional('dynamodb', `table/${name}`), regional('dynamodb', `table/${name}/index/*`)]
    case 'buckets':
      return [`arn:${partition}:s3:::${name}`, `arn:${partition}:s3:::${name}/*`]
  }
}
