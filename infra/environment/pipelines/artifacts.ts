import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import { acknowledgeAccessLogs, toAccessLogs } from '../network/access-logs.ts'

/**
 * What a pipeline gives to its next step: a copy of the source, needed only during a build. It has
 * no name of its own: the bucket outlives the environment, and the next one could not take a name
 * over that holds the account's number (CloudFormation imports by names that are plain text).
 */
export function artifactBucket(scope: Construct, logs: Bucket | undefined): Bucket {
  const bucket = new Bucket(scope, 'artifacts', {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    lifecycleRules: [
      { expiration: Duration.days(7), abortIncompleteMultipartUploadAfter: Duration.days(1) },
    ],
    // A bucket with objects cannot be deleted; its objects expire within a week.
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    ...toAccessLogs(scope, logs, 'pipelines'),
  })
  acknowledgeAccessLogs(bucket, logs)
  return bucket
}
