import type { Aws } from '../aws/aws.ts'
import type { DeployedResource } from './deployed.ts'
import { NO_VALUE, resolve, type Scope } from './intrinsics.ts'
import { type Template, Unanswerable } from './template.ts'

/** One stack while it is deployed: what its intrinsic functions can ask for. */
export class StackScope implements Scope {
  readonly region: string
  readonly #template: Template
  readonly #pseudo: Record<string, unknown>
  readonly #parameters: Readonly<Record<string, unknown>>
  readonly #exports: ReadonlyMap<string, unknown>
  readonly #resources = new Map<string, DeployedResource>()
  readonly #imports = new Set<string>()

  constructor(
    aws: Aws,
    stack: {
      name: string
      id: string
      template: Template
      parameters: Readonly<Record<string, unknown>>
      exports: ReadonlyMap<string, unknown>
    },
  ) {
    this.region = aws.region
    this.#template = stack.template
    this.#parameters = stack.parameters
    this.#exports = stack.exports
    this.#pseudo = {
      'AWS::AccountId': aws.account,
      'AWS::Region': aws.region,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::StackName': stack.name,
      'AWS::StackId': stack.id,
      'AWS::NotificationARNs': [],
      'AWS::NoValue': NO_VALUE,
    }
  }

  /** From now on a resource can be referred to. */
  add(resource: DeployedResource): void {
    this.#resources.set(resource.logicalId, resource)
  }

  ref(name: string): unknown {
    if (Object.hasOwn(this.#pseudo, name)) return this.#pseudo[name]
    if (Object.hasOwn(this.#parameters, name)) return this.#parameters[name]
    return this.#resource(name).physicalId
  }

  attribute(logicalId: string, name: string): unknown {
    const { type, present } = this.#resource(logicalId)
    const attributes = present.attributes ?? {}
    if (attributes[name] !== undefined) return attributes[name]
    const known = Object.keys(attributes).join(', ') || 'none'
    throw new Unanswerable(
      `the attribute ${name} of ${logicalId} (${type}) cannot be answered by the local AWS; it has: ${known}`,
    )
  }

  imported(name: string): unknown {
    this.#imports.add(name)
    if (this.#exports.has(name)) return this.#exports.get(name)
    throw new Unanswerable(`no stack exports ${name}`)
  }

  /** The exports that have been asked for. */
  get imports(): string[] {
    return [...this.#imports].toSorted()
  }

  condition(name: string): boolean {
    const condition = this.#template.Conditions?.[name]
    if (condition === undefined) throw new Unanswerable(`there is no condition ${name}`)
    return resolve(condition, this, `Conditions.${name}`) === true
  }

  mapping(map: string, top: string, second: string): unknown {
    return this.#template.Mappings?.[map]?.[top]?.[second]
  }

  #resource(logicalId: string): DeployedResource {
    const found = this.#resources.get(logicalId)
    if (found !== undefined) return found
    throw new Unanswerable(`there is no resource or parameter ${logicalId}`)
  }
}
