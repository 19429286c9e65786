import { DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DeleteRepositoryCommand, ECRClient } from '@aws-sdk/client-ecr'
import { DeleteFileSystemCommand, EFSClient } from '@aws-sdk/client-efs'
import { DeleteDBSnapshotCommand, RDSClient } from '@aws-sdk/client-rds'
import {
  paginateGetResources,
  ResourceGroupsTaggingAPIClient,
} from '@aws-sdk/client-resource-groups-tagging-api'
import {
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import type { Configuration } from '../deploy/account.ts'

/** Something that holds data and outlives its stack. */
export type Remains = { arn: string; what: string }

type Kind = {
  /** How its ARN begins after partition, Region and account are left out. */
  arn: RegExp
  what: string
  remove: (configuration: Configuration, name: string) => Promise<unknown>
}

/** What templates retain, or leave as a final snapshot. Whatever else remains is not data. */
const KINDS: readonly Kind[] = [
  {
    arn: /^s3:(.+)$/,
    what: 'bucket',
    remove: removeBucket,
  },
  {
    arn: /^ecr:repository\/(.+)$/,
    what: 'repository of images',
    remove: (configuration, repositoryName) =>
      new ECRClient(configuration).send(
        new DeleteRepositoryCommand({ repositoryName, force: true }),
      ),
  },
  {
    arn: /^elasticfilesystem:file-system\/(.+)$/,
    what: 'file system',
    remove: (configuration, FileSystemId) =>
      new EFSClient(configuration).send(new DeleteFileSystemCommand({ FileSystemId })),
  },
  {
    arn: /^rds:snapshot:(.+)$/,
    what: 'final snapshot of a database',
    remove: (configuration, DBSnapshotIdentifier) =>
      new RDSClient(configuration).send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier })),
  },
  {
    arn: /^dynamodb:table\/(.+)$/,
    what: "Caretaker's record",
    remove: (configuration, TableName) =>
      new DynamoDBClient(configuration).send(new DeleteTableCommand({ TableName })),
  },
]

/** `arn:aws:ecr:eu-central-1:123456789012:repository/orders` → kind and `orders`. Pure. */
export function kindOf(arn: string): { kind: Kind; name: string } | undefined {
  const [, , service, , , ...resource] = arn.split(':')
  const short = `${service}:${resource.join(':')}`
  for (const kind of KINDS) {
    const name = kind.arn.exec(short)?.[1]
    if (name !== undefined) return { kind, name }
  }
  return undefined
}

/** What of an environment holds data now, found by its tags; running databases are left out. */
export async function remainsOf(
  configuration: Configuration,
  environment: string,
): Promise<Remains[]> {
  const client = new ResourceGroupsTaggingAPIClient(configuration)
  const filter = { Key: 'caretaker:environment', Values: [environment] }
  const found: Remains[] = []
  for await (const page of paginateGetResources({ client }, { TagFilters: [filter] })) {
    for (const { ResourceARN: arn = '' } of page.ResourceTagMappingList ?? []) {
      const known = kindOf(arn)
      if (known !== undefined) found.push({ arn, what: `${known.kind.what} ${known.name}` })
    }
  }
  return found.toSorted((a, b) => a.what.localeCompare(b.what))
}

/** Deletes one of them with everything in it, for good. */
export async function remove(configuration: Configuration, { arn }: Remains): Promise<void> {
  const known = kindOf(arn)
  if (known === undefined) throw new Error(`${arn} is nothing that holds data`)
  await known.kind.remove(configuration, known.name)
}

/** A bucket must be empty, of earlier versions too; what is deleted is not listed again. */
async function removeBucket(configuration: Configuration, Bucket: string): Promise<void> {
  const client = new S3Client(configuration)
  for (;;) {
    const page = await client.send(new ListObjectVersionsCommand({ Bucket }))
    const Objects = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].flatMap(
      ({ Key, VersionId }) => (Key === undefined ? [] : [{ Key, VersionId }]),
    )
    if (Objects.length === 0) break
    const { Errors: [error] = [] } = await client.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }),
    )
    if (error !== undefined) throw new Error(`${Bucket}/${error.Key}: ${error.Message}`)
  }
  await client.send(new DeleteBucketCommand({ Bucket }))
}
