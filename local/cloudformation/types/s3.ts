import type { GetBucketTaggingOutput } from '@aws-sdk/client-s3'
import { tagList, tagsFrom, untag } from '../../aws/tags.ts'
import type { Context } from '../context.ts'
import { jsonText, type Properties, type TypeTable } from '../resource-type.ts'

const NO_OBJECTS = 'There are no objects: what services keep is not simulated.'

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_S3.html */
export const S3: TypeTable = {
  'AWS::S3::Bucket': {
    effect: [
      'BucketName',
      'BucketEncryption',
      'PublicAccessBlockConfiguration',
      'VersioningConfiguration',
    ],
    noEffect: {
      LifecycleConfiguration: NO_OBJECTS,
      LoggingConfiguration: NO_OBJECTS,
      NotificationConfiguration: NO_OBJECTS,
      OwnershipControls: NO_OBJECTS,
    },
    replacedBy: ['BucketName'],
    create: async (context, properties) => {
      const Bucket = context.name(properties.BucketName, { most: 63, lower: true })
      const { region } = context.aws
      const where = region === 'us-east-1' ? {} : { LocationConstraint: region }
      const CreateBucketConfiguration = where
      await context.call('s3', 'CreateBucket', { Bucket, CreateBucketConfiguration })
      await set(context, Bucket, properties)
      const Tagging = { TagSet: context.tags }
      await context.call('s3', 'PutBucketTagging', { Bucket, Tagging })
      return {
        ref: Bucket,
        attributes: {
          Arn: `arn:aws:s3:::${Bucket}`,
          DomainName: `${Bucket}.s3.amazonaws.com`,
          DualStackDomainName: `${Bucket}.s3.dualstack.${region}.amazonaws.com`,
          RegionalDomainName: `${Bucket}.s3.${region}.amazonaws.com`,
          WebsiteURL: `http://${Bucket}.s3-website.${region}.amazonaws.com`,
        },
      }
    },
    update: async (context, properties, { ref }) => set(context, ref, properties),
    // S3 takes the tags of a bucket as a whole.
    retag: async (context, { ref: Bucket }, { added, removed }) => {
      const { TagSet } = await context.call<GetBucketTaggingOutput>('s3', 'GetBucketTagging', {
        Bucket,
      })
      const tags = { ...tagsFrom(TagSet), ...added }
      untag(tags, removed)
      const Tagging = { TagSet: tagList(tags) }
      await context.call('s3', 'PutBucketTagging', { Bucket, Tagging })
    },
    delete: (context, { ref }) => context.call('s3', 'DeleteBucket', { Bucket: ref }),
  },
  'AWS::S3::BucketPolicy': {
    effect: ['Bucket', 'PolicyDocument'],
    replacedBy: ['Bucket'],
    create: async (context, properties) => {
      await putPolicy(context, properties)
      return { ref: String(properties.Bucket) }
    },
    update: (context, properties) => putPolicy(context, properties),
    delete: (context, { ref }) => context.call('s3', 'DeleteBucketPolicy', { Bucket: ref }),
  },
}

type Encryption = { ServerSideEncryptionConfiguration: { ServerSideEncryptionByDefault: object }[] }

async function set(context: Context, Bucket: string, properties: Properties): Promise<void> {
  const { BucketEncryption, PublicAccessBlockConfiguration, VersioningConfiguration } = properties
  if (BucketEncryption !== undefined) {
    const { ServerSideEncryptionConfiguration: rules } = BucketEncryption as Encryption
    const Rules = rules.map(({ ServerSideEncryptionByDefault: byDefault, ...rule }) => ({
      ...rule,
      ApplyServerSideEncryptionByDefault: byDefault,
    }))
    const input = { Bucket, ServerSideEncryptionConfiguration: { Rules } }
    await context.call('s3', 'PutBucketEncryption', input)
  }
  if (PublicAccessBlockConfiguration !== undefined) {
    await context.call('s3', 'PutPublicAccessBlock', { Bucket, PublicAccessBlockConfiguration })
  }
  if (VersioningConfiguration !== undefined) {
    await context.call('s3', 'PutBucketVersioning', { Bucket, VersioningConfiguration })
  }
}

async function putPolicy(context: Context, { Bucket, PolicyDocument }: Properties): Promise<void> {
  await context.call('s3', 'PutBucketPolicy', { Bucket, Policy: jsonText(PolicyDocument) })
}
