import type {
  CreateGroupResponse,
  CreateInstanceProfileResponse,
  CreateOpenIDConnectProviderResponse,
  CreatePolicyResponse,
  CreateRoleResponse,
  ListPolicyVersionsResponse,
} from '@aws-sdk/client-iam'
import { tagList } from '../../aws/tags.ts'
import type { Context } from '../context.ts'
import {
  given,
  jsonText,
  nameFrom,
  type Properties,
  standIn,
  type TypeTable,
} from '../resource-type.ts'

type Policies = { PolicyName: string; PolicyDocument: unknown }[]
type Names = string[]

/** Whom a policy is put on or attached to: the operations end in its name. */
type Holder = 'Role' | 'Group'

const USERS = 'Whoever calls the local AWS from outside may do everything.'

/** IAM. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_IAM.html */
export const IAM: TypeTable = {
  'AWS::IAM::Role': {
    effect: [
      'RoleName',
      'AssumeRolePolicyDocument',
      'Description',
      'ManagedPolicyArns',
      'MaxSessionDuration',
      'Path',
      'PermissionsBoundary',
      'Policies',
    ],
    replacedBy: ['RoleName', 'Path'],
    create: async (context, properties) => {
      const { Policies: _, ManagedPolicyArns: __, AssumeRolePolicyDocument, ...role } = properties
      const { Role } = await context.call<CreateRoleResponse>('iam', 'CreateRole', {
        ...role,
        RoleName: context.name(role.RoleName),
        AssumeRolePolicyDocument: jsonText(AssumeRolePolicyDocument),
      })
      const { RoleName = '', Arn, RoleId } = Role ?? {}
      await grant(context, 'Role', RoleName, properties)
      return { ref: RoleName, attributes: { Arn, RoleId } }
    },
    update: async (context, properties, { ref: RoleName, properties: before }) => {
      const { AssumeRolePolicyDocument, Description = '', MaxSessionDuration = 3600 } = properties
      const PolicyDocument = jsonText(AssumeRolePolicyDocument)
      await context.call('iam', 'UpdateAssumeRolePolicy', { RoleName, PolicyDocument })
      await context.call('iam', 'UpdateRole', { RoleName, Description, MaxSessionDuration })
      const { PermissionsBoundary } = properties
      if (PermissionsBoundary !== undefined) {
        const boundary = { RoleName, PermissionsBoundary }
        await context.call('iam', 'PutRolePermissionsBoundary', boundary)
      } else if (before.PermissionsBoundary !== undefined) {
        await context.call('iam', 'DeleteRolePermissionsBoundary', { RoleName })
      }
      await withdraw(context, 'Role', RoleName, before)
      await grant(context, 'Role', RoleName, properties)
    },
    retag: async (context, { ref: RoleName }, { added, removed }) => {
      await context.call('iam', 'TagRole', { RoleName, Tags: tagList(added) })
      await context.call('iam', 'UntagRole', { RoleName, TagKeys: removed })
    },
    delete: async (context, { ref, properties }) => {
      await withdraw(context, 'Role', ref, properties)
      await context.call('iam', 'DeleteRole', { RoleName: ref })
    },
  },
  'AWS::IAM::Policy': {
    effect: ['PolicyName', 'PolicyDocument', 'Roles', 'Groups'],
    noEffect: { Users: USERS },
    replacedBy: ['PolicyName'],
    create: async (context, properties) => {
      await eachHolder(properties, (holder, name) =>
        grant(context, holder, name, inline(properties)),
      )
      return { ref: context.name(undefined, { most: 128 }) }
    },
    update: async (context, properties, { properties: before }) => {
      await eachHolder(before, (holder, name) => withdraw(context, holder, name, inline(before)))
      await eachHolder(properties, (holder, name) =>
        grant(context, holder, name, inline(properties)),
      )
    },
    delete: (context, { properties }) =>
      eachHolder(properties, (holder, name) => withdraw(context, holder, name, inline(properties))),
  },
  'AWS::IAM::ManagedPolicy': {
    effect: [
      'ManagedPolicyName',
      'PolicyDocument',
      'Description',
      'Path',
      'Roles',
      'Groups',
      'Users',
    ],
    replacedBy: ['ManagedPolicyName', 'Description', 'Path'],
    create: async (context, properties) => {
      const { ManagedPolicyName, PolicyDocument, Description, Path } = properties
      const { Policy } = await context.call<CreatePolicyResponse>('iam', 'CreatePolicy', {
        PolicyName: context.name(ManagedPolicyName, { most: 128 }),
        PolicyDocument: jsonText(PolicyDocument),
        ...given({ Description, Path }),
      })
      const { Arn = '', PolicyId } = Policy ?? {}
      const attached = { ManagedPolicyArns: [Arn] }
      await eachHolder(properties, (holder, name) => grant(context, holder, name, attached))
      return { ref: Arn, attributes: { PolicyArn: Arn, PolicyId } }
    },
    update: async (context, properties, { ref: PolicyArn, properties: before }) => {
      const PolicyDocument = jsonText(properties.PolicyDocument)
      if (PolicyDocument !== jsonText(before.PolicyDocument)) {
        await deleteVersions(context, PolicyArn, MOST_VERSIONS - 1)
        const version = { PolicyArn, PolicyDocument, SetAsDefault: true }
        await context.call('iam', 'CreatePolicyVersion', version)
      }
      const attached = { ManagedPolicyArns: [PolicyArn] }
      await eachHolder(before, (holder, name) => withdraw(context, holder, name, attached))
      await eachHolder(properties, (holder, name) => grant(context, holder, name, attached))
    },
    delete: async (context, { ref, properties }) => {
      const attached = { ManagedPolicyArns: [ref] }
      await eachHolder(properties, (holder, name) => withdraw(context, holder, name, attached))
      await deleteVersions(context, ref, 1)
      await context.call('iam', 'DeletePolicy', { PolicyArn: ref })
    },
  },
  'AWS::IAM::Group': {
    effect: ['GroupName', 'Path', 'Policies', 'ManagedPolicyArns'],
    replacedBy: ['GroupName'],
    create: async (context, properties) => {
      const GroupName = context.name(properties.GroupName, { most: 128 })
      const { Group } = await context.call<CreateGroupResponse>('iam', 'CreateGroup', {
        GroupName,
        ...given({ Path: properties.Path }),
      })
      await grant(context, 'Group', GroupName, properties)
      return { ref: GroupName, attributes: { Arn: Group?.Arn } }
    },
    update: async (context, properties, { ref, properties: before }) => {
      await withdraw(context, 'Group', ref, before)
      await grant(context, 'Group', ref, properties)
    },
    delete: async (context, { ref, properties }) => {
      await withdraw(context, 'Group', ref, properties)
      await context.call('iam', 'DeleteGroup', { GroupName: ref })
    },
  },
  'AWS::IAM::User': standIn(USERS, nameFrom('UserName'), ({ ref, context }) => ({
    Arn: `arn:aws:iam::${context.aws.account}:user/${ref}`,
  })),
  'AWS::IAM::OIDCProvider': {
    effect: ['Url', 'ClientIdList', 'ThumbprintList'],
    replacedBy: 'anything',
    create: async (context, properties) => {
      const { OpenIDConnectProviderArn: Arn = '' } =
        await context.call<CreateOpenIDConnectProviderResponse>(
          'iam',
          'CreateOpenIDConnectProvider',
          properties,
        )
      return { ref: Arn, attributes: { Arn } }
    },
    delete: (context, { ref }) =>
      context.call('iam', 'DeleteOpenIDConnectProvider', { OpenIDConnectProviderArn: ref }),
  },
  'AWS::IAM::InstanceProfile': {
    effect: ['InstanceProfileName', 'Path', 'Roles'],
    replacedBy: 'anything',
    create: async (context, { InstanceProfileName: name, Path, Roles }) => {
      const InstanceProfileName = context.name(name, { most: 128 })
      const input = { InstanceProfileName, ...given({ Path }) }
      const { InstanceProfile } = await context.call<CreateInstanceProfileResponse>(
        'iam',
        'CreateInstanceProfile',
        input,
      )
      for (const RoleName of Roles as Names) {
        await context.call('iam', 'AddRoleToInstanceProfile', { InstanceProfileName, RoleName })
      }
      return { ref: InstanceProfileName, attributes: { Arn: InstanceProfile?.Arn } }
    },
    delete: async (context, { ref: InstanceProfileName, properties }) => {
      for (const RoleName of properties.Roles as Names) {
        await context.call('iam', 'RemoveRoleFromInstanceProfile', {
          InstanceProfileName,
          RoleName,
        })
      }
      await context.call('iam', 'DeleteInstanceProfile', { InstanceProfileName })
    },
  },
}

