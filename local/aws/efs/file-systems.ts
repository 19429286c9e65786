import type {
  CreateAccessPointRequest,
  CreateFileSystemRequest,
  DeleteAccessPointRequest,
  DeleteFileSystemRequest,
  DescribeAccessPointsRequest,
  DescribeFileSystemsRequest,
} from '@aws-sdk/client-efs'
import { AwsError } from '../errors.ts'
import { onlyMembers, page } from '../members.ts'
import { tagsFrom } from '../tags.ts'
import { type AccessPoint, type FileSystem, type Files, shown } from './model.ts'

/** File systems: there are no files in them. */
export function fileSystemOperations(files: Files) {
  const { fileSystems } = files
  return {
    CreateFileSystem: (input: CreateFileSystemRequest) => createFileSystem(files, input),
    DescribeFileSystems: (input: DescribeFileSystemsRequest) => {
      const members = ['CreationToken', 'FileSystemId', 'Marker', 'MaxItems']
      onlyMembers('efs:DescribeFileSystems', input, members)
      const { FileSystemId: id, CreationToken: token, MaxItems: limit = 100 } = input
      const all = id === undefined ? [...fileSystems.values()] : [files.fileSystem(id)]
      const asked = all.filter(({ shape }) => token === undefined || shape.CreationToken === token)
      const { items, next } = page(asked, { token: input.Marker, limit, invalid: 'BadRequest' })
      return {
        ...(next === undefined ? {} : { NextMarker: next }),
        FileSystems: items.map((one) => ({
          ...shown(one),
          NumberOfMountTargets: files.mountTargetsOf(one.id).length,
        })),
      }
    },
    DeleteFileSystem: ({ FileSystemId }: DeleteFileSystemRequest) => {
      const { id, shape } = files.fileSystem(FileSystemId)
      if (files.mountTargetsOf(id).length > 0) {
        const message = `File system '${id}' is in use: it has mount targets.`
        throw new AwsError('FileSystemInUse', message, { statusCode: 409 })
      }
      files.beginTransition('file-system', shape, 'deleting', () => fileSystems.delete(id))
      return {}
    },
  }
}

function createFileSystem(files: Files, input: CreateFileSystemRequest) {
  onlyMembers('efs:CreateFileSystem', input, [
    ...['CreationToken', 'Encrypted', 'KmsKeyId', 'PerformanceMode', 'Tags', 'ThroughputMode'],
  ])
  const { aws, fileSystems } = files
  const { Tags, CreationToken, ...asked } = input
  const same = [...fileSystems.values()].find(
    ({ shape }) => CreationToken !== undefined && shape.CreationToken === CreationToken,
  )
  if (same !== undefined) {
    const message = `File system '${same.id}' already exists with creation token '${CreationToken}'`
    throw new AwsError('FileSystemAlreadyExists', message, { statusCode: 409 })
  }
  const id = files.newId('fs')
  const arn = aws.arn('elasticfilesystem', `file-system/${id}`)
  const made: FileSystem = {
    id,
    arn,
    shape: {
      PerformanceMode: 'generalPurpose',
      ThroughputMode: 'bursting',
      Encrypted: false,
      ...asked,
      CreationToken,
      CreationTime: aws.world.date,
      FileSystemId: id,
      FileSystemArn: arn,
      LifeCycleState: 'creating',
      NumberOfMountTargets: 0,
      OwnerId: aws.account,
      SizeInBytes: { Value: 6144 },
      Tags: [],
    },
    tags: tagsFrom(Tags),
  }
  fileSystems.set(id, made)
  files.beginTransition('file-system', made.shape, 'creating', () => {
    made.shape.LifeCycleState = 'available'
  })
  return shown(made)
}

/** Access points: doors into a file system, each for one service. */
export function accessPointOperations(files: Files) {
  const { aws, accessPoints } = files
  return {
    CreateAccessPoint: (input: CreateAccessPointRequest) => {
      const { Tags, ...asked } = input
      const { id: FileSystemId } = files.fileSystem(input.FileSystemId)
      const id = files.newId('fsap')
      const arn = aws.arn('elasticfilesystem', `access-point/${id}`)
      const names = { AccessPointId: id, AccessPointArn: arn, FileSystemId, OwnerId: aws.account }
      const made: AccessPoint = { id, arn, shape: { ...asked, ...names }, tags: tagsFrom(Tags) }
      accessPoints.set(id, made)
      files.beginTransition('access-point', made.shape, 'creating', () => {
        made.shape.LifeCycleState = 'available'
      })
      return shown(made)
    },
    DescribeAccessPoints: (input: DescribeAccessPointsRequest) => {
      onlyMembers('efs:DescribeAccessPoints', input, ['AccessPointId', 'FileSystemId'])
      const { AccessPointId: id, FileSystemId: of } = input
      const all = id === undefined ? [...accessPoints.values()] : [files.accessPoint(id)]
      const asked = all.filter(({ shape }) => of === undefined || shape.FileSystemId === of)
      return { AccessPoints: asked.map(shown) }
    },
    DeleteAccessPoint: ({ AccessPointId }: DeleteAccessPointRequest) => {
      accessPoints.delete(files.accessPoint(AccessPointId).id)
      return {}
    },
  }
}
