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
import { everyPage, inChunks, NOTHING_TO_STOP, nameOf, type Place, type Reader } from './reader.ts'

const NAME = 'Name'
/** Values of one filter. */
const VALUES = 200
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
    read: (named) =>
      inChunks(named.map(nameOf), VALUES, (Values) => described([{ Name: 'volume-id', Values }])),
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
    read: (named) =>
      inChunks(named.map(nameOf), VALUES, (Values) => described([{ Name: 'snapshot-id', Values }])),
  }
}

function common(kind: string, id: string, tags: Record<string, string>, place: Place) {
  const { region, account, partition } = place
  return {
    id: `${kind}/${id}`,
    arn: `arn:${partition}:ec2:${region}:${account}:${kind}/${id}`,
    name: tags[NAME] ? `${tags[NAME]} (${id})` : id,
    tags,
    runs: true,
    cannotStop: NOTHING_TO_STOP,
    ...(isOfOthers(tags) && { quiet: true }),
  }
}

function volumeOf({ VolumeId = '', ...volume }: Volume, place: Place): Resource {
  const instance = volume.Attachments?.[0]?.InstanceId
  return {
    ...common('volume', VolumeId, tagsIn(volume.Tags), place),
    type: 'ec2:volume',
    createdAt: volume.CreateTime,
    month: diskMonth(volume.VolumeType, volume.Size ?? 0),
    ...(instance !== undefined && { parent: `instance/${instance}` }),
  }
}

function snapshotOf({ SnapshotId = '', VolumeId, ...snapshot }: Snapshot, place: Place): Resource {
  return {
    ...common('snapshot', SnapshotId, tagsIn(snapshot.Tags), place),
    type: 'ec2:snapshot',
    createdAt: snapshot.StartTime,
    ...(VolumeId !== undefined && { parent: `volume/${VolumeId}`, outlives: true }),
  }
}
