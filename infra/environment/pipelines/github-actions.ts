import { Duration, Stack } from 'aws-cdk-lib'
import type { IRepository } from 'aws-cdk-lib/aws-ecr'
import { CfnOIDCProvider, Role, WebIdentityPrincipal } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import type { Service } from '../../../catalog/schema.ts'
import { named } from '../../names.ts'
import { allowPush } from './push.ts'

/** Where GitHub's tokens come from, and whom they must be meant for. */
const ISSUER = 'token.actions.githubusercontent.com'
const AUDIENCE = 'sts.amazonaws.com'

export type Source = NonNullable<Service['source']>

/** GitHub as an identity provider of the account. AWS knows its certificates; none is pinned. */
export function githubProvider(scope: Construct): void {
  new CfnOIDCProvider(scope, 'github', { url: `https://${ISSUER}`, clientIdList: [AUDIENCE] })
}

/**
 * The role `<environment>-<service>-push`, which only workflows on one branch of one repository
 * may assume, for an hour at most. There is no key that could leak.
 */
export function githubRole(
  scope: Construct,
  { name }: Service,
  { source, images }: { source: Source; images: IRepository },
): void {
  const { partition, account } = Stack.of(scope)
  const provider = `arn:${partition}:iam::${account}:oidc-provider/${ISSUER}`
  const role = new Role(scope, 'push-role', {
    roleName: named(scope, name, 'push'),
    description: `Pushes images of ${name} from GitHub Actions of ${source.repository}`,
    maxSessionDuration: Duration.hours(1),
    assumedBy: new WebIdentityPrincipal(provider, {
      StringEquals: { [`${ISSUER}:aud`]: AUDIENCE, [`${ISSUER}:sub`]: subject(source) },
    }),
  })
  allowPush(role, images)
}

/**
 * What GitHub says of a workflow on that branch. Names are followed by ids, which nobody can take
 * over with a name. Repositories from before 2026-07-15 say so once it is switched on.
 * https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens/
 */
function subject({ repository, ownerId, repositoryId, branch }: Source): string {
  const [owner, name] = repository.split('/')
  return `repo:${owner}@${ownerId}/${name}@${repositoryId}:ref:refs/heads/${branch}`
}
