import {
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  type EC2Client,
  type Filter,
  type Snapshot,
  type Volume,
} from '@aws-sdk/client-ec2'
import { diskMonth } from '../../../domain/tagging/cost.ts'
import type { Resource } from '../../../domain/tagging/resource.ts'
import { tagsIn } from '../../../domain/tags.ts'
import { named, readBy } from './ec2.ts'
import { everyPage, NOTHING_TO_STOP, type Place, type Reader } from './reader.ts'

const AT_ONCE = 1000

/** Set by AWS Backup on its recovery points, and by drivers of Kubernetes on volumes for its claims. */
const OF_OTHERS = [/^aws:backup:/, /^kubernetes\.io\/created-for\//, /^ebs\.csi\.aws\.com\//]

const isOfOthers = (tags: Readonly<Record<string, string>>): boolean =>
  Object.keys(tags).some((key) => OF_OTHERS.some((one) => one.test(key)))

/** EBS volumes: one that is attached belongs to its instance. */
export function volumeReader(ec2: EC2Client, place: Place): Reader {
  const described = (Filters: Filter[]) =>
    everyPage(async (NextToken) => {
      const page = await ec2.send(
        new DescribeVolumesCommand({ Filters, MaxResults: AT_ONCE, NextToken }),
      )
      return {
        items: (page.Volumes ?? []).map((one) => volumeOf(one, place)),
        next: page.NextToken,
      }
    })
  return {
    type: 'ec2:volume',
    list: () => described([]),
    read: readBy('volume-id', described),
  }
}

/** EBS snapshots of this account: one belongs to its volume, and outlives it. */
export function snapshotReader(ec2: EC2Client, place: Place): Reader {
  const described = (Filters: Filter[]) =>
    everyPage(async (NextToken) => {
      const OwnerIds = ['self']
      const page = await ec2.send(
        new DescribeSnapshotsCommand({ OwnerIds, Filters, MaxResults: AT_ONCE, NextToken }),
      )
      return {
        items: (page.Snapshots ?? []).map((one) => snapshotOf(one, place)),
        next: page.NextToken,
      }
    })
  return {
    type: 'ec2:snapshot',
    list: () => described([]),
    read: readBy('snapshot-id', described),
  }
}

const disk = (...[kind, id, tags, place]: Parameters<typeof named>) => ({
  ...named(kind, id, tags, place),
  runs: true,
  cannotStop: NOTHING_TO_STOP,
  ...(isOfOthers(tags) && { quiet: true }),
})

function volumeOf({ VolumeId = '', ...volume }: Volume, place: Place): Resource {
  const instance = volume.Attachments?.[0]?.InstanceId
  return {
    ...disk('volume', VolumeId, tagsIn(volume.Tags), place),
    type: 'ec2:volume',
    createdAt: volume.CreateTime,
    month: diskMonth(volume.VolumeType, volume.Size ?? 0),
    ...(instance !== undefined && { parent: `instance/${instance}` }),
  }
}

function snapshotOf({ SnapshotId = '', VolumeId, ...snapshot }: Snapshot, place: Place): Resource {
  return {
    ...disk('snapshot', SnapshotId, tagsIn(snapshot.Tags), place),
    type: 'ec2:snapshot',
    createdAt: snapshot.StartTime,
    ...(VolumeId !== undefined && { parent: `volume/${VolumeId}`, outlives: true }),
  }
}
