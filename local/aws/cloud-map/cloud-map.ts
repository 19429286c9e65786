import type { Aws, Operations, Service } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { type Tags, taggable, tagsByArn } from '../tags.ts'
import { discoveryOperations } from './discovery.ts'
import { askHealth, deregister, instanceOperations, register } from './instances.ts'
import { Directory, type DiscoveryService } from './model.ts'
import { namespaceOperations } from './namespaces.ts'
import { serviceOperations } from './services.ts'

/** AWS Cloud Map. */
export class CloudMap implements Service {
  readonly id = 'servicediscovery'
  readonly operations: Operations
  readonly #directory: Directory

  constructor(aws: Aws) {
    this.#directory = new Directory(aws)
    this.operations = {
      ...namespaceOperations(this.#directory),
      ...serviceOperations(this.#directory),
      ...instanceOperations(this.#directory),
      ...discoveryOperations(this.#directory),
      ...taggable(
        { resource: 'ResourceARN' },
        tagsByArn(() => this.tagged(), noResource),
      ),
    }
  }

  /** For ECS, which keeps the instances of its tasks. @throws AwsError ServiceNotFound */
  register(serviceArn: string, id: string, attributes: Record<string, string>): void {
    register(this.#directory, this.#directory.service(serviceArn), id, attributes)
  }

  deregister(serviceArn: string, id: string): void {
    const service = this.#directory.services.get(serviceArn.split('/').at(-1) ?? '')
    if (service !== undefined) deregister(this.#directory, service, id)
  }

  /** Takes effect some 30 seconds later, as for everybody. */
  setHealth(serviceArn: string, id: string, health: 'HEALTHY' | 'UNHEALTHY'): void {
    const service = this.#directory.services.get(serviceArn.split('/').at(-1) ?? '')
    if (service !== undefined) askHealth(this.#directory, service, id, health)
  }

  /** Calls `listener` after each change of a service's instances or of their health. */
  onChange(listener: (service: Readonly<DiscoveryService>) => void): void {
    this.#directory.onChange(listener)
  }

  /** The ARNs of a service and its namespace by their names, as clients ask for them. */
  arnsOf(namespace: string, service: string): { namespace: string; service: string } | undefined {
    const { namespaces, services } = this.#directory
    for (const one of services.values()) {
      const parent = namespaces.get(one.namespaceId)
      if (one.name !== service || parent?.name !== namespace) continue
      return { namespace: parent.arn, service: one.arn }
    }
    return undefined
  }

  /** Whether a service registry of this ARN exists. */
  has(serviceArn: string): boolean {
    return this.#directory.services.has(serviceArn.split('/').at(-1) ?? '')
  }

  *tagged(): Iterable<{ arn: string; tags: Tags }> {
    for (const { arn, tags } of this.#directory.namespaces.values()) yield { arn, tags }
    for (const { arn, tags } of this.#directory.services.values()) yield { arn, tags }
  }
}

const noResource = (arn = ''): AwsError =>
  new AwsError('ResourceNotFoundException', `Resource not found: ${arn}`)
