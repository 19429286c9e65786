import { SecretValue } from 'aws-cdk-lib'
import { Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs'
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'
import {
  type Connection,
  connectionsOf,
  isPutTogether,
  type Store,
} from '../../../catalog/connections.ts'
import type { Service } from '../../../catalog/schema.ts'
import { acknowledge } from '../../nag.ts'
import { secretNamed } from '../../names.ts'
import type { Supply } from './supply.ts'

type Stores = Readonly<Record<Store, Supply | undefined>>

/**
 * `as`: the data stores of a service in the variables that its application wants. What holds a
 * password among other words is in one secret, `<environment>/<service>/urls`, with a key for each variable.
 * CloudFormation puts it together when the stack is deployed; no template holds the password.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html
 */
export function connectionSupply(scope: Construct, service: Service, stores: Stores): Supply {
  const connections = connectionsOf(service)
  const open = connections.filter(({ isSecret }) => !isSecret)
  const whole = connections.filter(isPutTogether)
  const secret = whole.length === 0 ? undefined : urls(scope, service, whole, stores)
  // A part alone stays where it is: a rotation there is seen here.
  const alone = connections.flatMap((one): [string, EcsSecret][] => {
    const own = stores[one.store]?.connection?.secrets[one.parts[0] ?? '']?.own
    return one.isSecret && !isPutTogether(one) && own !== undefined ? [[one.name, own]] : []
  })
  return {
    variables: Object.fromEntries(open.map((one) => [one.name, filled(one, stores)])),
    secrets: Object.fromEntries([
      ...alone,
      ...whole.flatMap(({ name }): [string, EcsSecret][] =>
        secret === undefined ? [] : [[name, EcsSecret.fromSecretsManager(secret, name)]],
      ),
    ]),
    readable: secret === undefined ? [] : [secret],
  }
}

function urls(
  scope: Construct,
  { name }: Service,
  secrets: readonly Connection[],
  stores: Stores,
): ISecret {
  const secret = new Secret(scope, 'urls', {
    secretName: secretNamed(scope, name, 'urls'),
    description: `Where ${name} finds its data stores, in the form that its application wants`,
    secretObjectValue: Object.fromEntries(
      secrets.map((one) => [one.name, SecretValue.unsafePlainText(filled(one, stores))]),
    ),
  })
  acknowledge(
    secret,
    'AwsSolutions-SMG4',
    'It says what other secrets hold, and is put together of them when the stack is deployed.',
  )
  return secret as ISecret
}

/** The text with what its braces name. */
function filled({ store, text }: Connection, stores: Stores): string {
  const connection = stores[store]?.connection
  return text.replaceAll(/\{([^{}]*)\}/g, (_, part: string) => {
    const open = connection?.values[part]
    return open ?? connection?.secrets[part]?.value.unsafeUnwrap() ?? ''
  })
}
