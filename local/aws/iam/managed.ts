import { NotImplemented } from '../errors.ts'
import { KUBERNETES_POLICIES } from './managed-kubernetes.ts'
import { type Policy, parsePolicy } from './policy.ts'

/**
 * AWS's own policies that the templates here use, with their actions. Others are refused.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
const POLICIES: Readonly<Record<string, readonly string[]>> = {
  'service-role/AmazonECSTaskExecutionRolePolicy': [
    'ecr:GetAuthorizationToken',
    'ecr:BatchCheckLayerAvailability',
    'ecr:GetDownloadUrlForLayer',
    'ecr:BatchGetImage',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ],
  'service-role/AWSLambdaBasicExecutionRole': [
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ],
  AmazonSSMManagedInstanceCore: [
    'ssm:DescribeAssociation',
    'ssm:GetDeployablePatchSnapshotForInstance',
    'ssm:GetDocument',
    'ssm:DescribeDocument',
    'ssm:GetManifest',
    'ssm:GetParameter',
    'ssm:GetParameters',
    'ssm:ListAssociations',
    'ssm:ListInstanceAssociations',
    'ssm:PutInventory',
    'ssm:PutComplianceItems',
    'ssm:PutConfigurePackageResult',
    'ssm:UpdateAssociationStatus',
    'ssm:UpdateInstanceAssociationStatus',
    'ssm:UpdateInstanceInformation',
    'ssmmessages:CreateControlChannel',
    'ssmmessages:CreateDataChannel',
    'ssmmessages:OpenControlChannel',
    'ssmmessages:OpenDataChannel',
    'ec2messages:AcknowledgeMessage',
    'ec2messages:DeleteMessage',
    'ec2messages:FailMessage',
    'ec2messages:GetEndpoint',
    'ec2messages:GetMessages',
    'ec2messages:SendReply',
  ],
}

const parsed = new Map<string, Policy>()

/** @throws NotImplemented for a policy that is not in the table. */
export function managedPolicy(arn: string): Policy {
  const known = parsed.get(arn)
  if (known !== undefined) return known
  const path = arn.slice('arn:aws:iam::aws:policy/'.length)
  const Action = POLICIES[path] ?? KUBERNETES_POLICIES[path]
  if (Action === undefined) throw new NotImplemented(`the managed policy ${arn}`)
  const document = JSON.stringify({ Statement: { Effect: 'Allow', Action, Resource: '*' } })
  const policy = parsePolicy(path.split('/').at(-1) ?? path, document, 'identity')
  parsed.set(arn, policy)
  return policy
}
