import type { GetAccountSettingRequest, PutAccountSettingRequest } from '@aws-sdk/client-ecr'
import { AwsError, NotImplemented } from '../errors.ts'
import type { Registry } from './registry.ts'

const BLOB_MOUNTING = 'BLOB_MOUNTING'

/**
 * What an account has set for its registry: whether a push may take a layer over from another
 * repository. It may not until somebody says so.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/blob-mounting.html
 */
export function settingOperations(registry: Registry) {
  return {
    GetAccountSetting: ({ name }: GetAccountSettingRequest) => {
      refuseOthers(name)
      return { name, value: registry.mounts ? 'ENABLED' : 'DISABLED' }
    },
    PutAccountSetting: ({ name, value }: PutAccountSettingRequest) => {
      refuseOthers(name)
      if (value !== 'ENABLED' && value !== 'DISABLED') {
        throw new AwsError(
          'InvalidParameterException',
          `Invalid parameter at 'value' failed to satisfy constraint: 'Member must satisfy enum value set: [ENABLED, DISABLED]'`,
        )
      }
      registry.mounts = value === 'ENABLED'
      return { name, value }
    },
  }
}

function refuseOthers(name: string | undefined): void {
  if (name !== BLOB_MOUNTING) throw new NotImplemented(`the account setting ${name} of ecr`)
}