/** A policy resource as the inline policy it is on each of its holders. */
const inline = ({ PolicyName, PolicyDocument }: Properties): Properties => ({
  Policies: [{ PolicyName, PolicyDocument }],
})

/** IAM keeps five versions of a policy; CloudFormation deletes the oldest when it needs room. */
const MOST_VERSIONS = 5

/** Deletes the oldest versions, not the one in force, until so many are left. */
async function deleteVersions(context: Context, PolicyArn: string, left: number): Promise<void> {
  const { Versions = [] } = await context.call<ListPolicyVersionsResponse>(
    'iam',
    'ListPolicyVersions',
    { PolicyArn },
  )
  const number = (id = '') => Number(id.slice(1))
  const old = Versions.filter(({ IsDefaultVersion }) => !IsDefaultVersion)
    .map(({ VersionId }) => VersionId)
    .toSorted((one, other) => number(one) - number(other))
  for (const VersionId of old.slice(0, Math.max(0, Versions.length - left))) {
    await context.call('iam', 'DeletePolicyVersion', { PolicyArn, VersionId })
  }
}

async function eachHolder(
  { Roles = [], Groups = [] }: Properties,
  work: (holder: Holder, name: string) => Promise<void>,
): Promise<void> {
  for (const name of Roles as Names) await work('Role', name)
  for (const name of Groups as Names) await work('Group', name)
}

async function grant(
  context: Context,
  holder: Holder,
  name: string,
  { Policies = [], ManagedPolicyArns = [] }: Properties,
): Promise<void> {
  const to = { [`${holder}Name`]: name }
  for (const { PolicyName, PolicyDocument } of Policies as Policies) {
    const input = { ...to, PolicyName, PolicyDocument: jsonText(PolicyDocument) }
    await context.call('iam', `Put${holder}Policy`, input)
  }
  for (const PolicyArn of ManagedPolicyArns as Names) {
    await context.call('iam', `Attach${holder}Policy`, { ...to, PolicyArn })
  }
}

async function withdraw(
  context: Context,
  holder: Holder,
  name: string,
  { Policies = [], ManagedPolicyArns = [] }: Properties,
): Promise<void> {
  const from = { [`${holder}Name`]: name }
  for (const { PolicyName } of Policies as Policies) {
    await context.call('iam', `Delete${holder}Policy`, { ...from, PolicyName })
  }
  for (const PolicyArn of ManagedPolicyArns as Names) {
    await context.call('iam', `Detach${holder}Policy`, { ...from, PolicyArn })
  }
}
