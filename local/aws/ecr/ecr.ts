import type { Aws, Operations, Service } from '../aws.ts'
import { imageOperations } from './images.ts'
import { layerAt, layerOperations } from './layers.ts'
import type { Push } from './push.ts'
import { push, pushOperations } from './push.ts'
import type { RunnableImage } from './registry.ts'
import { Registry } from './registry.ts'
import { repositoryOperations } from './repositories.ts'
import { scanOperations } from './scan.ts'
import { uploadOperations } from './uploads.ts'

/** Amazon ECR, the account's private registry. */
export class Ecr implements Service {
  readonly id = 'ecr'
  readonly operations: Operations
  readonly #registry: Registry
  #pushes = 0

  constructor(aws: Aws) {
    const registry = new Registry(aws)
    this.#registry = registry
    this.operations = {
      ...repositoryOperations(registry),
      ...imageOperations(registry),
      ...pushOperations(registry),
      ...layerOperations(registry),
      ...uploadOperations(registry),
      ...scanOperations(registry),
      GetAuthorizationToken: () => this.#authorizationToken(),
    }
  }

  /**
   * Pushes an image as a person or a pipeline would.
   *
   * @returns the digest that the tags name now (the index's, if there are several architectures).
   * @throws AwsError as ECR refuses it.
   */
  push(asked: Push): { digest: string; repositoryUri: string } {
    const digest = push(this.#registry, asked, this.#pushes++)
    return { digest, repositoryUri: this.#registry.repository(asked.repository).uri }
  }

  /** What the simulated network answers for an address of `GetDownloadUrlForLayer`. */
  layer(url: string): Uint8Array | undefined {
    return layerAt(this.#registry, url)
  }

  /** What a container runtime finds under a repository and a tag or digest. */
  runnable(
    repository: string,
    id: { imageTag?: string; imageDigest?: string },
  ): RunnableImage | undefined {
    return this.#registry.runnable(repository, id)
  }

  *tagged(): Iterable<{ arn: string; tags: Record<string, string> }> {
    for (const { arn, tags } of this.#registry.repositories.values()) yield { arn, tags }
  }

  #authorizationToken() {
    const { aws, host } = this.#registry
    const password = aws.world.random.hex('ecr/password', 64)
    return {
      authorizationData: [
        {
          authorizationToken: Buffer.from(`AWS:${password}`).toString('base64'),
          expiresAt: new Date(aws.world.now + 12 * 3_600_000),
          proxyEndpoint: `https://${host}`,
        },
      ],
    }
  }
}
