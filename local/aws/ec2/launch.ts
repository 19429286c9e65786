import type { RegisterImageRequest, RunInstancesRequest } from '@aws-sdk/client-ec2'
import { onlyMembers } from '../members.ts'
import { unsupportedHibernation } from './life.ts'
import type { Ec2Store, StoredInstance } from './model.ts'

const ROOT = '/dev/xvda'

/**
 * AMIs are taken to exist and to have a root on EBS, but for those that are registered with a place
 * in S3: their root is an instance store.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RegisterImage.html
 */
export function imageOperations(store: Ec2Store) {
  return {
    RegisterImage: (input: RegisterImageRequest) => {
      onlyMembers('ec2:RegisterImage', input, ['Architecture', 'ImageLocation', 'Name'])
      const ImageId = store.newId('ami')
      if (input.ImageLocation !== undefined) store.instanceStoreImages.add(ImageId)
      return { ImageId }
    },
  }
}

/** Of which type the root device is, and how it is named. */
export function rootOf({ instanceStoreImages }: Ec2Store, { ImageId = '' }: RunInstancesRequest) {
  return instanceStoreImages.has(ImageId)
    ? ({ RootDeviceType: 'instance-store' } as const)
    : ({ RootDeviceType: 'ebs', RootDeviceName: ROOT } as const)
}

/** A root on EBS is there whether it is asked for or not. */
export function volumesOf(store: Ec2Store, input: RunInstancesRequest) {
  const asked = (input.BlockDeviceMappings ?? []).map(({ DeviceName }) => DeviceName)
  const { RootDeviceName: root } = { RootDeviceName: undefined, ...rootOf(store, input) }
  const devices = root === undefined || asked.includes(root) ? asked : [root, ...asked]
  return devices.map((DeviceName) => ({
    DeviceName,
    Ebs: {
      VolumeId: store.newId('vol'),
      Status: 'attached' as const,
      AttachTime: store.aws.world.date,
      DeleteOnTermination: true,
    },
  }))
}

/**
 * How an instance is bought and protected, which its state depends on later.
 *
 * @throws AwsError UnsupportedHibernationConfiguration: the root must be encrypted for that.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/hibernating-prerequisites.html
 */
export function purchase(
  { aws }: Ec2Store,
  input: RunInstancesRequest,
): Pick<StoredInstance, 'attributes' | 'spot' | 'keys'> {
  const volumes = (input.BlockDeviceMappings ?? []).map(({ DeviceName, Ebs }) => ({
    isRoot: DeviceName === ROOT,
    ...Ebs,
  }))
  const isEncrypted = volumes.some(({ isRoot, Encrypted }) => isRoot && Encrypted)
  if (input.HibernationOptions?.Configured && !isEncrypted) {
    throw unsupportedHibernation('The root device volume must be encrypted for hibernation.')
  }
  const keys = volumes.flatMap(({ KmsKeyId }) => (KmsKeyId === undefined ? [] : [KmsKeyId]))
  const { MarketType, SpotOptions } = input.InstanceMarketOptions ?? {}
  return {
    attributes: {
      disableApiStop: input.DisableApiStop ?? false,
      disableApiTermination: input.DisableApiTermination ?? false,
      instanceInitiatedShutdownBehavior: input.InstanceInitiatedShutdownBehavior ?? 'stop',
    },
    ...(MarketType === 'spot' ? { spot: SpotOptions?.SpotInstanceType ?? 'one-time' } : {}),
    keys: keys
      .filter((key) => !key.includes('alias/aws/'))
      .map((key) => arnOf(aws.arn('kms', `key/${key}`), key)),
  }
}

const arnOf = (made: string, key: string): string => (key.startsWith('arn:') ? key : made)
