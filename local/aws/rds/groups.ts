import type {
  CreateDBInstanceMessage,
  CreateDBParameterGroupMessage,
  CreateDBSubnetGroupMessage,
  DBInstance,
  DBSubnetGroup,
  DeleteDBParameterGroupMessage,
  DeleteDBSubnetGroupMessage,
  DescribeDBParameterGroupsMessage,
  DescribeDBParametersMessage,
  DescribeDBSubnetGroupsMessage,
  ModifyDBParameterGroupMessage,
  ModifyDBSubnetGroupMessage,
} from '@aws-sdk/client-rds'
import { clone } from '../clone.ts'
import { AwsError } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import { tagsFrom } from '../tags.ts'
import type { Databases, Instance } from './model.ts'

/** In which subnets databases may be: kept and shown, since there are no packets. */
export function subnetGroupOperations(databases: Databases) {
  const { aws, subnetGroups, instances } = databases
  return {
    CreateDBSubnetGroup: (input: CreateDBSubnetGroupMessage) => {
      const name = (input.DBSubnetGroupName ?? '').toLowerCase()
      if (subnetGroups.has(name)) {
        const message = `The DB subnet group '${name}' already exists.`
        throw new AwsError('DBSubnetGroupAlreadyExistsFault', message)
      }
      const arn = databases.arn('subgrp', name)
      const shape: DBSubnetGroup = {
        DBSubnetGroupName: name,
        DBSubnetGroupArn: arn,
        DBSubnetGroupDescription: input.DBSubnetGroupDescription,
        SubnetGroupStatus: 'Complete',
        Subnets: subnetsOf(aws.region, input.SubnetIds),
      }
      subnetGroups.set(name, { arn, shape, tags: tagsFrom(input.Tags) })
      return { DBSubnetGroup: clone(shape) }
    },
    ModifyDBSubnetGroup: (input: ModifyDBSubnetGroupMessage) => {
      const { shape } = databases.subnetGroup(input.DBSubnetGroupName)
      shape.Subnets = subnetsOf(aws.region, input.SubnetIds)
      shape.DBSubnetGroupDescription =
        input.DBSubnetGroupDescription ?? shape.DBSubnetGroupDescription
      return { DBSubnetGroup: clone(shape) }
    },
    DescribeDBSubnetGroups: (input: DescribeDBSubnetGroupsMessage) => {
      onlyMembers('rds:DescribeDBSubnetGroups', input, ['DBSubnetGroupName'])
      const { DBSubnetGroupName: name } = input
      const found = name === undefined ? [...subnetGroups.values()] : [databases.subnetGroup(name)]
      return { DBSubnetGroups: found.map(({ shape }) => clone(shape)) }
    },
    DeleteDBSubnetGroup: ({ DBSubnetGroupName }: DeleteDBSubnetGroupMessage) => {
      const group = databases.subnetGroup(DBSubnetGroupName)
      const user = [...instances.values()].find(({ subnetGroup }) => subnetGroup === group)
      if (user !== undefined) throw inUse('InvalidDBSubnetGroupStateFault', 'subnet', user)
      subnetGroups.delete(group.shape.DBSubnetGroupName ?? '')
      return {}
    },
  }
}

function subnetsOf(region: string, ids: readonly string[] = []): DBSubnetGroup['Subnets'] {
  return ids.map((SubnetIdentifier, index) => ({
    SubnetIdentifier,
    SubnetAvailabilityZone: { Name: `${region}${'abc'[index % 3]}` },
    SubnetStatus: 'Active',
  }))
}

/** Settings of databases: kept and shown. */
export function parameterGroupOperations(databases: Databases) {
  const { parameterGroups, instances } = databases
  return {
    CreateDBParameterGroup: (input: CreateDBParameterGroupMessage) => {
      const name = (input.DBParameterGroupName ?? '').toLowerCase()
      if (parameterGroups.has(name)) {
        const message = `Parameter group ${name} already exists`
        throw new AwsError('DBParameterGroupAlreadyExistsFault', message)
      }
      const arn = databases.arn('pg', name)
      const shape = {
        DBParameterGroupName: name,
        DBParameterGroupArn: arn,
        DBParameterGroupFamily: input.DBParameterGroupFamily,
        Description: input.Description,
      }
      parameterGroups.set(name, { arn, shape, parameters: new Map(), tags: tagsFrom(input.Tags) })
      return { DBParameterGroup: clone(shape) }
    },
    ModifyDBParameterGroup: (input: ModifyDBParameterGroupMessage) => {
      const { shape, parameters } = databases.parameterGroup(input.DBParameterGroupName)
      for (const parameter of input.Parameters ?? []) {
        parameters.set(parameter.ParameterName ?? '', { ...parameter, Source: 'user' })
      }
      return { DBParameterGroupName: shape.DBParameterGroupName }
    },
    DescribeDBParameterGroups: (input: DescribeDBParameterGroupsMessage) => {
      onlyMembers('rds:DescribeDBParameterGroups', input, ['DBParameterGroupName'])
      const { DBParameterGroupName: name } = input
      const found =
        name === undefined ? [...parameterGroups.values()] : [databases.parameterGroup(name)]
      return { DBParameterGroups: found.map(({ shape }) => clone(shape)) }
    },
    // What the engine has by default is not known here: only what was set is shown.
    DescribeDBParameters: (input: DescribeDBParametersMessage) => {
      onlyMembers('rds:DescribeDBParameters', input, ['DBParameterGroupName', 'Source'])
      const { parameters } = databases.parameterGroup(input.DBParameterGroupName)
      const isAsked = (input.Source ?? 'user') === 'user'
      return { Parameters: isAsked ? clone([...parameters.values()]) : [] }
    },
    DeleteDBParameterGroup: ({ DBParameterGroupName }: DeleteDBParameterGroupMessage) => {
      const name = databases.parameterGroup(DBParameterGroupName).shape.DBParameterGroupName ?? ''
      const user = [...instances.values()].find(({ shape }) =>
        shape.DBParameterGroups?.some((group) => group.DBParameterGroupName === name),
      )
      if (user !== undefined) throw inUse('InvalidDBParameterGroupStateFault', 'parameter', user)
      parameterGroups.delete(name)
      return {}
    },
  }
}

/** The parameter group of an instance: the named one, or what its engine has by default. */
export function parameterGroupOf(
  databases: Databases,
  { DBParameterGroupName: name, Engine, EngineVersion = '' }: Partial<CreateDBInstanceMessage>,
): Pick<DBInstance, 'DBParameterGroups'> {
  if (name !== undefined) databases.parameterGroup(name)
  const DBParameterGroupName = name ?? `default.${Engine}${EngineVersion.split('.')[0]}`
  return { DBParameterGroups: [{ DBParameterGroupName, ParameterApplyStatus: 'in-sync' }] }
}

function inUse(code: string, kind: string, { id }: Instance): AwsError {
  return new AwsError(
    code,
    `One or more database instances are still members of this ${kind} group (${id}), so the group cannot be deleted`,
  )
}
