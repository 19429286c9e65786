import { isDeepStrictEqual } from 'node:util'
import type { Aws } from '../aws/aws.ts'
import type { AssemblyStack } from './assembly.ts'
import type { Wait } from './context.ts'
import type { DeployedResource, DeployedStack, NotSimulated } from './deployed.ts'
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
  /** The other stacks: what they import must stay as it is. */
  others?: readonly Pick<DeployedStack, 'name' | 'imports'>[]
  wait: Wait
  /** Where what is not simulated is noted. */
  noted: NotSimulated[]
  /** Whether named resources that an earlier stack has left are taken over. */
  importing?: boolean
  /** Whether a change that fails is undone; the error is thrown either way. */
  rollBack?: boolean
  /** Where what stays after that is noted. */
  retained?: DeployedResource[]
  /** Runs before each resource; what it throws fails that resource. */
  beforeEach?: (stack: string, logicalId: string) => void
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
    const { before, exports } = surroundings
    const uuid = () => aws.world.random.uuid(`cloudformation/${name}`)
    const id = before?.id ?? aws.arn('cloudformation', `stack/${name}/${uuid()}`)
    const given = { ...stillThere(template, before?.parameters), ...stack.parameters }
    const parameters = await parameterValues(aws, name, template, given)
    const scope = new StackScope(aws, { name, id, template, parameters, exports })
    checkRules(template.Rules ?? {}, scope)

    const deployment = new StackDeployment(aws, { ...stack, ...surroundings, id, scope })
    const settled = await settleAll(deployment, stack, scope, surroundings)
    if (deployment.hasChanged) emitStatus(aws, id, before === undefined ? 'CREATE' : 'UPDATE')
    const { resources } = deployment
    return { name, id, parameters: given, resources, imports: scope.imports, ...settled }
  })
}

/** Everything the template says, and nothing else; or, if that is asked, all as it was. */
async function settleAll(
  deployment: StackDeployment,
  { name, template }: AssemblyStack,
  scope: StackScope,
  { before, others = [], noted, rollBack, retained, beforeEach }: Surroundings,
): Promise<Outputs> {
  try {
    for (const [logicalId, resource] of wantedResources(template, scope)) {
      await inPlace(`${logicalId} (${resource.Type})`, () => {
        beforeEach?.(name, logicalId)
        return deployment.settle(logicalId, resource)
      })
      noted.push(...notSimulated(name, logicalId, resource))
    }
    const outputs = outputsOf(template.Outputs ?? {}, scope)
    refuseInUse(before?.exports ?? {}, outputs.exports, others)
    await deployment.cleanUp()
    return outputs
  } catch (error) {
    if (rollBack === true) await deployment.rollBack()
    retained?.push(...deployment.retained)
    throw error
  }
}

/**
 * Deletes a stack's resources, last made first.
 *
 * @returns the stack with what could not be deleted, and why; undefined when nothing is left.
 */
export async function removeStack(
  aws: Aws,
  stack: DeployedStack,
  { others, wait }: { others: readonly Pick<DeployedStack, 'name' | 'imports'>[]; wait: Wait },
): Promise<{ left: DeployedStack; reason: string } | undefined> {
  const { name, id } = stack
  const scope = new StackScope(aws, {
    ...{ name, id, template: { Resources: {} } },
    ...{ parameters: {}, exports: new Map() },
  })
  const deployment = new StackDeployment(aws, { name, id, tags: {}, scope, wait, before: stack })
  try {
    refuseInUse(stack.exports, {}, others)
    await deployment.removeAll()
    return undefined
  } catch (error) {
    const resources = deployment.resources.length > 0 ? deployment.resources : stack.resources
    return { left: { ...stack, resources }, reason: (error as Error).message }
  }
}

/** @throws TemplateError in CloudFormation's words. */
function refuseInUse(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  others: readonly Pick<DeployedStack, 'name' | 'imports'>[],
): void {
  for (const [name, value] of Object.entries(before)) {
    const users = others.filter(({ imports }) => imports.includes(name)).map((one) => one.name)
    if (users.length === 0 || isDeepStrictEqual(value, after[name])) continue
    const who = `as it is in use by ${users.join(', ')}`
    throw new TemplateError(
      name in after ? `Cannot update export ${name} ${who}` : `Cannot delete export ${name} ${who}`,
    )
  }
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

type Outputs = Pick<DeployedStack, 'outputs' | 'exports'>

function outputsOf(outputs: NonNullable<Template['Outputs']>, scope: StackScope): Outputs {
  const found: Outputs = { outputs: {}, exports: {} }
  for (const [name, { Value, Condition, Export }] of Object.entries(outputs)) {
    if (Condition !== undefined && !scope.condition(Condition)) continue
    found.outputs[name] = resolve(Value, scope, `Outputs.${name}`)
    if (Export === undefined) continue
    const exported = String(resolve(Export.Name, scope, `Outputs.${name}.Export.Name`))
    found.exports[exported] = found.outputs[name]
  }
  return found
}
