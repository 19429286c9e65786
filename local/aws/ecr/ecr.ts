import type { Aws, Caller, Operations, Service } from '../aws.ts'
import { imageOperations } from './images.ts'
import { layerAt, layerOperations } from './layers.ts'
import type { Push } from './push.ts'
import { push } from './push.ts'
import { putOperations } from './put.ts'
import { referrerOperations } from './referrers.ts'
import type { RunnableImage } from './registry.ts'
import { Registry } from './registry.ts'
import { repositoryOperations } from './repositories.ts'
import { scanOperations } from './scan.ts'
import { settingOperations } from './settings.ts'
import { Tokens } from './tokens.ts'
import { Uploads, uploadOperations } from './uploads.ts'

/** Amazon ECR, the account's private registry. */
export class Ecr implements Service {
  readonly id = 'ecr'
  readonly operations: Operations
  /** Who may use the registry's own protocol, and as whom. */
  readonly tokens: Tokens
  /** Layers on their way, by whichever protocol. */
  readonly uploads: Uploads
  readonly #registry: Registry
  #pushes = 0

  constructor(aws: Aws) {
    const registry = new Registry(aws)
    this.#registry = registry
    this.tokens = new Tokens(aws.world)
    this.uploads = new Uploads(registry)
    this.operations = {
      ...repositoryOperations(registry),
      ...imageOperations(registry),
      ...putOperations(registry),
      ...layerOperations(registry),
      ...uploadOperations(registry, this.uploads),
      ...scanOperations(registry),
      ...referrerOperations(registry),
      ...settingOperations(registry),
      GetAuthorizationToken: (_: never, caller: Caller) => this.#authorizationToken(caller),
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

  /** `123456789012.dkr.ecr.eu-central-1.amazonaws.com` */
  get host(): string {
    return this.#registry.host
  }

  /**
   * Takes a layer over from one repository into another, if the account allows it.
   *
   * @throws AwsError RepositoryNotFoundException for the other.
   */
  mount(from: string, into: string, digest: string): boolean {
    return this.#registry.mount(from, this.#registry.repository(into), digest)
  }

  /** What a container runtime of a platform finds under a repository and a tag or digest. */
  runnable(
    repository: string,
    id: { imageTag?: string; imageDigest?: string },
    platform?: string,
  ): RunnableImage | undefined {
    return this.#registry.runnable(repository, id, platform)
  }

  *tagged(): Iterable<{ arn: string; tags: Record<string, string> }> {
    for (const { arn, tags } of this.#registry.repositories.values()) yield { arn, tags }
  }

  #authorizationToken(caller: Caller) {
    const { password, expiresAt } = this.tokens.give(caller)
    const authorizationToken = Buffer.from(`AWS:${password}`).toString('base64')
    return {
      authorizationData: [{ authorizationToken, expiresAt, proxyEndpoint: `https://${this.host}` }],
    }
  }
}
