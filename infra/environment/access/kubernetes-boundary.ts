import { Effect, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { acknowledge } from '../../nag.ts'
import { named } from '../../names.ts'

/**
 * The most that the roles of EKS Auto Mode may do: what the policies that AWS has written for them
 * allow (`test/environment/access.test.ts` compares), and no service besides. AWS adds to
 * those policies, so that services are named here and not actions; of IAM, what there is.
 * https://docs.aws.amazon.com/eks/latest/userguide/auto-learn-iam.html
 */
const SERVICES = [
  'autoscaling',
  'ec2',
  'ecr',
  'eks-auth',
  'elasticloadbalancing',
  'shield',
  'wafv2',
]
const SINGLE = [
  'acm:DescribeCertificate',
  'acm:ListCertificates',
  'cognito-idp:DescribeUserPoolClient',
  'iam:AddRoleToInstanceProfile',
  'iam:CreateServiceLinkedRole',
  'iam:PassRole',
  'kms:DescribeKey',
]

/** What holds others' data or ways. */
const NEVER = ['ec2:DeleteVpc', 'ecr:DeleteRepository', 'shield:DeleteSubscription']

/** The boundary `<environment>-kubernetes-boundary`. */
export function kubernetesBoundary(scope: Construct): void {
  const policy = new ManagedPolicy(scope, 'kubernetes-boundary', {
    managedPolicyName: named(scope, 'kubernetes', 'boundary'),
    description: 'The most that the roles of the Kubernetes cluster may do',
    statements: [
      new PolicyStatement({
        actions: [...SERVICES.map((service) => `${service}:*`), ...SINGLE],
        resources: ['*'],
      }),
      new PolicyStatement({ effect: Effect.DENY, actions: NEVER, resources: ['*'] }),
    ],
  })
  const reason = 'A boundary allows nothing by itself: it bounds what AWS’s policies allow.'
  for (const finding of [...SERVICES.map((service) => `Action::${service}:*`), 'Resource::*']) {
    acknowledge(policy, `AwsSolutions-IAM5[${finding}]`, reason)
  }
}
