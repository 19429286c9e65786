import { Stack } from 'aws-cdk-lib'
import { ContainerImage, type ContainerImageConfig } from 'aws-cdk-lib/aws-ecs'
import type { Construct } from 'constructs'
import type { Service } from '../../../catalog/schema.ts'
import { secretArns } from './secrets.ts'
import type { Readable } from './supply.ts'

type Named = Pick<Service, 'pullSecret'> & { image: string }

/**
 * An image of somebody else, with the secret that its registry wants. What the CDK would grant for
 * it is written in `roles.ts`. ECS takes a secret of the same Region by its name.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/private-auth.html
 */
export class ForeignImage extends ContainerImage {
  readonly #named: Named

  constructor(named: Named) {
    super()
    this.#named = named
  }

  override bind(): ContainerImageConfig {
    const { image: imageName, pullSecret } = this.#named
    return {
      imageName,
      ...(pullSecret !== undefined && {
        repositoryCredentials: { credentialsParameter: pullSecret },
      }),
    }
  }
}

/** A repository of ECR, by which an image of it is named. */
const ECR = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)/

/** The repositories of ECR among images of somebody else, as ARNs: its owner must allow the pull. */
export function repositoriesOf(scope: Construct, images: readonly string[]): string[] {
  const { partition } = Stack.of(scope)
  return [...new Set(images)].flatMap((image) => {
    const [, account, region, name] = ECR.exec(image) ?? []
    if (name === undefined) return []
    return [`arn:${partition}:ecr:${region}:${account}:repository/${name}`]
  })
}

/** The secrets by which images of a service are pulled: its own and its sidecars'. */
export function pullSecretsOf(scope: Construct, { pullSecret, sidecars }: Service): Readable[] {
  const named = [pullSecret, ...Object.values(sidecars).map((one) => one.pullSecret)]
  return [...new Set(named)].flatMap((secret) =>
    secret === undefined ? [] : [{ kind: 'secret' as const, arns: secretArns(scope, secret) }],
  )
}

/** The images of somebody else in a service's task. */
export const foreignImages = ({ image, sidecars }: Service): string[] =>
  [image, ...Object.values(sidecars).map((one) => one.image)].flatMap((one) => one ?? [])
