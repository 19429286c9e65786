import type {
  ListTagsForResourceRequest,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-servicediscovery'
import type { Aws, Operations, Service } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { discoveryOperations } from './discovery.ts'
import { askHealth, deregister, instanceOperations, register } from './instances.ts'
import { Directory, type Tags, tagsFrom } from './model.ts'
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
      ...this.#tagOperations(),
    }
  }

  /** For ECS, which keeps the instances of its tasks. @throws AwsError ServiceNotFound */
  register(serviceArn: string, id: string, attributes: Record<string, string>): void {
    register(this.#directory.service(serviceArn), id, attributes)
  }

  deregister(serviceArn: string, id: string): void {
    const service = this.#directory.services.get(serviceArn.split('/').at(-1) ?? '')
    if (service !== undefined) deregister(service, id)
  }

  /** Takes effect some 30 seconds later, as for everybody. */
  setHealth(serviceArn: string, id: string, health: 'HEALTHY' | 'UNHEALTHY'): void {
    const service = this.#directory.services.get(serviceArn.split('/').at(-1) ?? '')
    if (service !== undefined) askHealth(this.#directory, service, id, health)
  }

  /** Whether a service registry of this ARN exists. */
  has(serviceArn: string): boolean {
    return this.#directory.services.has(serviceArn.split('/').at(-1) ?? '')
  }

  *tagged(): Iterable<{ arn: string; tags: Tags }> {
    for (const { arn, tags } of this.#directory.namespaces.values()) yield { arn, tags }
    for (const { arn, tags } of this.#directory.services.values()) yield { arn, tags }
  }

  #tagsOf(arn = ''): Tags {
    for (const one of this.tagged()) if (one.arn === arn) return one.tags
    throw new AwsError('ResourceNotFoundException', `Resource not found: ${arn}`)
  }

  #tagOperations() {
    return {
      TagResource: ({ ResourceARN, Tags }: TagResourceRequest) => {
        Object.assign(this.#tagsOf(ResourceARN), tagsFrom(Tags))
        return {}
      },
      UntagResource: ({ ResourceARN, TagKeys = [] }: UntagResourceRequest) => {
        const tags = this.#tagsOf(ResourceARN)
        for (const key of TagKeys) delete tags[key]
        return {}
      },
      ListTagsForResource: ({ ResourceARN }: ListTagsForResourceRequest) => ({
        Tags: Object.entries(this.#tagsOf(ResourceARN)).map(([Key, Value]) => ({ Key, Value })),
      }),
    }
  }
}
