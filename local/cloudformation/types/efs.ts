import type {
  AccessPointDescription,
  FileSystemDescription,
  MountTargetDescription,
} from '@aws-sdk/client-efs'
import { AwsError } from '../../aws/errors.ts'
import type { Context } from '../context.ts'
import { given, type TypeTable } from '../resource-type.ts'

const NO_FILES = 'There are no files: what services keep is not simulated.'
const WITHIN_MILLISECONDS = 30 * 60_000

const FILE_SYSTEM = ['Encrypted', 'KmsKeyId', 'PerformanceMode', 'ThroughputMode']
const ACCESS_POINT = ['FileSystemId', 'PosixUser', 'RootDirectory']

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_EFS.html */
export const EFS: TypeTable = {
  'AWS::EFS::FileSystem': {
    effect: FILE_SYSTEM,
    noEffect: {
      BackupPolicy: NO_FILES,
      FileSystemPolicy: NO_FILES,
      LifecyclePolicies: NO_FILES,
    },
    replacedBy: ['Encrypted', 'KmsKeyId', 'PerformanceMode'],
    create: async (context, properties) => {
      const input = { ...properties, CreationToken: context.name(undefined) }
      const { FileSystemId = '', FileSystemArn } = await context.call<FileSystemDescription>(
        'efs',
        'CreateFileSystem',
        input,
      )
      await until(context, 'FileSystem', FileSystemId, 'available')
      return { ref: FileSystemId, attributes: { FileSystemId, Arn: FileSystemArn } }
    },
    delete: async (context, { ref }) => {
      await context.call('efs', 'DeleteFileSystem', { FileSystemId: ref })
      await until(context, 'FileSystem', ref, undefined)
    },
  },
  'AWS::EFS::MountTarget': {
    effect: ['FileSystemId', 'IpAddress', 'SecurityGroups', 'SubnetId'],
    replacedBy: ['FileSystemId', 'IpAddress', 'SubnetId'],
    create: async (context, properties) => {
      const { MountTargetId = '', IpAddress } = await context.call<MountTargetDescription>(
        'efs',
        'CreateMountTarget',
        properties,
      )
      await until(context, 'MountTarget', MountTargetId, 'available')
      return { ref: MountTargetId, attributes: { Id: MountTargetId, IpAddress } }
    },
    // A mount target has no tags.
    retag: async () => {},
    delete: async (context, { ref }) => {
      await context.call('efs', 'DeleteMountTarget', { MountTargetId: ref })
      await until(context, 'MountTarget', ref, undefined)
    },
  },
  'AWS::EFS::AccessPoint': {
    effect: ACCESS_POINT,
    replacedBy: ACCESS_POINT,
    create: async (context, properties) => {
      const { AccessPointId = '', AccessPointArn } = await context.call<AccessPointDescription>(
        'efs',
        'CreateAccessPoint',
        { ...given(properties), ClientToken: context.name(undefined) },
      )
      await until(context, 'AccessPoint', AccessPointId, 'available')
      return { ref: AccessPointId, attributes: { AccessPointId, Arn: AccessPointArn } }
    },
    delete: (context, { ref }) => context.call('efs', 'DeleteAccessPoint', { AccessPointId: ref }),
  },
}

type Kind = 'FileSystem' | 'MountTarget' | 'AccessPoint'

/** @param state undefined for gone. */
async function until(context: Context, kind: Kind, id: string, state: string | undefined) {
  const is = async () => (await stateOf(context, kind, id)) === state
  await context.until(`${kind} ${id} is not ${state ?? 'gone'}`, is, WITHIN_MILLISECONDS)
}

async function stateOf(context: Context, kind: Kind, id: string): Promise<string | undefined> {
  try {
    const answer = await context.call<Record<string, { LifeCycleState?: string }[] | undefined>>(
      'efs',
      `Describe${kind}s`,
      { [`${kind}Id`]: id },
    )
    return answer[`${kind}s`]?.[0]?.LifeCycleState
  } catch (error) {
    if (error instanceof AwsError && error.name === `${kind}NotFound`) return undefined
    throw error
  }
}
