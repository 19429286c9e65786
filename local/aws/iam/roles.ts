import type {
  CreateRoleRequest,
  DeleteRolePermissionsBoundaryRequest,
  DeleteRoleRequest,
  GetRoleRequest,
  ListRolesRequest,
  ListRoleTagsRequest,
  PutRolePermissionsBoundaryRequest,
  UpdateAssumeRolePolicyRequest,
  UpdateRoleRequest,
} from '@aws-sdk/client-iam'
import { onlyMembers } from '../members.ts'
import { taggable, tagList, tagsFrom } from '../tags.ts'
import { deleteConflict } from './errors.ts'
import { listPage } from './list.ts'
import type { Directory, Role } from './model.ts'
import { parsePolicy } from './policy.ts'

/** Roles: who may take them on, and their permissions boundary. */
export function roleOperations(directory: Directory) {
  return {
    CreateRole: (input: CreateRoleRequest) => ({ Role: describe(create(directory, input)) }),
    GetRole: ({ RoleName }: GetRoleRequest) => ({ Role: describe(directory.role(RoleName)) }),
    ListRoles: ({ PathPrefix = '/', ...page }: ListRolesRequest) => {
      const found = [...directory.roles.values()].filter(({ path }) => path.startsWith(PathPrefix))
      return listPage(page, 'Roles', found.map(describe))
    },
    UpdateRole: ({ RoleName, Description, MaxSessionDuration }: UpdateRoleRequest) => {
      const role = directory.role(RoleName)
      if (Description !== undefined) role.description = Description
      role.maxSessionSeconds = MaxSessionDuration ?? role.maxSessionSeconds
      return {}
    },
    UpdateAssumeRolePolicy: ({ RoleName, PolicyDocument }: UpdateAssumeRolePolicyRequest) => {
      Object.assign(directory.role(RoleName), trustOf(PolicyDocument))
      return {}
    },
    DeleteRole: ({ RoleName }: DeleteRoleRequest) => remove(directory, directory.role(RoleName)),
    ...boundaryOperations(directory),
    ...taggable(
      { operations: ['TagRole', 'UntagRole'], resource: 'RoleName' },
      (name) => directory.role(name).tags,
    ),
    ListRoleTags: ({ RoleName, ...page }: ListRoleTagsRequest) =>
      listPage(page, 'Tags', tagList(directory.role(RoleName).tags)),
  }
}

function boundaryOperations(directory: Directory) {
  return {
    PutRolePermissionsBoundary: (input: PutRolePermissionsBoundaryRequest) => {
      const role = directory.role(input.RoleName)
      directory.statementsOf(input.PermissionsBoundary ?? '')
      role.boundary = input.PermissionsBoundary ?? ''
      return {}
    },
    DeleteRolePermissionsBoundary: ({ RoleName }: DeleteRolePermissionsBoundaryRequest) => {
      delete directory.role(RoleName).boundary
      return {}
    },
  }
}

function create(directory: Directory, input: CreateRoleRequest): Role {
  onlyMembers('iam:CreateRole', input, [
    'Path',
    'RoleName',
    'AssumeRolePolicyDocument',
    'Description',
    'MaxSessionDuration',
    'PermissionsBoundary',
    'Tags',
  ])
  const { Description, PermissionsBoundary } = input
  if (PermissionsBoundary !== undefined) directory.statementsOf(PermissionsBoundary)
  return directory.add(directory.roles, 'Role', {
    ...directory.identity('role', input.RoleName, input.Path),
    ...trustOf(input.AssumeRolePolicyDocument),
    inline: new Map(),
    attached: new Set(),
    maxSessionSeconds: input.MaxSessionDuration ?? 3600,
    tags: tagsFrom(input.Tags),
    ...(Description === undefined ? {} : { description: Description }),
    ...(PermissionsBoundary === undefined ? {} : { boundary: PermissionsBoundary }),
  })
}

const trustOf = (text = ''): Pick<Role, 'trust' | 'trustText'> => ({
  trust: parsePolicy('trust', text, 'trust'),
  trustText: text,
})

function remove(directory: Directory, { name, arn, inline, attached }: Role) {
  if (attached.size > 0)
    throw deleteConflict('Cannot delete entity, must detach all policies first.')
  if (inline.size > 0) throw deleteConflict('Cannot delete entity, must delete policies first.')
  if ([...directory.profiles.values()].some(({ role }) => role === name)) {
    throw deleteConflict('Cannot delete entity, must remove roles from instance profile first.')
  }
  directory.deletedRoles.add(arn)
  directory.roles.delete(name)
  return {}
}

/** A role as IAM shows it; documents are percent-encoded. */
export function describe(role: Role) {
  const { description, boundary, tags } = role
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: role.createdAt,
    AssumeRolePolicyDocument: encodeURIComponent(role.trustText),
    MaxSessionDuration: role.maxSessionSeconds,
    Tags: tagList(tags),
    ...(description === undefined ? {} : { Description: description }),
    ...(boundary === undefined
      ? {}
      : {
          PermissionsBoundary: {
            PermissionsBoundaryType: 'Policy',
            PermissionsBoundaryArn: boundary,
          },
        }),
  }
}
