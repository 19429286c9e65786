import type { Operations } from '../aws.ts'
import { clone } from '../clone.ts'
import { AwsError } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import type { Buckets } from './buckets.ts'

/** Something that is put, got and deleted as a whole. */
type Setting = {
  /** As in `PutBucketTagging`. */
  name: string
  /** The member of the request that is it. */
  member: string
  /** Whether an answer is it, or has it as that member. */
  isAnswer: boolean
  /** What a bucket has of it at first, or how S3 says that it has none. */
  atFirst: { value: object } | { error: string; message: string }
  /** Where `Delete…` is called otherwise, or is not there. */
  remove?: string | false
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-bucket-encryption.html */
const ENCRYPTED = {
  Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html */
const NOTHING_PUBLIC = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
}

const SETTINGS: readonly Setting[] = [
  {
    name: 'BucketTagging',
    member: 'Tagging',
    isAnswer: true,
    atFirst: { error: 'NoSuchTagSet', message: 'The TagSet does not exist' },
  },
  {
    name: 'BucketVersioning',
    member: 'VersioningConfiguration',
    isAnswer: true,
    atFirst: { value: {} },
    remove: false,
  },
  {
    name: 'BucketLifecycleConfiguration',
    member: 'LifecycleConfiguration',
    isAnswer: true,
    atFirst: {
      error: 'NoSuchLifecycleConfiguration',
      message: 'The lifecycle configuration does not exist',
    },
    remove: 'DeleteBucketLifecycle',
  },
  {
    name: 'BucketEncryption',
    member: 'ServerSideEncryptionConfiguration',
    isAnswer: false,
    atFirst: { value: ENCRYPTED },
  },
  {
    name: 'PublicAccessBlock',
    member: 'PublicAccessBlockConfiguration',
    isAnswer: false,
    atFirst: { value: NOTHING_PUBLIC },
  },
  {
    name: 'BucketPolicy',
    member: 'Policy',
    isAnswer: false,
    atFirst: { error: 'NoSuchBucketPolicy', message: 'The bucket policy does not exist' },
  },
]

type Input = { Bucket?: string } & Record<string, unknown>

/** What is set of a bucket is kept and given back: there are no objects that would feel it. */
export function settingOperations(buckets: Buckets): Operations {
  return Object.assign({}, ...SETTINGS.map((setting) => operationsOf(buckets, setting)))
}

function operationsOf(buckets: Buckets, setting: Setting): Operations {
  const { name, member, isAnswer, atFirst, remove = `Delete${name}` } = setting
  const of = ({ Bucket }: Input) => buckets.bucket(Bucket).settings
  const operations: Operations = {
    [`Put${name}`]: (input: Input) => {
      onlyMembers(`s3:Put${name}`, input, ['Bucket', 'ChecksumAlgorithm', 'ContentMD5', member])
      of(input).set(name, input[member] as object)
      return {}
    },
    [`Get${name}`]: (input: Input) => {
      const value = of(input).get(name) ?? first(atFirst)
      return clone(isAnswer ? value : { [member]: value })
    },
  }
  if (remove === false) return operations
  return {
    ...operations,
    [remove]: (input: Input) => {
      of(input).delete(name)
      return {}
    },
  }
}

function first(atFirst: Setting['atFirst']): object {
  if ('value' in atFirst) return atFirst.value
  throw new AwsError(atFirst.error, atFirst.message, { statusCode: 404 })
}
