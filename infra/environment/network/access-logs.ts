import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { acknowledge } from '../../nag.ts'

/** Long enough to look for yesterday's request, or last week's. */
const KEPT = Duration.days(14)

/** Access logs: the bucket that load balancers and other buckets write their requests to. */
export class AccessLogs extends Construct {
  readonly bucket: Bucket

  constructor(scope: Construct, id: string) {
    super(scope, id)
    this.bucket = new Bucket(this, 'bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      // Load balancers can write with no other: a KMS key would silently lose the logs.
      // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      lifecycleRules: [{ expiration: KEPT, abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      // A bucket with objects cannot be deleted; its objects expire within two weeks.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    })
    acknowledge(
      this.bucket,
      'AwsSolutions-S1',
      'This is the bucket of access logs; its own log would write into itself without end.',
    )
    this.#admit('logdelivery.elasticloadbalancing.amazonaws.com', 'alb')
    this.#admit('delivery.logs.amazonaws.com', 'nlb')
    this.#showAccess('delivery.logs.amazonaws.com')
    this.#admit('logging.s3.amazonaws.com', 's3')
  }

  /** One service writes below one prefix, and only for this account. */
  #admit(service: string, prefix: string): void {
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        actions: ['s3:PutObject'],
        principals: [new ServicePrincipal(service)],
        resources: [this.bucket.arnForObjects(`${prefix}/*`)],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    )
  }

  /**
   * Before the network load balancer may write, log delivery looks at who may. It writes requests
   * of TLS listeners only.
   * https://docs.aws.amazon.com/elasticloadbalancing/latest/network/enable-access-logs.html
   */
  #showAccess(service: string): void {
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        actions: ['s3:GetBucketAcl'],
        principals: [new ServicePrincipal(service)],
        resources: [this.bucket.bucketArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    )
  }
}

/** How a bucket writes who used it below `s3/<folder>/` of the bucket of logs, if there is one. */
export function toAccessLogs(scope: Construct, logs: Bucket | undefined, folder: string) {
  if (logs === undefined) return {}
  return {
    // By name: CDK would add a statement to the policy of the bucket of logs for each that writes.
    serverAccessLogsBucket: Bucket.fromBucketName(scope, 'logs', logs.bucketName),
    serverAccessLogsPrefix: `s3/${folder}/`,
  }
}

/** Says why a bucket's access logs are as they are. */
export function acknowledgeAccessLogs(bucket: Bucket, logs: Bucket | undefined): void {
  const [finding, reason] =
    logs === undefined
      ? ['AwsSolutions-S1', 'The catalog switches access logs off (parts.accessLogs).']
      : [
          '@aws-cdk/aws-s3:accessLogsPolicyNotAdded',
          'The bucket of logs admits S3 for the whole account: access-logs.ts.',
        ]
  acknowledge(bucket, finding, reason)
}

/** The attributes by which a load balancer writes its access log below a prefix of the bucket. */
export function logTo(
  balancer: { setAttribute(key: string, value: string | undefined): void } & Construct,
  prefix: 'alb' | 'nlb',
  bucket: Bucket | undefined,
): void {
  if (bucket === undefined) {
    acknowledge(
      balancer,
      'AwsSolutions-ELB2',
      'The catalog switches access logs off (parts.accessLogs): every service logs its own requests.',
    )
    return
  }
  balancer.setAttribute('access_logs.s3.enabled', 'true')
  balancer.setAttribute('access_logs.s3.bucket', bucket.bucketName)
  balancer.setAttribute('access_logs.s3.prefix', prefix)
  // The balancer checks at once that it may write.
  if (bucket.policy !== undefined) balancer.node.addDependency(bucket.policy)
}
