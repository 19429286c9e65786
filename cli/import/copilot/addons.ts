import type { Report } from '../report.ts'
import { childOf, entriesOf, type Tree, textOf } from '../tree.ts'

/** What stands in for a resource of an addon, by its type. */
const INSTEAD: readonly [RegExp, string][] = [
  [
    /^AWS::DynamoDB::Table$/,
    'keep the table, and give the right: `may: [{ tables: [<name>] }]`, with its name in `environment`',
  ],
  [
    /^AWS::S3::Bucket/,
    'keep the bucket, and give the right: `may: [{ buckets: [<name>] }]`; `bucket: true` makes a new, empty one',
  ],
  [
    /^AWS::RDS::/,
    '`database: shared` or `own` is a PostgreSQL of the environment; move the data with pg_dump and psql (`npx caretaker connect`)',
  ],
  [/^AWS::ElastiCache::/, '`cache: true` is a place in the cache of the environment'],
  [
    /^AWS::SQS::/,
    'keep the queue, and give the right: `may: [{ queues: [<name>] }]`; `queues` makes a new, empty one',
  ],
  [
    /^AWS::SNS::/,
    'keep the topic, and give the right: `may: [{ topics: [<name>], access: write }]`; `topics` makes a new one',
  ],
  [/^AWS::IAM::ManagedPolicy$/, 'write what it allows as `may`: actions and resources'],
  [/^AWS::SecretsManager::Secret$/, 'name it in `secrets`: `{ secret: <name> }`'],
  [/^AWS::EC2::SecurityGroup$/, 'name it in `securityGroups` by its id'],
]

/** A file of `addons/`: CloudFormation, whose resources are left out by name with what stands in. */
export function readAddon(workload: string, tree: Tree, report: Report): void {
  for (const [, resource] of entriesOf(childOf(tree, 'Resources'))) {
    const type = textOf(childOf(resource, 'Type')) ?? 'a resource'
    const instead = INSTEAD.find(([pattern]) => pattern.test(type))?.[1]
    const because = `no file of the catalog makes ${type}`
    report.leave(
      resource,
      because,
      instead ?? 'keep it in a stack of its own beside the environment',
    )
  }
  for (const key of [
    'Parameters',
    'Outputs',
    'Mappings',
    'Conditions',
    'Metadata',
    'Description',
    'Transform',
  ]) {
    for (const one of [childOf(tree, key)]) {
      const because = `it is about the resources of this addon of ${workload}`
      report.leave(one, because, 'nothing: it goes with them')
    }
  }
  for (const leaf of report.unread(tree)) {
    report.leave(
      leaf,
      'addons are CloudFormation, which is not read here',
      'keep it in a stack beside the environment',
    )
  }
}
