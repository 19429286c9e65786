import type {
  CreateDBInstanceResult,
  CreateDBParameterGroupResult,
  CreateDBSubnetGroupResult,
  DBInstanceMessage,
} from '@aws-sdk/client-rds'
import { AwsError } from '../../aws/errors.ts'
import { CHANGEABLE as MODIFIABLE } from '../../aws/rds/changes.ts'
import type { Context } from '../context.ts'
import { given, type Properties, type TypeTable } from '../resource-type.ts'

const HOUR = 60 * 60_000

const SET_WHEN_MADE = [
  'AvailabilityZone',
  'DBClusterIdentifier',
  'DBInstanceIdentifier',
  'DBName',
  'DBSubnetGroupName',
  'Engine',
  'KmsKeyId',
  'MasterUsername',
  'Port',
  'StorageEncrypted',
]

/** What the API can change, in CloudFormation's names. */
const CHANGEABLE = MODIFIABLE.map((name) =>
  name === 'VpcSecurityGroupIds' ? 'VPCSecurityGroups' : name,
)

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_RDS.html */
export const RDS: TypeTable = {
  'AWS::RDS::DBInstance': {
    effect: [
      ...SET_WHEN_MADE,
      ...CHANGEABLE,
      'EnableCloudwatchLogsExports',
      'EnableIAMDatabaseAuthentication',
      'ManageMasterUserPassword',
      'MasterUserPassword',
    ],
    replacedBy: SET_WHEN_MADE,
    create: async (context, { VPCSecurityGroups, ...properties }) => {
      const { DBInstance: made } = await context.call<CreateDBInstanceResult>(
        'rds',
        'CreateDBInstance',
        {
          ...properties,
          DBInstanceIdentifier: context.name(properties.DBInstanceIdentifier, {
            most: 63,
            lower: true,
          }),
          ...given({ VpcSecurityGroupIds: VPCSecurityGroups }),
        },
      )
      const ref = made?.DBInstanceIdentifier ?? ''
      const { DBInstanceArn, DbiResourceId, Endpoint, MasterUserSecret } = await available(
        context,
        ref,
      )
      return {
        ref,
        ...(DBInstanceArn === undefined ? {} : { arn: DBInstanceArn }),
        attributes: {
          DBInstanceArn,
          DbiResourceId,
          'Endpoint.Address': Endpoint?.Address,
          'Endpoint.Port': String(Endpoint?.Port),
          'Endpoint.HostedZoneId': Endpoint?.HostedZoneId,
          'MasterUserSecret.SecretArn': MasterUserSecret?.SecretArn,
        },
      }
    },
    update: async (context, properties, { ref }) => {
      const { VPCSecurityGroups, ...changes } = only(CHANGEABLE, properties)
      await context.call('rds', 'ModifyDBInstance', {
        ...changes,
        ...given({ VpcSecurityGroupIds: VPCSecurityGroups }),
        DBInstanceIdentifier: ref,
        ApplyImmediately: true,
      })
      await available(context, ref)
    },
    // There is no data that a final snapshot could keep.
    delete: async (context, { ref }) => {
      const input = { DBInstanceIdentifier: ref, SkipFinalSnapshot: true }
      await context.call('rds', 'DeleteDBInstance', input)
      await context.until(
        `The database ${ref} is not gone`,
        async () => !(await find(context, ref)),
        HOUR,
      )
    },
  },
  'AWS::RDS::DBSubnetGroup': {
    effect: ['DBSubnetGroupName', 'DBSubnetGroupDescription', 'SubnetIds'],
    replacedBy: ['DBSubnetGroupName'],
    create: async (context, properties) => {
      const DBSubnetGroupName = context.name(properties.DBSubnetGroupName, {
        most: 255,
        lower: true,
      })
      const input = { ...properties, DBSubnetGroupName }
      const { DBSubnetGroup: { DBSubnetGroupArn: arn = '' } = {} } =
        await context.call<CreateDBSubnetGroupResult>('rds', 'CreateDBSubnetGroup', input)
      return { ref: DBSubnetGroupName, arn }
    },
    update: async (context, properties, { ref: DBSubnetGroupName }) => {
      await context.call('rds', 'ModifyDBSubnetGroup', { ...properties, DBSubnetGroupName })
    },
    delete: (context, { ref }) =>
      context.call('rds', 'DeleteDBSubnetGroup', { DBSubnetGroupName: ref }),
  },
  'AWS::RDS::DBParameterGroup': {
    effect: ['DBParameterGroupName', 'Description', 'Family', 'Parameters'],
    replacedBy: ['DBParameterGroupName', 'Description', 'Family'],
    create: async (context, { Description, Family, Parameters, ...properties }) => {
      const DBParameterGroupName = context.name(properties.DBParameterGroupName, {
        most: 255,
        lower: true,
      })
      const { DBParameterGroup: { DBParameterGroupArn: arn = '' } = {} } =
        await context.call<CreateDBParameterGroupResult>('rds', 'CreateDBParameterGroup', {
          DBParameterGroupName,
          DBParameterGroupFamily: Family,
          Description,
        })
      await setParameters(context, DBParameterGroupName, Parameters)
      return { ref: DBParameterGroupName, arn, attributes: { DBParameterGroupName } }
    },
    update: async (context, { Parameters }, { ref }) => setParameters(context, ref, Parameters),
    delete: (context, { ref }) =>
      context.call('rds', 'DeleteDBParameterGroup', { DBParameterGroupName: ref }),
  },
}

async function find(context: Context, DBInstanceIdentifier: string) {
  try {
    const input = { DBInstanceIdentifier }
    const { DBInstances } = await context.call<DBInstanceMessage>(
      'rds',
      'DescribeDBInstances',
      input,
    )
    return DBInstances?.[0]
  } catch (error) {
    if (error instanceof AwsError && error.name === 'DBInstanceNotFoundFault') return undefined
    throw error
  }
}

/** Waits as CloudFormation does until the instance takes connections. */
async function available(context: Context, id: string) {
  const is = async () =>
    ['available', 'backing-up', 'storage-optimization'].includes(
      (await find(context, id))?.DBInstanceStatus ?? '',
    )
  await context.until(`The database ${id} is not available`, is, HOUR)
  return (await find(context, id)) ?? {}
}

async function setParameters(context: Context, DBParameterGroupName: string, parameters: unknown) {
  const Parameters = Object.entries((parameters ?? {}) as Properties).map(
    ([ParameterName, ParameterValue]) => ({
      ParameterName,
      ParameterValue,
      ApplyMethod: 'pending-reboot',
    }),
  )
  if (Parameters.length === 0) return
  await context.call('rds', 'ModifyDBParameterGroup', { DBParameterGroupName, Parameters })
}

const only = (names: readonly string[], properties: Properties): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([name]) => names.includes(name)))
