import type { Subnet } from '@aws-sdk/client-ec2'
import type {
  CreateMountTargetRequest,
  DeleteMountTargetRequest,
  DescribeMountTargetSecurityGroupsRequest,
  DescribeMountTargetsRequest,
  MountTargetDescription,
} from '@aws-sdk/client-efs'
import { clone } from '../clone.ts'
import { addressIn, sizeOf } from '../ec2/address.ts'
import { Ec2 } from '../ec2/ec2.ts'
import { AwsError } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import type { Files } from './model.ts'

/** Where a file system is reached: one per subnet. */
export function mountTargetOperations(files: Files) {
  const { mountTargets } = files
  return {
    CreateMountTarget: (input: CreateMountTargetRequest) => create(files, input),
    DescribeMountTargets: (input: DescribeMountTargetsRequest) => {
      onlyMembers('efs:DescribeMountTargets', input, ['FileSystemId', 'MountTargetId'])
      const { MountTargetId: id, FileSystemId } = input
      const asked =
        id === undefined
          ? files.mountTargetsOf(files.fileSystem(FileSystemId).id)
          : [files.mountTarget(id)]
      return { MountTargets: asked.map(({ shape }) => clone(shape)) }
    },
    DescribeMountTargetSecurityGroups: ({
      MountTargetId,
    }: DescribeMountTargetSecurityGroupsRequest) => ({
      SecurityGroups: [...files.mountTarget(MountTargetId).securityGroups],
    }),
    DeleteMountTarget: ({ MountTargetId }: DeleteMountTargetRequest) => {
      const { id, shape } = files.mountTarget(MountTargetId)
      files.beginTransition('mount-target', shape, 'deleting', () => mountTargets.delete(id))
      return {}
    },
  }
}

function create(files: Files, input: CreateMountTargetRequest): MountTargetDescription {
  const members = ['FileSystemId', 'IpAddress', 'SecurityGroups', 'SubnetId']
  onlyMembers('efs:CreateMountTarget', input, members)
  const { aws, mountTargets } = files
  const { id: FileSystemId } = files.fileSystem(input.FileSystemId)
  const { SubnetId = '', CidrBlock = '', VpcId, AvailabilityZone } = subnetOf(files, input.SubnetId)
  if (files.mountTargetsOf(FileSystemId).some(({ shape }) => shape.SubnetId === SubnetId)) {
    const message = 'mount target already exists in this AZ'
    throw new AwsError('MountTargetConflict', message, { statusCode: 409 })
  }
  const id = files.newId('fsmt')
  // From the end, where no instance comes soon.
  const beside = [...mountTargets.values()].filter(({ shape }) => shape.SubnetId === SubnetId)
  const index = sizeOf(CidrBlock) - 2 - beside.length
  const shape: MountTargetDescription = {
    MountTargetId: id,
    FileSystemId,
    SubnetId,
    VpcId,
    AvailabilityZoneName: AvailabilityZone,
    IpAddress: input.IpAddress ?? addressIn(CidrBlock, index),
    NetworkInterfaceId: files.newId('eni'),
    OwnerId: aws.account,
    LifeCycleState: 'creating',
  }
  mountTargets.set(id, { id, shape, securityGroups: input.SecurityGroups ?? [] })
  files.beginTransition('mount-target', shape, 'creating', () => {
    shape.LifeCycleState = 'available'
  })
  return clone(shape)
}

/** @throws AwsError SubnetNotFound */
function subnetOf({ aws }: Files, id = ''): Readonly<Subnet> {
  const subnet = aws.find(Ec2)?.subnet(id)
  if (subnet !== undefined) return subnet
  throw new AwsError('SubnetNotFound', `The subnet ID '${id}' does not exist`)
}
