import type { Aws, Caller } from '../aws.ts'

/**
 * Whether EC2 gets the grants with which it decrypts an instance's volumes: whoever starts the
 * instance must be allowed to give them. It is not asked at the call: the instance starts, and
 * stops again.
 * https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html
 *
 * @param keys ARNs of customer managed keys; AWS's own need no grant by the caller.
 */
export function mayGrantKeys(aws: Aws, caller: Caller, keys: readonly string[]): boolean {
  return keys.every((resource) =>
    aws.may(caller, {
      action: 'kms:CreateGrant',
      resource,
      keys: {
        'kms:calleraccount': [aws.account],
        'kms:grantisforawsresource': ['true'],
        'kms:viaservice': [`ec2.${aws.region}.amazonaws.com`],
      },
    }),
  )
}
