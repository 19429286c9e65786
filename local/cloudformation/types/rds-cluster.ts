import type {
  CreateDBClusterParameterGroupResult,
  CreateDBClusterResult,
  DBClusterMessage,
} from '@aws-sdk/client-rds'
import { AwsError } from '../../aws/errors.ts'
import { CLUSTER_CHANGEABLE } from '../../aws/rds/cluster/clusters.ts'
import type { Context } from '../context.ts'
import type { Properties, TypeTable } from '../resource-type.ts'

const HOUR = 60 * 60_000

const SET_WHEN_MADE = [
  'DBClusterIdentifier',
  'DBSubnetGroupName',
  'DatabaseName',
  'Engine',
  'EngineMode',
  'GlobalClusterIdentifier',
  'KmsKeyId',
  'MasterUsername',
  'Port',
  'ReplicationSourceIdentifier',
  'StorageEncrypted',
]

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_RDS.html */
export const RDS_CLUSTER: TypeTable = {
  'AWS::RDS::DBCluster': {
    effect: [
      ...SET_WHEN_MADE,
      ...CLUSTER_CHANGEABLE,
      'EnableCloudwatchLogsExports',
      'EnableIAMDatabaseAuthentication',
      'ManageMasterUserPassword',
      'MasterUserPassword',
    ],
    replacedBy: SET_WHEN_MADE,
    create: async (context, properties) => {
      const DBClusterIdentifier = context.name(properties.DBClusterIdentifier, {
        most: 63,
        lower: true,
      })
      const input = { ...properties, DBClusterIdentifier }
      const { DBCluster: made } = await context.call<CreateDBClusterResult>(
        'rds',
        'CreateDBCluster',
        input,
      )
      const ref = made?.DBClusterIdentifier ?? ''
      const shape = await available(context, ref)
      return {
        ref,
        arn: shape.DBClusterArn ?? '',
        attributes: {
          DBClusterArn: shape.DBClusterArn,
          DBClusterResourceId: shape.DbClusterResourceId,
          'Endpoint.Address': shape.Endpoint,
          'Endpoint.Port': String(shape.Port),
          'ReadEndpoint.Address': shape.ReaderEndpoint,
          'MasterUserSecret.SecretArn': shape.MasterUserSecret?.SecretArn,
        },
      }
    },
    update: async (context, properties, { ref }) => {
      const changes = Object.fromEntries(
        Object.entries(properties).filter(([name]) => CLUSTER_CHANGEABLE.includes(name)),
      )
      const input = { ...changes, DBClusterIdentifier: ref, ApplyImmediately: true }
      await context.call('rds', 'ModifyDBCluster', input)
      await available(context, ref)
    },
    // There is no data that a final snapshot could keep.
    delete: async (context, { ref }) => {
      const input = { DBClusterIdentifier: ref, SkipFinalSnapshot: true }
      await context.call('rds', 'DeleteDBCluster', input)
      const isGone = async () => (await find(context, ref)) === undefined
      await context.until(`The cluster ${ref} is not gone`, isGone, HOUR)
    },
  },
  'AWS::RDS::DBClusterParameterGroup': {
    effect: ['DBClusterParameterGroupName', 'Description', 'Family', 'Parameters'],
    replacedBy: ['DBClusterParameterGroupName', 'Description', 'Family'],
    create: async (context, { Description, Family, Parameters, ...properties }) => {
      const DBClusterParameterGroupName = context.name(properties.DBClusterParameterGroupName, {
        most: 255,
        lower: true,
      })
      const { DBClusterParameterGroup: made } =
        await context.call<CreateDBClusterParameterGroupResult>(
          'rds',
          'CreateDBClusterParameterGroup',
          { DBClusterParameterGroupName, DBParameterGroupFamily: Family, Description },
        )
      await setParameters(context, DBClusterParameterGroupName, Parameters)
      return { ref: DBClusterParameterGroupName, arn: made?.DBClusterParameterGroupArn ?? '' }
    },
    update: async (context, { Parameters }, { ref }) => setParameters(context, ref, Parameters),
    delete: (context, { ref }) =>
      context.call('rds', 'DeleteDBClusterParameterGroup', { DBClusterParameterGroupName: ref }),
  },
}

async function find(context: Context, DBClusterIdentifier: string) {
  try {
    const input = { DBClusterIdentifier }
    const { DBClusters } = await context.call<DBClusterMessage>('rds', 'DescribeDBClusters', input)
    return DBClusters?.[0]
  } catch (error) {
    if (error instanceof AwsError && error.name === 'DBClusterNotFoundFault') return undefined
    throw error
  }
}

async function available(context: Context, id: string) {
  const is = async () => (await find(context, id))?.Status === 'available'
  await context.until(`The cluster ${id} is not available`, is, HOUR)
  return (await find(context, id)) ?? {}
}

async function setParameters(context: Context, name: string, parameters: unknown): Promise<void> {
  const Parameters = Object.entries((parameters ?? {}) as Properties).map(
    ([ParameterName, ParameterValue]) => ({
      ParameterName,
      ParameterValue,
      ApplyMethod: 'pending-reboot',
    }),
  )
  if (Parameters.length === 0) return
  const input = { DBClusterParameterGroupName: name, Parameters }
  await context.call('rds', 'ModifyDBClusterParameterGroup', input)
}
