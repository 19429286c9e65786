import type { Aws, Caller } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { resourceAllows } from '../iam/resource-policy.ts'
import { S3 } from '../s3/s3.ts'

/** Who writes the access log of a kind of load balancer, and what it needs of the bucket. */
type Writer = { name: string; needs: readonly string[] }

/**
 * - https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 * - https://docs.aws.amazon.com/elasticloadbalancing/latest/network/enable-access-logs.html
 */
const WRITERS: Readonly<Record<string, Writer>> = {
  application: { name: 'logdelivery.elasticloadbalancing', needs: ['s3:PutObject'] },
  network: { name: 'delivery.logs', needs: ['s3:GetBucketAcl', 's3:PutObject'] },
}

/**
 * The bucket must let the log in before access logs are switched on.
 *
 * @param attributes of the load balancer, with what changes.
 * @throws AwsError InvalidConfigurationRequest
 */
export function checkAccessLogs(
  aws: Aws,
  type: string | undefined,
  attributes: Readonly<Record<string, string>>,
): void {
  const bucket = attributes['access_logs.s3.bucket']
  const writer = WRITERS[type ?? '']
  const s3 = aws.find(S3)
  if (attributes['access_logs.s3.enabled'] !== 'true' || !bucket || !writer || !s3) return
  const prefix = attributes['access_logs.s3.prefix']
  const folder = prefix ? `${prefix}/AWSLogs` : 'AWSLogs'
  const sourceArn = aws.arn('logs', '*')
  const caller: Caller = { kind: 'aws', name: writer.name, sourceArn }
  const policy = s3.policyOf(bucket)
  const isLetIn = writer.needs.every((action) => {
    const resource = `arn:aws:s3:::${bucket}${action === 's3:PutObject' ? `/${folder}/${aws.account}/log.gz` : ''}`
    return resourceAllows(aws, caller, { policy, action, resource })
  })
  if (isLetIn) return
  throw new AwsError(
    'InvalidConfigurationRequest',
    `Access Denied for bucket: ${bucket}. Please check S3bucket permission`,
  )
}
