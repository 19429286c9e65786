import type {
  CreateBucketRequest,
  DeleteBucketRequest,
  HeadBucketRequest,
  ListBucketsRequest,
  Tagging,
} from '@aws-sdk/client-s3'
import type { Aws } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import { type Tags, tagsFrom } from '../tags.ts'

/** A bucket: what is set of it, by what that is called (`BucketTagging`). */
type Bucket = {
  readonly name: string
  readonly arn: string
  readonly createdAt: Date
  readonly settings: Map<string, object>
}

const NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/

/** The buckets of the account, by name. */
export class Buckets {
  readonly aws: Aws
  readonly #buckets = new Map<string, Bucket>()

  constructor(aws: Aws) {
    this.aws = aws
  }

  get all(): Bucket[] {
    return [...this.#buckets.values()]
  }

  /** @throws AwsError NoSuchBucket */
  bucket(name = ''): Bucket {
    const found = this.#buckets.get(name)
    if (found !== undefined) return found
    const message = 'The specified bucket does not exist'
    throw new AwsError('NoSuchBucket', message, { statusCode: 404 })
  }

  /** @throws AwsError InvalidBucketName, BucketAlreadyOwnedByYou */
  add(name: string): Bucket {
    if (!NAME.test(name)) {
      throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.')
    }
    if (this.#buckets.has(name)) {
      throw new AwsError(
        'BucketAlreadyOwnedByYou',
        'Your previous request to create the named bucket succeeded and you already own it.',
        { statusCode: 409 },
      )
    }
    const arn = `arn:aws:s3:::${name}`
    const bucket = { name, arn, createdAt: this.aws.world.date, settings: new Map() }
    this.#buckets.set(name, bucket)
    return bucket
  }

  remove({ name }: Bucket): void {
    this.#buckets.delete(name)
  }

  *tagged(): Iterable<{ arn: string; tags: Tags }> {
    for (const { arn, settings } of this.all) {
      const { TagSet } = (settings.get('BucketTagging') ?? {}) as Partial<Tagging>
      yield { arn, tags: tagsFrom(TagSet) }
    }
  }
}

/** Making, finding and deleting buckets. */
export function bucketOperations(buckets: Buckets) {
  const { aws } = buckets
  return {
    CreateBucket: (input: CreateBucketRequest) => {
      const members = ['Bucket', 'CreateBucketConfiguration', 'ObjectOwnership']
      onlyMembers('s3:CreateBucket', input, members)
      const { LocationConstraint: region = 'us-east-1', ...more } =
        input.CreateBucketConfiguration ?? {}
      onlyMembers('s3:CreateBucket', more, [])
      if (region !== aws.region) {
        throw new AwsError(
          'IllegalLocationConstraintException',
          `The ${region} location constraint is incompatible for the region specific endpoint this request was sent to.`,
        )
      }
      const { name, arn } = buckets.add(input.Bucket ?? '')
      return { Location: `http://${name}.s3.amazonaws.com/`, BucketArn: arn }
    },
    ListBuckets: (input: ListBucketsRequest) => {
      onlyMembers('s3:ListBuckets', input, ['Prefix'])
      const { Prefix = '' } = input
      return {
        Buckets: buckets.all
          .filter(({ name }) => name.startsWith(Prefix))
          .map(({ name, arn, createdAt }) => ({
            Name: name,
            BucketArn: arn,
            BucketRegion: aws.region,
            CreationDate: createdAt,
          })),
        Owner: { ID: aws.account },
      }
    },
    HeadBucket: ({ Bucket }: HeadBucketRequest) => {
      const { arn } = buckets.bucket(Bucket)
      return { BucketArn: arn, BucketRegion: aws.region }
    },
    GetBucketLocation: ({ Bucket }: HeadBucketRequest) => {
      buckets.bucket(Bucket)
      return { LocationConstraint: aws.region }
    },
    // There are no objects that would have to go before.
    DeleteBucket: ({ Bucket }: DeleteBucketRequest) => {
      buckets.remove(buckets.bucket(Bucket))
      return {}
    },
  }
}
