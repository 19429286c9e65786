import type {
  AttachGroupPolicyRequest,
  AttachRolePolicyRequest,
  DeleteGroupPolicyRequest,
  DeleteRolePolicyRequest,
  DetachGroupPolicyRequest,
  DetachRolePolicyRequest,
  GetGroupPolicyRequest,
  GetRolePolicyRequest,
  ListAttachedGroupPoliciesRequest,
  ListAttachedRolePoliciesRequest,
  ListGroupPoliciesRequest,
  ListRolePoliciesRequest,
  PutGroupPolicyRequest,
  PutRolePolicyRequest,
} from '@aws-sdk/client-iam'
import { noSuchEntity, noSuchPolicy } from './errors.ts'
import { listPage } from './list.ts'
import type { Directory, Holder } from './model.ts'
import { parsePolicy } from './policy.ts'

type Page = { Marker?: string | undefined; MaxItems?: number | undefined }

/** The policies of roles and groups: inline, and attached. */
export function holderOperations(directory: Directory) {
  const role = (name: string | undefined) => directory.role(name)
  const group = (name: string | undefined) => directory.group(name)
  return {
    PutRolePolicy: ({ RoleName, PolicyName, PolicyDocument }: PutRolePolicyRequest) =>
      put(role(RoleName), PolicyName, PolicyDocument),
    GetRolePolicy: ({ RoleName, PolicyName }: GetRolePolicyRequest) => ({
      RoleName,
      ...get(role(RoleName), PolicyName),
    }),
    ListRolePolicies: ({ RoleName, ...page }: ListRolePoliciesRequest) =>
      listPage(page, 'PolicyNames', [...role(RoleName).inline.keys()]),
    DeleteRolePolicy: ({ RoleName, PolicyName }: DeleteRolePolicyRequest) =>
      remove(role(RoleName), PolicyName),
    AttachRolePolicy: ({ RoleName, PolicyArn }: AttachRolePolicyRequest) =>
      attach(directory, role(RoleName), PolicyArn),
    DetachRolePolicy: ({ RoleName, PolicyArn }: DetachRolePolicyRequest) =>
      detach(role(RoleName), PolicyArn),
    ListAttachedRolePolicies: ({ RoleName, ...page }: ListAttachedRolePoliciesRequest) =>
      attached(role(RoleName), page),
    PutGroupPolicy: ({ GroupName, PolicyName, PolicyDocument }: PutGroupPolicyRequest) =>
      put(group(GroupName), PolicyName, PolicyDocument),
    GetGroupPolicy: ({ GroupName, PolicyName }: GetGroupPolicyRequest) => ({
      GroupName,
      ...get(group(GroupName), PolicyName),
    }),
    ListGroupPolicies: ({ GroupName, ...page }: ListGroupPoliciesRequest) =>
      listPage(page, 'PolicyNames', [...group(GroupName).inline.keys()]),
    DeleteGroupPolicy: ({ GroupName, PolicyName }: DeleteGroupPolicyRequest) =>
      remove(group(GroupName), PolicyName),
    AttachGroupPolicy: ({ GroupName, PolicyArn }: AttachGroupPolicyRequest) =>
      attach(directory, group(GroupName), PolicyArn),
    DetachGroupPolicy: ({ GroupName, PolicyArn }: DetachGroupPolicyRequest) =>
      detach(group(GroupName), PolicyArn),
    ListAttachedGroupPolicies: ({ GroupName, ...page }: ListAttachedGroupPoliciesRequest) =>
      attached(group(GroupName), page),
  }
}

function put({ inline }: Holder, name = '', text = '') {
  inline.set(name, { text, parsed: parsePolicy(name, text, 'identity') })
  return {}
}

function get({ inline }: Holder, name: string | undefined) {
  const document = inline.get(name ?? '')
  if (document === undefined) throw noSuchEntity('policy', name)
  return { PolicyName: name, PolicyDocument: encodeURIComponent(document.text) }
}

function remove({ inline }: Holder, name: string | undefined) {
  if (!inline.delete(name ?? '')) throw noSuchEntity('policy', name)
  return {}
}

function attach(directory: Directory, holder: Holder, arn = '') {
  directory.statementsOf(arn)
  holder.attached.add(arn)
  return {}
}

function detach(holder: Holder, arn: string | undefined) {
  if (!holder.attached.delete(arn ?? '')) throw noSuchPolicy(arn)
  return {}
}

const attached = (holder: Holder, page: Page) =>
  listPage(
    page,
    'AttachedPolicies',
    [...holder.attached].map((arn) => ({ PolicyName: arn.split('/').at(-1), PolicyArn: arn })),
  )
