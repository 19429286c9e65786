import type { Aws } from '../aws/aws.ts'
import type { AssemblyStack } from './assembly.ts'
import type { Wait } from './context.ts'
import type { DeployedStack, NotSimulated } from './deployed.ts'
import { resolve } from './intrinsics.ts'
import { notSimulated } from './not-simulated.ts'
import { inOrder, needsOf } from './order.ts'
import { parameterValues } from './parameters.ts'
import { StackScope } from './scope.ts'
import { StackDeployment } from './stack-deployment.ts'
import { inPlace, type Template, TemplateError, type TemplateResource } from './template.ts'

type Surroundings = {
  before: DeployedStack | undefined
  /** What the stacks before this one export. */
  exports: ReadonlyMap<string, unknown>
  wait: Wait
  /** Where what is not simulated is noted. */
  noted: NotSimulated[]
}

/**
 * Creates and changes what one stack's template says, then deletes what it no longer says.
 *
 * @throws TemplateError naming stack, resource and property.
 */
export function deployStack(
  aws: Aws,
  stack: AssemblyStack,
  surroundings: Surroundings,
): Promise<DeployedStack> {
  return inPlace(stack.name, async () => {
    const { name, template } = stack
    const { before, exports, wait, noted } = surroundings
    const uuid = () => aws.world.random.uuid(`cloudformation/${name}`)
    const id = before?.id ?? aws.arn('cloudformation', `stack/${name}/${uuid()}`)
    const given = { ...stillThere(template, before?.parameters), ...stack.parameters }
    const parameters = await parameterValues(aws, name, template, given)
    const scope = new StackScope(aws, { name, id, template, parameters, exports })
    checkRules(template.Rules ?? {}, scope)

    const deployment = new StackDeployment(aws, { ...stack, id, scope, wait, before })
    for (const [logicalId, resource] of wantedResources(template, scope)) {
      await inPlace(`${logicalId} (${resource.Type})`, () => deployment.settle(logicalId, resource))
      noted.push(...notSimulated(name, logicalId, resource))
    }
    await deployment.cleanUp()
    if (deployment.hasChanged) emitStatus(aws, id, before === undefined ? 'CREATE' : 'UPDATE')
    return {
      name,
      id,
      parameters: given,
      resources: deployment.resources,
      ...outputsOf(template.Outputs ?? {}, scope),
    }
  })
}

/**
 * Sends the event that a stack is complete to the default bus.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/eventbridge-events.html
 */
function emitStatus(aws: Aws, stackId: string, operation: 'CREATE' | 'UPDATE'): void {
  aws.emit({
    source: 'aws.cloudformation',
    detailType: 'CloudFormation Stack Status Change',
    resources: [stackId],
    detail: {
      'stack-id': stackId,
      'status-details': { status: `${operation}_COMPLETE`, 'status-reason': '' },
    },
    delivery: 'best-effort',
  })
}

/** The CDK passes on the previous value of whatever parameter the template still has. */
function stillThere({ Parameters = {} }: Template, previous: Record<string, string> = {}) {
  return Object.fromEntries(Object.entries(previous).filter(([name]) => name in Parameters))
}

/** The resources whose condition holds, each behind what it needs. */
function wantedResources(
  { Resources }: Template,
  scope: StackScope,
): [logicalId: string, resource: TemplateResource][] {
  const wanted = Object.entries(Resources).filter(
    ([, { Condition }]) => Condition === undefined || scope.condition(Condition),
  )
  const byId = new Map(wanted)
  const needs = (id: string) => needsOf(byId.get(id) as TemplateResource)
  return inOrder([...byId.keys()], needs).map((id) => [id, byId.get(id) as TemplateResource])
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html */
function checkRules(rules: NonNullable<Template['Rules']>, scope: StackScope): void {
  for (const [name, { RuleCondition = true, Assertions }] of Object.entries(rules)) {
    if (resolve(RuleCondition, scope, `Rules.${name}`) !== true) continue
    for (const { Assert, AssertDescription } of Assertions) {
      if (resolve(Assert, scope, `Rules.${name}`) === true) continue
      throw new TemplateError(`the rule ${name} does not hold: ${AssertDescription ?? ''}`)
    }
  }
}

function outputsOf(
  outputs: NonNullable<Template['Outputs']>,
  scope: StackScope,
): Pick<DeployedStack, 'outputs' | 'exports'> {
  const found: Pick<DeployedStack, 'outputs' | 'exports'> = { outputs: {}, exports: {} }
  for (const [name, { Value, Condition, Export }] of Object.entries(outputs)) {
    if (Condition !== undefined && !scope.condition(Condition)) continue
    found.outputs[name] = resolve(Value, scope, `Outputs.${name}`)
    if (Export === undefined) continue
    const exported = String(resolve(Export.Name, scope, `Outputs.${name}.Export.Name`))
    found.exports[exported] = found.outputs[name]
  }
  return found
}
