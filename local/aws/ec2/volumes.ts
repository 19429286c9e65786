import type { DetachVolumeRequest } from '@aws-sdk/client-ec2'
import { AwsError } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import { type Ec2Store, notFound } from './model.ts'

/**
 * A volume can be taken away from its instance; the root's only while that is stopped, and then the
 * instance does not start again.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DetachVolume.html
 */
export function volumeOperations({ aws, instances }: Ec2Store) {
  return {
    DetachVolume: (input: DetachVolumeRequest) => {
      onlyMembers('ec2:DetachVolume', input, ['Device', 'Force', 'InstanceId', 'VolumeId'])
      const { VolumeId = '' } = input
      for (const { id, shape } of instances.values()) {
        const { BlockDeviceMappings: all = [], RootDeviceName: root } = shape
        const mapping = all.find(({ Ebs }) => Ebs?.VolumeId === VolumeId)
        if (mapping === undefined) continue
        if (mapping.DeviceName === root && shape.State?.Name !== 'stopped') {
          const message = `Unable to detach root volume '${VolumeId}' from instance '${id}'`
          throw new AwsError('OperationNotPermitted', message)
        }
        shape.BlockDeviceMappings = all.filter((one) => one !== mapping)
        const { DeviceName: Device } = mapping
        return { AttachTime: aws.world.date, Device, InstanceId: id, VolumeId, State: 'detaching' }
      }
      throw notFound('Volume', 'volume', VolumeId)
    },
  }
}
