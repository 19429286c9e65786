import { Stack, Validations } from 'aws-cdk-lib'
import type { IRole } from 'aws-cdk-lib/aws-iam'
import type { IConstruct } from 'constructs'

/**
 * Says why a cdk-nag finding is right as it is. Use the narrowest construct that has the finding;
 * the reason is for a reviewer who does not know this code.
 *
 * @param rule such as `AwsSolutions-SQS3`; every finding that is not acknowledged fails synth.
 */
export function acknowledge(construct: IConstruct, rule: string, reason: string): void {
  Validations.of(construct).acknowledge({ id: rule, reason })
}

/**
 * Says why a role's permissions name many resources.
 *
 * @param owner what has the role: a function or a state machine.
 * @param resources the very ARNs given to the policy statements that hold a `*`.
 */
export function acknowledgeWildcards(
  owner: IConstruct & { readonly role?: IRole | undefined },
  resources: readonly string[],
  reason: string,
): void {
  const at = owner.role ?? owner
  for (const resource of resources) {
    const finding = flat(Stack.of(owner).resolve(resource))
    acknowledge(at, `AwsSolutions-IAM5[Resource::${finding}]`, reason)
  }
}

/** An ARN as cdk-nag writes it into a finding: `arn:<AWS::Partition>:ecs:…`, `<Table.Arn>/*`. */
function flat(value: unknown): string {
  // Variables of IAM's own, such as the caller's id, it writes like references.
  if (typeof value === 'string') return value.replaceAll(/\$\{([^}]*)\}/g, '<$1>')
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Intrinsic
  const { 'Fn::ImportValue': imported } = value as Intrinsic
  if (imported !== undefined) return imported
  if (Ref !== undefined) return `<${Ref}>`
  if (attribute !== undefined) return `<${attribute.join('.')}>`
  if (join !== undefined) return join[1].map(flat).join(join[0])
  throw new Error(`cannot be named in a finding: ${JSON.stringify(value)}`)
}

type Intrinsic = {
  Ref?: string
  'Fn::GetAtt'?: string[]
  'Fn::ImportValue'?: string
  'Fn::Join'?: [string, unknown[]]
}
