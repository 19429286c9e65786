import {
  CreateServiceLinkedRoleCommand,
  GetRoleCommand,
  IAMClient,
  NoSuchEntityException,
} from '@aws-sdk/client-iam'
import type { Stack } from '../../scripts/assembly.ts'
import type { Configuration } from './account.ts'

/** The role with which a service acts in an account. */
export type ServiceLinkedRole = { role: string; service: string }

/**
 * Services make their role at the first use and often fail that once, as the role is not yet there
 * everywhere: "Unable to assume the service linked role".
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using-service-linked-roles.html
 */
const NEEDED: Readonly<Record<string, ServiceLinkedRole>> = {
  'AWS::ECS::Cluster': { role: 'AWSServiceRoleForECS', service: 'ecs.amazonaws.com' },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': {
    role: 'AWSServiceRoleForElasticLoadBalancing',
    service: 'elasticloadbalancing.amazonaws.com',
  },
  'AWS::RDS::DBInstance': { role: 'AWSServiceRoleForRDS', service: 'rds.amazonaws.com' },
  'AWS::ElastiCache::ReplicationGroup': {
    role: 'AWSServiceRoleForElastiCache',
    service: 'elasticache.amazonaws.com',
  },
  'AWS::ApplicationAutoScaling::ScalableTarget': {
    role: 'AWSServiceRoleForApplicationAutoScaling_ECSService',
    service: 'ecs.application-autoscaling.amazonaws.com',
  },
}

/** Of the roles that these templates need, those the account does not have. */
export async function missingRoles(
  configuration: Configuration,
  stacks: readonly Pick<Stack, 'template'>[],
): Promise<ServiceLinkedRole[]> {
  const types = new Set(
    stacks.flatMap(({ template }) => Object.values(template.Resources).map(({ Type }) => Type)),
  )
  const iam = new IAMClient(configuration)
  const missing: ServiceLinkedRole[] = []
  for (const [type, needed] of Object.entries(NEEDED)) {
    if (types.has(type) && !(await exists(iam, needed.role))) missing.push(needed)
  }
  return missing
}

/** Every role that any catalog can need. */
export const everyRole = (configuration: Configuration): Promise<ServiceLinkedRole[]> =>
  missingRoles(configuration, [
    {
      template: {
        Resources: Object.fromEntries(Object.keys(NEEDED).map((Type) => [Type, { Type }])),
      },
    },
  ])

async function exists(iam: IAMClient, RoleName: string): Promise<boolean> {
  try {
    await iam.send(new GetRoleCommand({ RoleName }))
    return true
  } catch (error) {
    if (error instanceof NoSuchEntityException) return false
    throw error
  }
}

export async function makeRole(
  configuration: Configuration,
  { service }: ServiceLinkedRole,
): Promise<void> {
  await new IAMClient(configuration).send(
    new CreateServiceLinkedRoleCommand({ AWSServiceName: service }),
  )
}
