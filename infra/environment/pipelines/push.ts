import type { IRepository } from 'aws-cdk-lib/aws-ecr'
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam'
import { acknowledge } from '../../nag.ts'

/**
 * What `docker push` calls.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
 */
export const PUSH = [
  'ecr:BatchCheckLayerAvailability',
  'ecr:BatchGetImage',
  'ecr:CompleteLayerUpload',
  'ecr:InitiateLayerUpload',
  'ecr:PutImage',
  'ecr:UploadLayerPart',
]

/** Lets a role push images to one repository: not delete them, and no others. */
export function allowPush(role: Role, images: IRepository): void {
  role.addToPolicy(new PolicyStatement({ actions: PUSH, resources: [images.repositoryArn] }))
  role.addToPolicy(
    new PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }),
  )
  acknowledge(
    role,
    'AwsSolutions-IAM5[Resource::*]',
    'ecr:GetAuthorizationToken knows no resources; pushing is limited to the one repository.',
  )
}
