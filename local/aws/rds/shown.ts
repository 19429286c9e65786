import type {
  CreateDBClusterMessage,
  CreateDBInstanceMessage,
  VpcSecurityGroupMembership,
} from '@aws-sdk/client-rds'

type Asked = Pick<
  CreateDBInstanceMessage & CreateDBClusterMessage,
  'VpcSecurityGroupIds' | 'EnableCloudwatchLogsExports' | 'EnableIAMDatabaseAuthentication'
>

/** What a request says of what an instance or a cluster shows: only what it gives. */
type Shown = {
  VpcSecurityGroups?: VpcSecurityGroupMembership[]
  EnabledCloudwatchLogsExports?: string[]
  IAMDatabaseAuthenticationEnabled?: boolean
}

/** @param members those that answers call as requests do. */
export function shownIn<Input extends Partial<Asked>, Member extends keyof Input>(
  input: Input,
  members: readonly Member[],
): Partial<Pick<Input, Member>> & Shown {
  const { VpcSecurityGroupIds: groups, EnableCloudwatchLogsExports: exports } = input
  const { EnableIAMDatabaseAuthentication: iam } = input
  const same = members.flatMap((member) =>
    input[member] === undefined ? [] : [[member, input[member]]],
  )
  return {
    ...(Object.fromEntries(same) as Partial<Pick<Input, Member>>),
    ...(groups && {
      VpcSecurityGroups: groups.map((id) => ({ VpcSecurityGroupId: id, Status: 'active' })),
    }),
    ...(exports && { EnabledCloudwatchLogsExports: exports }),
    ...(iam !== undefined && { IAMDatabaseAuthenticationEnabled: iam }),
  }
}
