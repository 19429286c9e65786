import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { ReadWriteType, Trail } from 'aws-cdk-lib/aws-cloudtrail'
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import { acknowledge } from '../nag.ts'
import { named } from '../names.ts'

/** Events are read as they come; their files are for whoever looks back. */
const KEPT = Duration.days(90)

/**
 * A trail of this Region's calls that change something, for an account that has none. A first trail
 * of management events costs only its bucket; a second one is paid per event.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-costs.html
 */
export function ownTrail(scope: Construct): void {
  // Its generated name says cloudtrail, which break-glass may not touch (docs/access.md).
  const bucket = new Bucket(scope, 'cloudtrail', {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    lifecycleRules: [{ expiration: KEPT, abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    // A bucket with objects cannot be deleted; its objects expire by themselves.
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  })
  acknowledge(
    bucket,
    'AwsSolutions-S1',
    'Only CloudTrail writes there, and CloudTrail is the log of who asks for what.',
  )
  new Trail(scope, 'trail', {
    trailName: named(scope, 'changes'),
    bucket: bucket as IBucket,
    managementEvents: ReadWriteType.WRITE_ONLY,
    isMultiRegionTrail: false,
    includeGlobalServiceEvents: false,
    enableFileValidation: true,
  })
}
