import type {
  CreateSecretResponse,
  GetRandomPasswordRequest,
  GetRandomPasswordResponse,
} from '@aws-sdk/client-secrets-manager'
import type { Context } from '../context.ts'
import { given, type Properties, standIn, type TypeTable } from '../resource-type.ts'

type Generate = GetRandomPasswordRequest & {
  GenerateStringKey?: string
  SecretStringTemplate?: string
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_SecretsManager.html */
export const SECRETS_MANAGER: TypeTable = {
  'AWS::SecretsManager::Secret': {
    effect: ['Name', 'Description', 'SecretString', 'GenerateSecretString'],
    noEffect: {
      KmsKeyId: 'Nothing is written to a disk.',
      ReplicaRegions: 'There is one Region.',
    },
    replacedBy: ['Name'],
    create: async (context, properties) => {
      const { ARN = '' } = await context.call<CreateSecretResponse>(
        'secrets-manager',
        'CreateSecret',
        {
          Name: context.name(properties.Name, { most: 512 }),
          ...given({ Description: properties.Description }),
          ...(await secretOf(context, properties)),
        },
      )
      return { ref: ARN, attributes: { Id: ARN } }
    },
    // A change of GenerateSecretString alone generates nothing, as on AWS.
    update: async (context, { Description, SecretString }, { ref }) => {
      const input = { SecretId: ref, ...given({ Description, SecretString }) }
      await context.call('secrets-manager', 'UpdateSecret', input)
    },
    delete: (context, { ref }) =>
      context.call('secrets-manager', 'DeleteSecret', {
        SecretId: ref,
        ForceDeleteWithoutRecovery: true,
      }),
  },
  'AWS::SecretsManager::SecretTargetAttachment': standIn(
    'It writes a database’s address into the secret; nothing here connects to a database.',
    (_, { SecretId }) => String(SecretId),
    ({ ref }) => ({ Id: ref }),
  ),
  'AWS::SecretsManager::RotationSchedule': standIn(
    'Passwords stay as they are; nothing here connects to a database.',
    (_, { SecretId }) => String(SecretId),
    ({ ref }) => ({ Id: ref }),
  ),
  'AWS::SecretsManager::ResourcePolicy': standIn(
    'Roles alone say who may read a secret here.',
    (_, { SecretId }) => String(SecretId),
    ({ ref }) => ({ Id: ref }),
  ),
}

/** A password of its own, or the template with the password in it; JSON either way if asked for. */
async function secretOf(
  context: Context,
  { SecretString, GenerateSecretString }: Properties,
): Promise<{ SecretString?: unknown }> {
  if (GenerateSecretString === undefined) return given({ SecretString })
  const { GenerateStringKey, SecretStringTemplate, ...asked } = GenerateSecretString as Generate
  const { RandomPassword = '' } = await context.call<GetRandomPasswordResponse>(
    'secrets-manager',
    'GetRandomPassword',
    asked,
  )
  if (GenerateStringKey === undefined) return { SecretString: RandomPassword }
  const template = JSON.parse(SecretStringTemplate ?? '{}') as object
  return { SecretString: JSON.stringify({ ...template, [GenerateStringKey]: RandomPassword }) }
}
