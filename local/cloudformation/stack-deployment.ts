import { isDeepStrictEqual } from 'node:util'
import type { Aws } from '../aws/aws.ts'
import { Context, type Wait } from './context.ts'
import type { DeployedResource, DeployedStack } from './deployed.ts'
import { dereference } from './dynamic-references.ts'
import { fixedName, holdingsOf } from './holdings.ts'
import { resolve } from './intrinsics.ts'
import { type Change, change } from './resource-change.ts'
import { isTags, type Properties } from './resource-type.ts'
import type { StackScope } from './scope.ts'
import { inPlace, TemplateError, type TemplateResource } from './template.ts'
import { resourceType } from './types.ts'

type Parts = {
  name: string
  id: string
  tags: Record<string, string>
  scope: StackScope
  wait: Wait
  before: DeployedStack | undefined
  /** Whether named resources that an earlier stack has left are taken over. */
  importing?: boolean
}

/** One resource as it was and as it is: what going back has to undo. */
type Step = { before?: DeployedResource; after?: DeployedResource; replaced?: DeployedResource }

/** One stack, brought from what is deployed to what its template says. */
export class StackDeployment {
  readonly resources: DeployedResource[] = []
  /** What stays although the stack lets go of it. */
  readonly retained: DeployedResource[] = []
  readonly #aws: Aws
  readonly #stack: Parts
  readonly #before: Map<string, DeployedResource>
  /** Deleted when everything else is done, as CloudFormation does. */
  readonly #replaced = new Set<DeployedResource>()
  readonly #steps: Step[] = []
  /** Whether anything is other than it was; a deployment of what is there already does nothing. */
  hasChanged = false

  constructor(aws: Aws, stack: Parts) {
    this.#aws = aws
    this.#stack = stack
    this.#before = new Map(stack.before?.resources.map((one) => [one.logicalId, one]))
  }

  /** Makes one resource what the template says. */
  async settle(logicalId: string, resource: TemplateResource): Promise<void> {
    const all = resolve(resource.Properties ?? {}, this.#stack.scope) as Properties
    const properties = Object.fromEntries(Object.entries(all).filter(([name]) => !isTags(name)))
    const Tags = Object.entries(all).find(([name]) => isTags(name))?.[1]
    const wanted: Change = {
      logicalId,
      type: resource.Type,
      properties,
      tags: { ...this.#stack.tags, ...tagsOf(Tags), ...this.#ownTags(logicalId) },
      deletionPolicy: resource.DeletionPolicy ?? 'Delete',
    }
    const before = this.#before.get(logicalId)
    const step: Step = before === undefined ? {} : { before }
    this.#steps.push(step)
    const present = before ?? this.#leftBehind(resource, properties)
    const { resource: after, replaced } = await this.#change(wanted, present)
    step.after = after
    if (replaced !== undefined) {
      step.replaced = replaced
      const keeps = resource.UpdateReplacePolicy?.startsWith('Retain')
      if (keeps) holdingsOf(this.#aws).release(replaced)
      else this.#replaced.add(replaced)
    }
    holdingsOf(this.#aws).add(this.#stack.name, properties, after)
    this.hasChanged ||= !isDeepStrictEqual(before, after)
    this.#before.delete(logicalId)
    this.resources.push(after)
    this.#stack.scope.add(after)
  }

  /** Deletes what was replaced and what left the template, last made first. */
  async cleanUp(): Promise<void> {
    this.hasChanged ||= this.#before.size > 0
    const old = this.#stack.before?.resources ?? []
    const gone = old.filter((one) => this.#before.has(one.logicalId) || this.#replaced.has(one))
    await this.#remove(gone.toReversed(), (one) => !this.#replaced.has(one) && isRetained(one))
  }

  /** Deletes everything that is not retained, last made first. What is gone leaves `resources`. */
  async removeAll(): Promise<void> {
    this.resources.push(...this.#before.values())
    await this.#remove(this.resources.toReversed(), isRetained, (gone) => {
      this.resources.splice(this.resources.indexOf(gone), 1)
    })
  }

  /**
   * Undoes every change, last made first, as CloudFormation does after one has failed. What was
   * made is deleted unless it is retained.
   */
  async rollBack(): Promise<void> {
    for (const { before, after, replaced } of this.#steps.toReversed()) {
      if (after !== undefined && (before === undefined || replaced !== undefined)) {
        await this.#remove([after], (one) => one.deletionPolicy === 'Retain')
      } else if (before !== undefined) await this.#restore(before, after)
    }
  }

  /** A change that failed may have come half-way: then the resource is sent whole. */
  async #restore(before: DeployedResource, after: DeployedResource | undefined): Promise<void> {
    const { properties } = before.present
    if (after !== undefined) {
      await this.#change({ ...before, properties }, after)
      return
    }
    const values = await this.#values(properties)
    const { update } = resourceType(before.type)
    await update?.(this.#context(before.logicalId), values, before.present)
  }

  #change(wanted: Change, before: DeployedResource | undefined) {
    const { logicalId } = wanted
    return change(wanted, before, {
      context: (tags) => this.#context(logicalId, tags),
      values: (given) => this.#values(given),
      refuseTaken: () => holdingsOf(this.#aws).refuseTaken(wanted.type, wanted.properties),
    })
  }

  #values(given: Properties): Promise<Properties> {
    return dereference(given, this.#aws, this.#stack.name) as Promise<Properties>
  }

  /**
   * What can be imported: a static name in the template, and a policy that retains it.
   * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-automatically.html
   */
  #leftBehind(resource: TemplateResource, properties: Properties): DeployedResource | undefined {
    const isStatic = fixedName(resource.Type, resource.Properties ?? {}) !== undefined
    const isKept = resource.DeletionPolicy?.startsWith('Retain') === true
    if (this.#stack.importing !== true || !isStatic || !isKept) return undefined
    return holdingsOf(this.#aws).retained(resource.Type, properties)
  }

  async #remove(
    resources: readonly DeployedResource[],
    isKept: (resource: DeployedResource) => boolean,
    removed: (resource: DeployedResource) => void = () => {},
  ): Promise<void> {
    const holdings = holdingsOf(this.#aws)
    for (const resource of resources) {
      const { type, logicalId, present } = resource
      if (isKept(resource)) {
        holdings.release(resource)
        this.retained.push(resource)
      } else {
        await inPlace(`${logicalId} (${type})`, () => {
          const { delete: remove } = resourceType(type)
          if (remove === undefined) {
            throw new TemplateError('deleting it is not simulated by the local AWS')
          }
          return remove(this.#context(logicalId), present)
        })
        holdings.remove(resource)
      }
      removed(resource)
    }
  }

  #context(logicalId: string, tags?: Record<string, string>): Context {
    const of = { stack: this.#stack.name, logicalId, wait: this.#stack.wait }
    return new Context(this.#aws, tags === undefined ? of : { ...of, tags })
  }

  /** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html */
  #ownTags(logicalId: string): Record<string, string> {
    return {
      'aws:cloudformation:stack-name': this.#stack.name,
      'aws:cloudformation:stack-id': this.#stack.id,
      'aws:cloudformation:logical-id': logicalId,
    }
  }
}

const isRetained = ({ deletionPolicy }: DeployedResource): boolean =>
  deletionPolicy.startsWith('Retain')

/** Most types take tags as a list, some as a map. */
function tagsOf(tags: unknown): Record<string, string> {
  if (!Array.isArray(tags)) return (tags ?? {}) as Record<string, string>
  return Object.fromEntries(
    (tags as { Key: string; Value: unknown }[]).map(({ Key, Value }) => [Key, String(Value)]),
  )
}
