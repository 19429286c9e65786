import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import type { Service } from '../../../catalog/schema.ts'
import { acknowledgeAccessLogs, toAccessLogs } from '../network/access-logs.ts'
import type { SharedResources } from '../shared-resources.ts'
import type { Supply } from './supply.ts'

/** `bucket: true`: a bucket of the service's own. What is overwritten or deleted stays a month. */
export function bucketSupply(
  scope: Construct,
  { name }: Service,
  { logs }: SharedResources,
): Supply {
  const bucket = new Bucket(scope, 'bucket', {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    versioned: true,
    lifecycleRules: [
      {
        noncurrentVersionExpiration: Duration.days(30),
        abortIncompleteMultipartUploadAfter: Duration.days(1),
        expiredObjectDeleteMarker: true,
      },
    ],
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    ...toAccessLogs(scope, logs, name),
  })
  acknowledgeAccessLogs(bucket, logs)
  return {
    variables: { BUCKET_NAME: bucket.bucketName },
    permissions: [
      new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }),
      new PolicyStatement({
        actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
        resources: [bucket.arnForObjects('*')],
      }),
    ],
    wildcards: [
      {
        resource: bucket.arnForObjects('*'),
        reason: 'The bucket is the service’s own, and the service decides which objects are in it.',
      },
    ],
  }
}
