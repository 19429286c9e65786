import type { CfnResource } from 'aws-cdk-lib'
import type { CfnService, FargateService, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs'
import type { Service } from '../../../catalog/schema.ts'

/**
 * `override`: what a file says by CloudFormation's own names, over what the templates say. Maps are
 * put together, lists replaced.
 *
 * @param containers the names of the task's containers in their order.
 */
export function overrideTask(
  definition: FargateTaskDefinition,
  { override }: Service,
  containers: readonly string[],
): void {
  if (override === undefined) return
  const resource = definition.node.defaultChild as CfnResource
  put(resource, [], override.task ?? {})
  for (const [name, properties] of Object.entries(override.containers ?? {})) {
    put(resource, ['ContainerDefinitions', String(containers.indexOf(name))], properties)
  }
}

/** The same of the ECS service. */
export function overrideService(ecsService: FargateService, { override }: Service): void {
  put(ecsService.node.findChild('Service') as CfnService, [], override?.service ?? {})
}

function put(resource: CfnResource, path: readonly string[], value: unknown): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const [key, one] of Object.entries(value)) put(resource, [...path, key], one)
    return
  }
  // A dot in a name, as labels have it, is no step of the path.
  const place = path.map((step) => step.replaceAll('.', '\\.')).join('.')
  resource.addPropertyOverride(place, value)
}
