import { Tags } from 'aws-cdk-lib'
import type { FargateService } from 'aws-cdk-lib/aws-ecs'
import type { Construct } from 'constructs'
import type { Environment, Service } from '../catalog/schema.ts'
import { parsePolicy, tagValue } from '../domain/deploy-policy.ts'

/** The tags everything carries (design §4); a service's owner goes before the environment's. */
export function tagEnvironment(scope: Construct, { name, owner }: Environment): void {
  Tags.of(scope).add('caretaker:environment', name)
  Tags.of(scope).add('caretaker:owner', owner)
}

/** The tags of everything that belongs to one service. */
export function tagService(scope: Construct, { name, team }: Service): void {
  Tags.of(scope).add('caretaker:service', name)
  Tags.of(scope).add('caretaker:owner', team)
}

/** The tags by which an ECS service asks to be looked after. */
export function tagDeployment(
  service: FargateService,
  {
    deploy,
    image,
    repository,
    count,
    scaling,
    schedule,
    order,
    idle,
    deployment,
    refuseFindings,
  }: Service,
  environment: Environment,
): void {
  const tags = {
    // AWS tags can hold neither `*` nor `~`: docs/adr/0006-policies-in-tags.md
    'caretaker:deploy': image === undefined ? tagValue(parsePolicy(deploy)) : undefined,
    // Without it no push is looked for: the image is somebody else's.
    'caretaker:repository': image === undefined ? repository : undefined,
    // How many tasks the first image is started with: docs/adr/0005-first-deployment.md
    'caretaker:count': String(Math.max(count, scaling?.min ?? 0)),
    'caretaker:schedule': schedule ?? environment.schedule,
    'caretaker:order': String(order),
    'caretaker:idle': (idle ?? environment.idle) === 'off' ? undefined : (idle ?? environment.idle),
    // Without them the control plane's defaults hold.
    'caretaker:bake': deployment?.bake?.toString(),
    'caretaker:deadline': deployment?.deadline?.toString(),
    'caretaker:refuse-findings': refuseFindings,
  }
  for (const [key, value] of Object.entries(tags)) {
    if (value === undefined) continue
    Tags.of(service).add(key, value, { includeResourceTypes: ['AWS::ECS::Service'] })
  }
}
