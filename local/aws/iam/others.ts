import type {
  AddRoleToInstanceProfileRequest,
  CreateGroupRequest,
  CreateInstanceProfileRequest,
  CreateOpenIDConnectProviderRequest,
  DeleteGroupRequest,
  DeleteInstanceProfileRequest,
  DeleteOpenIDConnectProviderRequest,
  GetGroupRequest,
  GetInstanceProfileRequest,
  GetOpenIDConnectProviderRequest,
  ListGroupsRequest,
  ListInstanceProfilesRequest,
  RemoveRoleFromInstanceProfileRequest,
} from '@aws-sdk/client-iam'
import { AwsError } from '../errors.ts'
import { tagList, tagsFrom } from '../tags.ts'
import { alreadyExists, deleteConflict, noSuchEntity } from './errors.ts'
import { listPage } from './list.ts'
import type { Directory, Holder, InstanceProfile, OidcProvider } from './model.ts'
import { describe as describeRole } from './roles.ts'

/** Groups. Nobody is in them: the local AWS has no users. */
export function groupOperations(directory: Directory) {
  const { groups } = directory
  return {
    CreateGroup: ({ GroupName, Path }: CreateGroupRequest) => ({
      Group: describeGroup(
        directory.add(groups, 'Group', {
          ...directory.identity('group', GroupName, Path),
          inline: new Map(),
          attached: new Set<string>(),
        }),
      ),
    }),
    GetGroup: ({ GroupName }: GetGroupRequest) => ({
      Group: describeGroup(directory.group(GroupName)),
      Users: [],
      IsTruncated: false,
    }),
    ListGroups: (page: ListGroupsRequest) =>
      listPage(page, 'Groups', [...groups.values()].map(describeGroup)),
    DeleteGroup: ({ GroupName }: DeleteGroupRequest) => {
      const { name, inline, attached } = directory.group(GroupName)
      if (inline.size + attached.size > 0) {
        throw deleteConflict('Cannot delete entity, must delete policies first.')
      }
      groups.delete(name)
      return {}
    },
  }
}

const describeGroup = ({ path, name, id, arn, createdAt }: Holder) => ({
  Path: path,
  GroupName: name,
  GroupId: id,
  Arn: arn,
  CreateDate: createdAt,
})

/** Instance profiles: a role for an instance. */
export function profileOperations(directory: Directory) {
  const { profiles } = directory
  const find = (name: string | undefined): InstanceProfile => {
    const profile = profiles.get(name ?? '')
    if (profile === undefined) throw noSuchEntity('instance profile', name)
    return profile
  }
  const shown = (profile: InstanceProfile) => describeProfile(directory, profile)
  return {
    CreateInstanceProfile: (input: CreateInstanceProfileRequest) => ({
      InstanceProfile: shown(
        directory.add(profiles, 'Instance Profile', {
          ...directory.identity('instance-profile', input.InstanceProfileName, input.Path),
          tags: tagsFrom(input.Tags),
        }),
      ),
    }),
    GetInstanceProfile: ({ InstanceProfileName }: GetInstanceProfileRequest) => ({
      InstanceProfile: shown(find(InstanceProfileName)),
    }),
    ListInstanceProfiles: (page: ListInstanceProfilesRequest) =>
      listPage(page, 'InstanceProfiles', [...profiles.values()].map(shown)),
    AddRoleToInstanceProfile: (input: AddRoleToInstanceProfileRequest) => {
      const profile = find(input.InstanceProfileName)
      if (profile.role !== undefined) {
        throw new AwsError(
          'LimitExceeded',
          'Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1',
          { statusCode: 409 },
        )
      }
      profile.role = directory.role(input.RoleName).name
      return {}
    },
    RemoveRoleFromInstanceProfile: (input: RemoveRoleFromInstanceProfileRequest) => {
      const profile = find(input.InstanceProfileName)
      if (profile.role !== input.RoleName) throw noSuchEntity('role', input.RoleName)
      delete profile.role
      return {}
    },
    DeleteInstanceProfile: ({ InstanceProfileName }: DeleteInstanceProfileRequest) => {
      const { name, role } = find(InstanceProfileName)
      if (role !== undefined) {
        throw deleteConflict('Cannot delete entity, must remove roles from instance profile first.')
      }
      profiles.delete(name)
      return {}
    },
  }
}

const describeProfile = (directory: Directory, profile: InstanceProfile) => ({
  Path: profile.path,
  InstanceProfileName: profile.name,
  InstanceProfileId: profile.id,
  Arn: profile.arn,
  CreateDate: profile.createdAt,
  Roles: profile.role === undefined ? [] : [describeRole(directory.role(profile.role))],
  Tags: tagList(profile.tags),
})

/** OpenID Connect providers, kept as facts: nobody signs in here. */
export function providerOperations({ aws, providers }: Directory) {
  const find = (arn: string | undefined): OidcProvider => {
    const provider = providers.get(arn ?? '')
    if (provider === undefined) throw noSuchEntity('OpenIDConnect provider', arn)
    return provider
  }
  return {
    CreateOpenIDConnectProvider: (input: CreateOpenIDConnectProviderRequest) => {
      const url = (input.Url ?? '').replace(/^https:\/\//, '')
      const arn = `arn:aws:iam::${aws.account}:oidc-provider/${url}`
      if (providers.has(arn)) throw alreadyExists('Provider', input.Url)
      providers.set(arn, {
        arn,
        url,
        clientIds: input.ClientIDList ?? [],
        thumbprints: input.ThumbprintList ?? [],
        createdAt: aws.world.date,
        tags: tagsFrom(input.Tags),
      })
      return { OpenIDConnectProviderArn: arn, Tags: input.Tags ?? [] }
    },
    GetOpenIDConnectProvider: (input: GetOpenIDConnectProviderRequest) => {
      const { url, clientIds, thumbprints, createdAt, tags } = find(input.OpenIDConnectProviderArn)
      return {
        Url: url,
        ClientIDList: clientIds,
        ThumbprintList: thumbprints,
        CreateDate: createdAt,
        Tags: tagList(tags),
      }
    },
    ListOpenIDConnectProviders: () => ({
      OpenIDConnectProviderList: [...providers.keys()].map((Arn) => ({ Arn })),
    }),
    DeleteOpenIDConnectProvider: (input: DeleteOpenIDConnectProviderRequest) => {
      providers.delete(find(input.OpenIDConnectProviderArn).arn)
      return {}
    },
  }
}
