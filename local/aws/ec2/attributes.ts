import type {
  DescribeInstanceAttributeRequest,
  ModifyInstanceAttributeRequest,
} from '@aws-sdk/client-ec2'
import { AwsError, NotImplemented } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import { type Ec2Store, notFound, type StoredInstance } from './model.ts'

/** How one attribute is read and changed; values come as text when they are named by `Attribute`. */
type Attribute = {
  member:
    | 'DisableApiStop'
    | 'DisableApiTermination'
    | 'SourceDestCheck'
    | 'InstanceType'
    | 'InstanceInitiatedShutdownBehavior'
  read(machine: StoredInstance): boolean | string | undefined
  write(machine: StoredInstance, value: boolean | string | undefined): void
}

const isTrue = (value: unknown): boolean => value === true || value === 'true'

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceAttribute.html */
const ATTRIBUTES: Readonly<Record<string, Attribute>> = {
  disableApiStop: {
    member: 'DisableApiStop',
    read: ({ attributes }) => attributes.disableApiStop,
    write: ({ attributes }, value) => {
      attributes.disableApiStop = isTrue(value)
    },
  },
  disableApiTermination: {
    member: 'DisableApiTermination',
    read: ({ attributes }) => attributes.disableApiTermination,
    write: ({ attributes }, value) => {
      attributes.disableApiTermination = isTrue(value)
    },
  },
  instanceInitiatedShutdownBehavior: {
    member: 'InstanceInitiatedShutdownBehavior',
    read: ({ attributes }) => attributes.instanceInitiatedShutdownBehavior,
    write: ({ attributes }, value) => {
      attributes.instanceInitiatedShutdownBehavior = String(value)
    },
  },
  instanceType: {
    member: 'InstanceType',
    read: ({ shape }) => shape.InstanceType,
    write: ({ id, shape }, value) => {
      if (shape.State?.Name !== 'stopped') {
        const message = `The instance '${id}' is not in the 'stopped' state.`
        throw new AwsError('IncorrectInstanceState', message)
      }
      shape.InstanceType = value as NonNullable<typeof shape.InstanceType>
    },
  },
  sourceDestCheck: {
    member: 'SourceDestCheck',
    read: ({ shape }) => shape.SourceDestCheck,
    write: ({ shape }, value) => {
      shape.SourceDestCheck = isTrue(value)
    },
  },
}

/** One attribute at a time, named by `Attribute` or by a member of its own. */
export function attributeOperations({ instances }: Ec2Store) {
  const find = (id = ''): StoredInstance => {
    const machine = instances.get(id)
    if (machine === undefined) throw notFound('InstanceID', 'instance ID', id)
    return machine
  }
  return {
    ModifyInstanceAttribute: (input: ModifyInstanceAttributeRequest) => {
      const members = Object.values(ATTRIBUTES).map(({ member }) => member)
      onlyMembers('ec2:ModifyInstanceAttribute', input, [
        'InstanceId',
        'Attribute',
        'Value',
        ...members,
      ])
      const machine = find(input.InstanceId)
      if (input.Attribute !== undefined) known(input.Attribute).write(machine, input.Value)
      for (const { member, write } of Object.values(ATTRIBUTES)) {
        const given = input[member]
        if (given !== undefined) write(machine, given.Value)
      }
      return {}
    },
    DescribeInstanceAttribute: (input: DescribeInstanceAttributeRequest) => {
      const { member, read } = known(input.Attribute)
      const machine = find(input.InstanceId)
      return { InstanceId: machine.id, [member]: { Value: read(machine) } }
    },
  }
}

/** @throws NotImplemented */
function known(name = ''): Attribute {
  const attribute = Object.hasOwn(ATTRIBUTES, name) ? ATTRIBUTES[name] : undefined
  if (attribute === undefined) throw new NotImplemented(`the attribute ${name} of an instance`)
  return attribute
}
