import { Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs'
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'
import type { Service } from '../../../catalog/schema.ts'
import { acknowledge } from '../../nag.ts'
import { secretNamed } from '../../names.ts'
import type { Supply } from './supply.ts'

/**
 * `secrets: [NAME]`: one secret `<environment>/<service>/<NAME>` per variable, so that adding one
 * never touches another. It begins with a random value, so that tasks start before a person has
 * put the real one in.
 */
export function secretsSupply(scope: Construct, { name, secrets }: Service): Supply {
  const made = secrets.map((variable) => {
    const secret = new Secret(scope, `secret-${variable}`, {
      secretName: secretNamed(scope, name, variable),
      description: `${variable} of ${name}; put the value in by hand, then restart the service`,
    })
    acknowledge(
      secret,
      'AwsSolutions-SMG4',
      'Its value is issued by somebody else, who alone can make a new one.',
    )
    return [variable, secret as ISecret] as const
  })
  return {
    secrets: Object.fromEntries(
      made.map(([variable, secret]) => [variable, EcsSecret.fromSecretsManager(secret)]),
    ),
    readable: made.map(([, secret]) => secret),
  }
}
