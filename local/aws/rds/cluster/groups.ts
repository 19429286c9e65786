import type {
  CreateDBClusterParameterGroupMessage,
  DeleteDBClusterParameterGroupMessage,
  DescribeDBClusterParameterGroupsMessage,
  DescribeDBClusterParametersMessage,
  ModifyDBClusterParameterGroupMessage,
} from '@aws-sdk/client-rds'
import { clone } from '../../clone.ts'
import { AwsError } from '../../errors.ts'
import { onlyMembers } from '../../members.ts'
import { tagsFrom } from '../../tags.ts'
import type { Databases } from '../model.ts'

/** Settings of clusters: kept and shown. */
export function clusterGroupOperations(databases: Databases) {
  const { clusterParameterGroups: groups, clusters } = databases
  return {
    CreateDBClusterParameterGroup: (input: CreateDBClusterParameterGroupMessage) => {
      const name = (input.DBClusterParameterGroupName ?? '').toLowerCase()
      if (groups.has(name)) {
        const message = `Parameter group ${name} already exists`
        throw new AwsError('DBParameterGroupAlreadyExistsFault', message)
      }
      const arn = databases.arn('cluster-pg', name)
      const shape = {
        DBClusterParameterGroupName: name,
        DBClusterParameterGroupArn: arn,
        DBParameterGroupFamily: input.DBParameterGroupFamily,
        Description: input.Description,
      }
      groups.set(name, { arn, shape, parameters: new Map(), tags: tagsFrom(input.Tags) })
      return { DBClusterParameterGroup: clone(shape) }
    },
    ModifyDBClusterParameterGroup: (input: ModifyDBClusterParameterGroupMessage) => {
      const group = databases.clusterParameterGroup(input.DBClusterParameterGroupName)
      for (const parameter of input.Parameters ?? []) {
        group.parameters.set(parameter.ParameterName ?? '', { ...parameter, Source: 'user' })
      }
      return { DBClusterParameterGroupName: group.shape.DBClusterParameterGroupName }
    },
    DescribeDBClusterParameterGroups: (input: DescribeDBClusterParameterGroupsMessage) => {
      onlyMembers('rds:DescribeDBClusterParameterGroups', input, ['DBClusterParameterGroupName'])
      const { DBClusterParameterGroupName: name } = input
      const found =
        name === undefined ? [...groups.values()] : [databases.clusterParameterGroup(name)]
      return { DBClusterParameterGroups: found.map(({ shape }) => clone(shape)) }
    },
    // What the engine has by default is not known here: only what was set is shown.
    DescribeDBClusterParameters: (input: DescribeDBClusterParametersMessage) => {
      const known = ['DBClusterParameterGroupName', 'Source']
      onlyMembers('rds:DescribeDBClusterParameters', input, known)
      const { parameters } = databases.clusterParameterGroup(input.DBClusterParameterGroupName)
      const isAsked = (input.Source ?? 'user') === 'user'
      return { Parameters: isAsked ? clone([...parameters.values()]) : [] }
    },
    DeleteDBClusterParameterGroup: (input: DeleteDBClusterParameterGroupMessage) => {
      const { shape } = databases.clusterParameterGroup(input.DBClusterParameterGroupName)
      const name = shape.DBClusterParameterGroupName ?? ''
      const user = [...clusters.values()].find((one) => one.shape.DBClusterParameterGroup === name)
      if (user !== undefined) {
        throw new AwsError(
          'InvalidDBParameterGroupStateFault',
          `One or more database clusters are still members of this parameter group (${user.id}), so the group cannot be deleted`,
        )
      }
      groups.delete(name)
      return {}
    },
  }
}
