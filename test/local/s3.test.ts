import { beforeEach, describe, expect, it } from 'vitest'
import { S3 } from '../../local/aws/s3/s3.ts'
import { Account } from '../kits/account.ts'

const BUCKET = { Bucket: 'dev-reports' }
const HERE = { CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } }

describe('a bucket', () => {
  let account: Account
  const call = (operation: string, input: object) => account.call('s3', operation, input)

  beforeEach(async () => {
    account = new Account([S3])
    await call('CreateBucket', { ...BUCKET, ...HERE })
  })

  it('is there until it is deleted', async () => {
    expect(await call('HeadBucket', BUCKET)).toMatchObject({ BucketRegion: 'eu-central-1' })
    expect(await call('ListBuckets', {})).toMatchObject({
      Buckets: [
        {
          Name: 'dev-reports',
          BucketArn: 'arn:aws:s3:::dev-reports',
          CreationDate: account.world.date,
        },
      ],
    })
    await call('DeleteBucket', BUCKET)
    await expect(call('HeadBucket', BUCKET)).rejects.toMatchObject({ name: 'NoSuchBucket' })
  })

  it.each([
    ['BucketAlreadyOwnedByYou', { ...BUCKET, ...HERE }],
    ['InvalidBucketName', { Bucket: 'Dev_Reports', ...HERE }],
    ['IllegalLocationConstraintException', { Bucket: 'elsewhere' }],
    ['NotImplemented', { Bucket: 'locked', ...HERE, ObjectLockEnabledForBucket: true }],
  ])('is refused with %s as %j', async (name, input) => {
    await expect(call('CreateBucket', input)).rejects.toMatchObject({ name })
  })

  it('is encrypted and not public from the start, and keeps no versions', async () => {
    expect(await call('GetBucketEncryption', BUCKET)).toMatchObject({
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
    })
    expect(await call('GetPublicAccessBlock', BUCKET)).toMatchObject({
      PublicAccessBlockConfiguration: { BlockPublicPolicy: true },
    })
    expect(await call('GetBucketVersioning', BUCKET)).toEqual({})
  })

  it('gives back what is set of it', async () => {
    const versioned = { Status: 'Enabled' }
    await call('PutBucketVersioning', { ...BUCKET, VersioningConfiguration: versioned })
    expect(await call('GetBucketVersioning', BUCKET)).toEqual(versioned)
    const rules = { Rules: [{ Status: 'Enabled', Expiration: { Days: 14 } }] }
    await call('PutBucketLifecycleConfiguration', { ...BUCKET, LifecycleConfiguration: rules })
    expect(await call('GetBucketLifecycleConfiguration', BUCKET)).toEqual(rules)
    await call('PutBucketPolicy', { ...BUCKET, Policy: '{}' })
    expect(await call('GetBucketPolicy', BUCKET)).toEqual({ Policy: '{}' })
  })

  it('is told by its tags, which are put as a whole', async () => {
    const put = (TagSet: object[]) => call('PutBucketTagging', { ...BUCKET, Tagging: { TagSet } })
    await expect(call('GetBucketTagging', BUCKET)).rejects.toThrow('TagSet does not exist')
    await put([{ Key: 'team', Value: 'storefront' }])
    await put([{ Key: 'owner', Value: 'ordering' }])
    expect(await call('GetBucketTagging', BUCKET)).toEqual({
      TagSet: [{ Key: 'owner', Value: 'ordering' }],
    })
    const [service] = account.aws.services
    expect([...(service?.tagged?.() ?? [])]).toEqual([
      { arn: 'arn:aws:s3:::dev-reports', tags: { owner: 'ordering' } },
    ])
    await call('DeleteBucketTagging', BUCKET)
    await expect(call('GetBucketTagging', BUCKET)).rejects.toMatchObject({ name: 'NoSuchTagSet' })
  })

  it.each(['BucketLifecycleConfiguration', 'BucketPolicy'])(
    'says that it has no %s',
    async (what) => {
      await expect(call(`Get${what}`, BUCKET)).rejects.toMatchObject({ statusCode: 404 })
    },
  )

  it('takes no objects', async () => {
    const put = call('PutObject', { ...BUCKET, Key: 'report', Body: new Uint8Array() })
    await expect(put).rejects.toThrow('does not simulate s3:PutObject')
  })
})
