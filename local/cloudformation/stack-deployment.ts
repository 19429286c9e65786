import { isDeepStrictEqual } from 'node:util'
import type { Aws } from '../aws/aws.ts'
import { Context, type Wait } from './context.ts'
import type { DeployedResource, DeployedStack } from './deployed.ts'
import { dereference } from './dynamic-references.ts'
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
}

/** One stack, brought from what is deployed to what its template says. */
export class StackDeployment {
  readonly resources: DeployedResource[] = []
  readonly #aws: Aws
  readonly #stack: Parts
  readonly #before: Map<string, DeployedResource>
  /** Deleted when everything else is done, as CloudFormation does. */
  readonly #leftOver: DeployedResource[] = []
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
    const { resource: after, replaced } = await change(wanted, before, {
      context: (tags) => this.#context(logicalId, tags),
      values: (given) => dereference(given, this.#aws, this.#stack.name) as Promise<Properties>,
    })
    if (replaced !== undefined && !resource.UpdateReplacePolicy?.startsWith('Retain')) {
      this.#leftOver.push(replaced)
    }
    this.hasChanged ||= !isDeepStrictEqual(before, after)
    this.#before.delete(logicalId)
    this.resources.push(after)
    this.#stack.scope.add(after)
  }

  /** Deletes what was replaced and what left the template, last made first. */
  async cleanUp(): Promise<void> {
    const gone = [...this.#before.values()].filter(
      ({ deletionPolicy }) => !deletionPolicy.startsWith('Retain'),
    )
    this.hasChanged ||= this.#before.size > 0
    for (const { type, logicalId, present } of [...gone, ...this.#leftOver].reverse()) {
      await inPlace(`${logicalId} (${type})`, () => {
        const { delete: remove } = resourceType(type)
        if (remove === undefined) {
          throw new TemplateError('deleting it is not simulated by the local AWS')
        }
        return remove(this.#context(logicalId), present)
      })
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

/** Most types take tags as a list, some as a map. */
function tagsOf(tags: unknown): Record<string, string> {
  if (!Array.isArray(tags)) return (tags ?? {}) as Record<string, string>
  return Object.fromEntries(
    (tags as { Key: string; Value: unknown }[]).map(({ Key, Value }) => [Key, String(Value)]),
  )
}
