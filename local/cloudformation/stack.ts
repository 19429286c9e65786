import type { Aws } from '../aws/aws.ts'
import type { AssemblyStack } from './assembly.ts'
import { Context, type Wait } from './context.ts'
import type { Deployed, DeployedResource, DeployedStack } from './deployed.ts'
import { dereference } from './dynamic-references.ts'
import { resolve } from './intrinsics.ts'
import { inOrder, needsOf } from './order.ts'
import { parameterValues } from './parameters.ts'
import { type Change, change } from './resource-change.ts'
import type { Properties } from './resource-type.ts'
import { StackScope } from './scope.ts'
import { type Template, TemplateError, type TemplateResource } from './template.ts'
import { resourceType, UNKNOWN_TYPE } from './types.ts'

type Surroundings = {
  before: DeployedStack | undefined
  exports: ReadonlyMap<string, unknown>
  wait: Wait
  /** Where what is not simulated is noted. */
  report: Pick<Deployed, 'notSimulated' | 'unknown'>
}

/**
 * Creates, changes and deletes what one stack's template says, in that order.
 *
 * @throws TemplateError naming stack, resource and property.
 */
export async function deployStack(
  aws: Aws,
  stack: AssemblyStack,
  surroundings: Surroundings,
): Promise<DeployedStack> {
  const { before, exports, report } = surroundings
  const { name, template } = stack
  const uuid = () => aws.world.random.uuid(`cloudformation/${name}`)
  const id = before?.id ?? aws.arn('cloudformation', `stack/${name}/${uuid()}`)
  const parameters = await inPlace(name, () =>
    parameterValues(aws, name, template, stack.parameters),
  )
  const scope = new StackScope(aws, { name, id, template, parameters, exports })
  await inPlace(name, () => checkRules(template.Rules ?? {}, scope))

  const deployment = new StackDeployment(aws, stack, id, scope, surroundings)
  for (const [logicalId, resource] of await inPlace(name, () => wantedResources(template, scope))) {
    const place = `${name}, ${logicalId} (${resource.Type})`
    await inPlace(place, () => deployment.settle(logicalId, resource))
    note(report, name, logicalId, resource)
  }
  await deployment.cleanUp()
  const found = await inPlace(name, () => outputsOf(template.Outputs ?? {}, scope))
  return { name, id, resources: deployment.resources, ...found }
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

/** One stack's way from what is there to what its template says. */
class StackDeployment {
  readonly resources: DeployedResource[] = []
  readonly #aws: Aws
  readonly #stack: AssemblyStack
  readonly #id: string
  readonly #scope: StackScope
  readonly #wait: Wait
  readonly #before: Map<string, DeployedResource>
  /** Deleted when everything else is done, as CloudFormation does. */
  readonly #leftOver: DeployedResource[] = []

  constructor(
    aws: Aws,
    stack: AssemblyStack,
    id: string,
    scope: StackScope,
    { before, wait }: Pick<Surroundings, 'before' | 'wait'>,
  ) {
    this.#aws = aws
    this.#stack = stack
    this.#id = id
    this.#scope = scope
    this.#wait = wait
    this.#before = new Map(before?.resources.map((one) => [one.logicalId, one]))
  }

  /** Makes one resource what the template says. */
  async settle(logicalId: string, resource: TemplateResource): Promise<void> {
    const { Tags, ...properties } = resolve(resource.Properties ?? {}, this.#scope) as Properties
    const wanted: Change = {
      logicalId,
      type: resource.Type,
      properties,
      tags: { ...this.#stack.tags, ...tagsOf(Tags), ...this.#ownTags(logicalId) },
      deletionPolicy: resource.DeletionPolicy ?? 'Delete',
    }
    const before = this.#before.get(logicalId)
    const { resource: after, replaced } = await change(wanted, before, {
      context: (tags) => this.#context(logicalId, tags),
      values: (given) => dereference(given, this.#aws, this.#stack.name) as Promise<Properties>,
    })
    if (replaced !== undefined && !resource.UpdateReplacePolicy?.startsWith('Retain')) {
      this.#leftOver.push(replaced)
    }
    this.#before.delete(logicalId)
    this.resources.push(after)
    this.#scope.add(after)
  }

  /** Deletes what was replaced and what left the template, last made first. */
  async cleanUp(): Promise<void> {
    const gone = [...this.#before.values()].filter(
      ({ deletionPolicy }) => !deletionPolicy.startsWith('Retain'),
    )
    for (const { type, logicalId, present } of [...gone, ...this.#leftOver].reverse()) {
      await inPlace(`${this.#stack.name}, ${logicalId} (${type})`, () => {
        const { delete: remove } = resourceType(type)
        if (remove === undefined) {
          throw new TemplateError('deleting it is not simulated by the local AWS')
        }
        return remove(this.#context(logicalId), present)
      })
    }
  }

  #context(logicalId: string, tags?: Record<string, string>): Context {
    const of = { stack: this.#stack.name, logicalId, wait: this.#wait }
    return new Context(this.#aws, tags === undefined ? of : { ...of, tags })
  }

  /** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html */
  #ownTags(logicalId: string): Record<string, string> {
    return {
      'aws:cloudformation:stack-name': this.#stack.name,
      'aws:cloudformation:stack-id': this.#id,
      'aws:cloudformation:logical-id': logicalId,
    }
  }
}

/** Most types take tags as a list, some as a map. */
function tagsOf(tags: unknown): Record<string, string> {
  if (!Array.isArray(tags)) return (tags ?? {}) as Record<string, string>
  return Object.fromEntries(
    (tags as { Key: string; Value: unknown }[]).map(({ Key, Value }) => [Key, String(Value)]),
  )
}

function note(
  report: Pick<Deployed, 'notSimulated' | 'unknown'>,
  stack: string,
  logicalId: string,
  { Type: type, Properties = {} }: TemplateResource,
): void {
  const row = resourceType(type)
  if (row === UNKNOWN_TYPE) report.unknown++
  if (row.standIn !== undefined) {
    report.notSimulated.push({ stack, logicalId, type, why: row.standIn })
    return
  }
  for (const property of Object.keys(Properties)) {
    if (property === 'Tags' || row.effect.includes(property)) continue
    const why = row.noEffect?.[property] ?? NOT_KNOWN
    report.notSimulated.push({ stack, logicalId, type, property, why })
  }
}

const NOT_KNOWN = 'not known to the local AWS'

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

/** What `work` gives; an error of it says where it was. */
async function inPlace<Result>(
  place: string,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    const { message } = error as Error
    throw new TemplateError(`${place}: ${message}`, { cause: error })
  }
}
