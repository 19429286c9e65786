import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import { named } from '../../names.ts'
import { acknowledgeAccessLogs, toAccessLogs } from '../network/access-logs.ts'

/** What a pipeline gives to its next step: a copy of the source, needed only during a build. */
export function artifactBucket(scope: Construct, logs: Bucket | undefined): void {
  const bucket = new Bucket(scope, 'artifacts', {
    bucketName: name(scope),
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    lifecycleRules: [
      { expiration: Duration.days(7), abortIncompleteMultipartUploadAfter: Duration.days(1) },
    ],
    // A bucket with objects cannot be deleted; its objects expire within a week.
    removalPolicy: RemovalPolicy.RETAIN,
    ...toAccessLogs(scope, logs, 'pipelines'),
  })
  acknowledgeAccessLogs(bucket, logs)
}

/** The bucket by its name, so that no stack exports it. */
export function artifacts(scope: Construct): IBucket {
  return Bucket.fromBucketName(scope, 'artifacts', name(scope))
}

/** Buckets of all accounts and Regions share one set of names. */
function name(scope: Construct): string {
  const { account, region } = Stack.of(scope)
  return named(scope, 'artifacts', account, region)
}
