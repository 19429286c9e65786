import type {
  CreatePolicyRequest,
  CreatePolicyVersionRequest,
  DeletePolicyRequest,
  DeletePolicyVersionRequest,
  GetPolicyRequest,
  GetPolicyVersionRequest,
  ListPoliciesRequest,
  ListPolicyVersionsRequest,
} from '@aws-sdk/client-iam'
import { NotImplemented } from '../errors.ts'
import { tagList, tagsFrom } from '../tags.ts'
import { alreadyExists, deleteConflict, noSuchEntity } from './errors.ts'
import { listPage } from './list.ts'
import type { Directory, ManagedPolicy } from './model.ts'
import { parsePolicy } from './policy.ts'

/** A policy keeps five versions at most. */
const MOST_VERSIONS = 5

/** The account's own managed policies, and their versions. */
export function policyOperations(directory: Directory) {
  const shown = (policy: ManagedPolicy) => describe(directory, policy)
  return {
    CreatePolicy: (input: CreatePolicyRequest) => ({ Policy: shown(create(directory, input)) }),
    GetPolicy: ({ PolicyArn }: GetPolicyRequest) => ({
      Policy: shown(directory.policy(PolicyArn)),
    }),
    ListPolicies: ({ Scope, PathPrefix = '/', ...page }: ListPoliciesRequest) => {
      if (Scope !== 'Local') throw new NotImplemented('ListPolicies of another Scope than Local')
      const found = [...directory.policies.values()].filter(({ path }) =>
        path.startsWith(PathPrefix),
      )
      return listPage(page, 'Policies', found.map(shown))
    },
    DeletePolicy: ({ PolicyArn }: DeletePolicyRequest) => {
      const policy = directory.policy(PolicyArn)
      if (attachments(directory, policy) > 0) {
        throw deleteConflict('Cannot delete a policy attached to entities.')
      }
      directory.policies.delete(policy.arn)
      return {}
    },
    ...versionOperations(directory),
  }
}

function versionOperations(directory: Directory) {
  return {
    CreatePolicyVersion: (input: CreatePolicyVersionRequest) => {
      const policy = directory.policy(input.PolicyArn)
      if (policy.versions.length >= MOST_VERSIONS) {
        throw deleteConflict(`A managed policy can have up to ${MOST_VERSIONS} versions.`)
      }
      const version = addVersion(directory, policy, input.PolicyDocument)
      if (input.SetAsDefault) policy.defaultVersion = version.id
      return { PolicyVersion: describeVersion(policy, version) }
    },
    GetPolicyVersion: ({ PolicyArn, VersionId }: GetPolicyVersionRequest) => {
      const policy = directory.policy(PolicyArn)
      const version = policy.versions.find(({ id }) => id === VersionId)
      if (version === undefined) throw noSuchEntity('policy version', VersionId)
      const Document = encodeURIComponent(version.document.text)
      return { PolicyVersion: { ...describeVersion(policy, version), Document } }
    },
    ListPolicyVersions: ({ PolicyArn, ...page }: ListPolicyVersionsRequest) => {
      const policy = directory.policy(PolicyArn)
      const versions = policy.versions.map((version) => describeVersion(policy, version))
      return listPage(page, 'Versions', versions)
    },
    DeletePolicyVersion: ({ PolicyArn, VersionId }: DeletePolicyVersionRequest) => {
      const policy = directory.policy(PolicyArn)
      if (policy.defaultVersion === VersionId) {
        throw deleteConflict('Cannot delete the default version of a policy.')
      }
      policy.versions = policy.versions.filter(({ id }) => id !== VersionId)
      return {}
    },
  }
}

function create(directory: Directory, input: CreatePolicyRequest): ManagedPolicy {
  const { Description } = input
  const identity = directory.identity('policy', input.PolicyName, input.Path)
  if (directory.policies.has(identity.arn)) throw alreadyExists('Policy', identity.name)
  const policy: ManagedPolicy = {
    ...identity,
    updatedAt: identity.createdAt,
    versions: [],
    defaultVersion: 'v1',
    tags: tagsFrom(input.Tags),
    ...(Description === undefined ? {} : { description: Description }),
  }
  addVersion(directory, policy, input.PolicyDocument)
  directory.policies.set(policy.arn, policy)
  return policy
}

function addVersion({ aws }: Directory, policy: ManagedPolicy, text = '') {
  const newest = policy.versions.at(-1)?.id.slice(1) ?? '0'
  const document = { text, parsed: parsePolicy(policy.name, text, 'identity') }
  const version = { id: `v${Number(newest) + 1}`, createdAt: aws.world.date, document }
  policy.versions.push(version)
  policy.updatedAt = version.createdAt
  return version
}

/** How many roles and groups have the policy. */
const attachments = ({ roles, groups }: Directory, { arn }: ManagedPolicy): number =>
  [...roles.values(), ...groups.values()].filter(({ attached }) => attached.has(arn)).length

function describe(directory: Directory, policy: ManagedPolicy) {
  const { description } = policy
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersion,
    AttachmentCount: attachments(directory, policy),
    PermissionsBoundaryUsageCount: [...directory.roles.values()].filter(
      ({ boundary }) => boundary === policy.arn,
    ).length,
    IsAttachable: true,
    CreateDate: policy.createdAt,
    UpdateDate: policy.updatedAt,
    Tags: tagList(policy.tags),
    ...(description === undefined ? {} : { Description: description }),
  }
}

const describeVersion = (
  { defaultVersion }: ManagedPolicy,
  { id, createdAt }: ManagedPolicy['versions'][number],
) => ({ VersionId: id, IsDefaultVersion: id === defaultVersion, CreateDate: createdAt })
