import type {
  AttachVolumeRequest,
  CreateVolumeRequest,
  DescribeVolumesRequest,
  DetachVolumeRequest,
  RunInstancesRequest,
  Volume,
} from '@aws-sdk/client-ec2'
import { AwsError } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import { type Filters, find } from './filters.ts'
import { type Ec2Store, notFound, type Stored, type StoredInstance, shown } from './model.ts'

const FILTERS: Filters<Volume> = {
  'attachment.instance-id': ({ Attachments = [] }) => Attachments.map((one) => one.InstanceId),
  status: ({ State }) => State,
  'volume-id': ({ VolumeId }) => VolumeId,
}

const SIZE_GIB = 8

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html */
export function volumeOperations(store: Ec2Store) {
  return {
    CreateVolume: (input: CreateVolumeRequest) => {
      onlyMembers('ec2:CreateVolume', input, [
        ...['AvailabilityZone', 'Encrypted', 'Size', 'SnapshotId', 'TagSpecifications'],
        'VolumeType',
      ])
      const { TagSpecifications, ...more } = input
      return shown(keepVolume(store, store.newId('vol'), more, TagSpecifications))
    },
    DescribeVolumes: (input: DescribeVolumesRequest) => {
      const members = ['Filters', 'MaxResults', 'NextToken', 'VolumeIds']
      onlyMembers('ec2:DescribeVolumes', input, members)
      const { VolumeIds: ids, Filters: filters, NextToken: token, MaxResults: limit } = input
      const { items, next } = find(store.volumes, { ids, filters, token, limit }, FILTERS, (id) =>
        notFound('Volume', 'volume', id),
      )
      return { Volumes: items, ...(next === undefined ? {} : { NextToken: next }) }
    },
    AttachVolume: (input: AttachVolumeRequest) => {
      onlyMembers('ec2:AttachVolume', input, ['Device', 'InstanceId', 'VolumeId'])
      const volume = volumeOf(store, input.VolumeId)
      const machine = store.instances.get(input.InstanceId ?? '')
      if (machine === undefined) {
        throw notFound('InstanceID', 'instance ID', input.InstanceId ?? '')
      }
      if (volume.shape.State !== 'available') {
        const message = `${volume.id} is already attached to an instance`
        throw new AwsError('VolumeInUse', message)
      }
      const DeviceName = input.Device ?? ''
      const Ebs = { VolumeId: volume.id, Status: 'attached' as const, DeleteOnTermination: false }
      machine.shape.BlockDeviceMappings = [
        ...(machine.shape.BlockDeviceMappings ?? []),
        { DeviceName, Ebs },
      ]
      attach(store, machine, volume, DeviceName)
      return { ...volume.shape.Attachments?.[0] }
    },
    DetachVolume: (input: DetachVolumeRequest) => detach(store, input),
    DeleteVolume: ({ VolumeId }: { VolumeId?: string }) => {
      const { id, shape } = volumeOf(store, VolumeId)
      if (shape.State === 'in-use') {
        throw new AwsError('VolumeInUse', `Volume ${id} is currently attached`)
      }
      store.volumes.delete(id)
      return {}
    },
  }
}

function volumeOf({ volumes }: Ec2Store, id = ''): Stored<Volume> {
  const volume = volumes.get(id)
  if (volume === undefined) throw notFound('Volume', 'volume', id)
  return volume
}

/**
 * A volume can be taken away from its instance; the root's only while that is stopped, and then the
 * instance does not start again.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DetachVolume.html
 */
function detach(store: Ec2Store, input: DetachVolumeRequest) {
  onlyMembers('ec2:DetachVolume', input, ['Device', 'Force', 'InstanceId', 'VolumeId'])
  const { aws, instances } = store
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
    Object.assign(volumeOf(store, VolumeId).shape, { Attachments: [], State: 'available' })
    const { DeviceName: Device } = mapping
    return { AttachTime: aws.world.date, Device, InstanceId: id, VolumeId, State: 'detaching' }
  }
  throw notFound('Volume', 'volume', VolumeId)
}

function keepVolume(
  store: Ec2Store,
  VolumeId: string,
  more: Partial<Volume>,
  specifications: Parameters<Ec2Store['tagsFor']>[1],
): Stored<Volume> {
  const shape: Volume = {
    ...{ Size: SIZE_GIB, VolumeType: 'gp3', Encrypted: false, ...more },
    ...{ VolumeId, State: 'available', Attachments: [], CreateTime: store.aws.world.date },
  }
  const tags = store.tagsFor('volume', specifications)
  return store.keep(store.volumes, 'volume', { id: VolumeId, shape, tags })
}

/** Keeps the volumes that an instance is launched with. */
export function keepLaunched(store: Ec2Store, machine: StoredInstance, input: RunInstancesRequest) {
  const { AvailabilityZone } = { AvailabilityZone: undefined, ...machine.shape.Placement }
  for (const { DeviceName = '', Ebs } of machine.shape.BlockDeviceMappings ?? []) {
    const place = AvailabilityZone === undefined ? {} : { AvailabilityZone }
    const volume = keepVolume(store, Ebs?.VolumeId ?? '', place, input.TagSpecifications)
    attach(store, machine, volume, DeviceName)
  }
}

function attach({ aws }: Ec2Store, { id }: StoredInstance, volume: Stored<Volume>, Device: string) {
  const at = { AttachTime: aws.world.date, InstanceId: id, VolumeId: volume.id }
  volume.shape.Attachments = [{ ...at, Device, State: 'attached' }]
  volume.shape.State = 'in-use'
}

/** A volume that was launched with an instance ends with it; one that was attached later stays. */
export function endVolumes({ volumes }: Ec2Store, { shape }: StoredInstance): void {
  for (const { Ebs } of shape.BlockDeviceMappings ?? []) {
    const volume = volumes.get(Ebs?.VolumeId ?? '')
    if (volume === undefined) continue
    if (Ebs?.DeleteOnTermination) volumes.delete(volume.id)
    else Object.assign(volume.shape, { Attachments: [], State: 'available' })
  }
}
