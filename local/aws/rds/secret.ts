import type { DBInstance } from '@aws-sdk/client-rds'
import type { CreateSecretResponse } from '@aws-sdk/client-secrets-manager'
import type { Aws, Caller } from '../aws.ts'
import { tagList } from '../tags.ts'

/** An instance or a cluster. */
type Owner = {
  arn: string
  shape: Pick<DBInstance, 'MasterUsername' | 'MasterUserSecret'>
}

const RDS: Caller = { kind: 'aws', name: 'rds' }

/**
 * `ManageMasterUserPassword`: RDS keeps the password in a secret of its own.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
 */
export async function createMasterSecret(
  aws: Aws,
  { arn, shape }: Owner,
  kind: 'Instance' | 'Cluster' = 'Instance',
): Promise<void> {
  const { random } = aws.world
  const username = shape.MasterUsername ?? ''
  const { ARN } = await aws.call<CreateSecretResponse>(
    'secrets-manager',
    'CreateSecret',
    {
      Name: `rds!${kind === 'Cluster' ? 'cluster' : 'db'}-${random.uuid('rds/secret')}`,
      Description: `Secret associated with primary RDS DB ${kind.toLowerCase()}: ${arn}`,
      SecretString: JSON.stringify({ username, password: random.hex('rds/password', 28) }),
      Tags: tagList({
        [`aws:rds:primaryDB${kind}Arn`]: arn,
        'aws:secretsmanager:owningService': 'rds',
      }),
    },
    RDS,
  )
  shape.MasterUserSecret = { SecretArn: ARN, SecretStatus: 'active' }
}

/** The secret goes with its instance. */
export async function deleteMasterSecret(aws: Aws, { shape }: Pick<Owner, 'shape'>): Promise<void> {
  const SecretId = shape.MasterUserSecret?.SecretArn
  if (SecretId === undefined) return
  const input = { SecretId, ForceDeleteWithoutRecovery: true }
  await aws.call('secrets-manager', 'DeleteSecret', input, RDS)
}
