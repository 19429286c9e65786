import type { CreateSnapshotRequest, DescribeSnapshotsRequest, Snapshot } from '@aws-sdk/client-ec2'
import { NotImplemented } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import { type Filters, find } from './filters.ts'
import { type Ec2Store, notFound, shown } from './model.ts'

const FILTERS: Filters<Snapshot> = {
  'snapshot-id': ({ SnapshotId }) => SnapshotId,
  'volume-id': ({ VolumeId }) => VolumeId,
}

/**
 * Snapshots of this account, which are complete at once.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSnapshot.html
 */
export function snapshotOperations(store: Ec2Store) {
  const { aws, snapshots, volumes } = store
  return {
    CreateSnapshot: (input: CreateSnapshotRequest) => {
      onlyMembers('ec2:CreateSnapshot', input, ['Description', 'TagSpecifications', 'VolumeId'])
      const { VolumeId = '', Description = '', TagSpecifications } = input
      const volume = volumes.get(VolumeId)
      if (volume === undefined) throw notFound('Volume', 'volume', VolumeId)
      const id = store.newId('snap')
      const shape: Snapshot = {
        ...{ SnapshotId: id, VolumeId, Description, OwnerId: aws.account },
        ...{ State: 'completed', Progress: '100%', StartTime: aws.world.date },
        VolumeSize: volume.shape.Size,
      }
      const tags = store.tagsFor('snapshot', TagSpecifications)
      return shown(store.keep(snapshots, 'snapshot', { id, shape, tags }))
    },
    DescribeSnapshots: (input: DescribeSnapshotsRequest) => {
      const members = ['Filters', 'MaxResults', 'NextToken', 'OwnerIds', 'SnapshotIds']
      onlyMembers('ec2:DescribeSnapshots', input, members)
      const { OwnerIds: owners = [], SnapshotIds: ids, Filters: filters } = input
      if (owners.some((one) => one !== 'self' && one !== aws.account)) {
        throw new NotImplemented('snapshots of other accounts')
      }
      const asked = { ids, filters, token: input.NextToken, limit: input.MaxResults }
      const { items, next } = find(snapshots, asked, FILTERS, (id) =>
        notFound('Snapshot', 'snapshot', id),
      )
      return { Snapshots: items, ...(next === undefined ? {} : { NextToken: next }) }
    },
    DeleteSnapshot: ({ SnapshotId = '' }: { SnapshotId?: string }) => {
      if (!snapshots.delete(SnapshotId)) throw notFound('Snapshot', 'snapshot', SnapshotId)
      return {}
    },
  }
}
