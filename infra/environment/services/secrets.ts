import { ArnFormat, Stack } from 'aws-cdk-lib'
import { Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs'
import { Grant } from 'aws-cdk-lib/aws-iam'
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'
import { hasUrl } from '../../../catalog/connections.ts'
import type { Existing } from '../../../catalog/container-schema.ts'
import type { Service } from '../../../catalog/schema.ts'
import { type SecretVariable, secretsOf } from '../../../catalog/secrets.ts'
import { acknowledge } from '../../nag.ts'
import { secretNamed } from '../../names.ts'
import type { Readable, Supply } from './supply.ts'

/**
 * `secrets`: variables whose values ECS reads when it starts a task. A new one is a secret
 * `<environment>/<service>/<NAME>` of its own, so that adding one never touches another; others
 * stay where they are, and the execution role may read just these.
 */
export function secretsSupply(
  scope: Construct,
  { name, secrets }: Service,
  services: readonly Service[],
): Supply {
  const all = secretsOf({ secrets })
  const made = new Map(
    all
      .filter(({ from }) => from === 'new')
      .map((secret) => [secret.name, newSecret(scope, name, secret)]),
  )
  const there = all.flatMap((secret) =>
    secret.from === 'new'
      ? []
      : [
          {
            name: secret.name,
            ...placeOf(scope, secret, { ...secret.from, ...urlOf(secret, services) }),
          },
        ],
  )
  return {
    secrets: Object.fromEntries([
      ...[...made].map(([variable, secret]) => [variable, EcsSecret.fromSecretsManager(secret)]),
      ...there.map((one) => [one.name, one.value]),
    ]),
    readable: [...made.values()],
    existing: there.map(({ readable }) => readable),
  }
}

/** It begins with a random value, so that tasks start before a person has put the real one in. */
function newSecret(scope: Construct, service: string, { name }: SecretVariable): ISecret {
  const secret = new Secret(scope, `secret-${name}`, {
    secretName: secretNamed(scope, service, name),
    description: `${name} of ${service}; put the value in by hand, then restart the service`,
  })
  acknowledge(
    secret,
    'AwsSolutions-SMG4',
    'Its value is issued by somebody else, who alone can make a new one.',
  )
  return secret as ISecret
}

/** A URL that another service has is a key of its secret `urls`. */
function urlOf({ name, from }: SecretVariable, services: readonly Service[]): { inUrls?: string } {
  const owner = from === 'new' ? undefined : services.find((one) => one.name === from.of)
  return owner !== undefined && hasUrl(owner, name) ? { inUrls: owner.name } : {}
}

type Place = { value: EcsSecret; readable: Readable }

function placeOf(
  scope: Construct,
  { name }: SecretVariable,
  {
    parameter,
    secret = '',
    key: written = '',
    of,
    encryptedBy,
    inUrls,
  }: Existing & { inUrls?: string },
): Place {
  const kmsKey = encryptedBy === undefined ? {} : { key: encryptedBy }
  if (parameter !== undefined) {
    const arn = parameterArn(scope, parameter)
    return { value: reference(arn), readable: { kind: 'parameter', arns: [arn], ...kmsKey } }
  }
  const key = inUrls === undefined ? written : name
  const named =
    of === undefined ? secret : secretNamed(scope, of, inUrls === undefined ? name : 'urls')
  const arn = secretArn(scope, named)
  const arns = secretArns(scope, named)
  return {
    value: reference(key === '' ? arn : `${arn}:${key}::`),
    readable: { kind: 'secret', arns, ...kmsKey },
  }
}

const parameterArn = (scope: Construct, name: string): string =>
  name.startsWith('arn:')
    ? name
    : Stack.of(scope).formatArn({
        service: 'ssm',
        resource: 'parameter',
        resourceName: name.replace(/^\//, ''),
      })

const secretArn = (scope: Construct, name: string): string =>
  name.startsWith('arn:')
    ? name
    : Stack.of(scope).formatArn({
        service: 'secretsmanager',
        resource: 'secret',
        resourceName: name,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      })

/**
 * What a policy names to let a secret be read, by the name or the ARN that a file has. Secrets
 * Manager ends an ARN with six characters of its own; who writes it may leave them out.
 */
export function secretArns(scope: Construct, named: string): string[] {
  const arn = secretArn(scope, named)
  return named.startsWith('arn:') && /-\w{6}$/.test(named) ? [arn] : [`${arn}-??????`]
}

/**
 * A value of `ValueFrom`, as it is: what the CDK would grant for it is written in `roles.ts`.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Secret.html
 */
const reference = (arn: string): EcsSecret => ({
  arn,
  grantRead: (grantee) => Grant.drop(grantee, 'the execution role has it already'),
})
