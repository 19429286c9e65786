import { Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs'
import type { Service } from '../../../catalog/schema.ts'
import type { CacheServer } from '../data/cache.ts'
import type { Supply } from './supply.ts'

/**
 * `cache: true`: where the cache is, in variables that Redis clients know. All services share it, so each
 * keeps to keys that begin with `REDIS_PREFIX`.
 */
export function cacheSupply({ name }: Service, { address, port, secret }: CacheServer): Supply {
  return {
    variables: {
      REDIS_HOST: address,
      REDIS_PORT: port,
      REDIS_TLS: 'true',
      REDIS_PREFIX: `${name}:`,
    },
    secrets: { REDIS_PASSWORD: EcsSecret.fromSecretsManager(secret) },
    readable: [secret],
    connection: {
      values: { host: address, port, prefix: `${name}:` },
      secrets: {
        password: { value: secret.secretValue, own: EcsSecret.fromSecretsManager(secret) },
      },
    },
  }
}
