import type { GetRoleRequest } from '@aws-sdk/client-iam'
import type { Aws, Operations, Service } from '../aws.ts'
import type { Tags } from '../tags.ts'
import { holderOperations } from './holders.ts'
import { Directory, type Role } from './model.ts'
import { groupOperations, profileOperations, providerOperations } from './others.ts'
import { policyOperations } from './policies.ts'
import type { Policy } from './policy.ts'
import { roleOperations } from './roles.ts'
import { ServiceLinkedRoles } from './service-linked-roles.ts'
import { Usage } from './usage-counts.ts'

/**
 * AWS Identity and Access Management: roles and their policies. There are no users: a person is
 * whoever calls without a role. What the policies mean is in `evaluate.ts`, how calls are held to
 * them in `enforcement.ts`.
 */
export class Iam implements Service {
  readonly id = 'iam'
  readonly operations: Operations
  readonly usage = new Usage()
  readonly serviceLinkedRoles: ServiceLinkedRoles
  readonly #directory: Directory

  constructor(aws: Aws) {
    const directory = new Directory(aws)
    this.#directory = directory
    const serviceLinked = new ServiceLinkedRoles(directory)
    this.serviceLinkedRoles = serviceLinked
    const roles = roleOperations(directory)
    this.operations = {
      ...roles,
      GetRole: (input: GetRoleRequest) => serviceLinked.get(input) ?? roles.GetRole(input),
      CreateServiceLinkedRole: serviceLinked.create,
      ...holderOperations(directory),
      ...policyOperations(directory),
      ...groupOperations(directory),
      ...profileOperations(directory),
      ...providerOperations(directory),
    }
  }

  get roles(): readonly Role[] {
    return [...this.#directory.roles.values()]
  }

  /** The role of this ARN. */
  findRole(arn: string): Role | undefined {
    const role = this.#directory.roles.get(arn.slice(arn.lastIndexOf('/') + 1))
    return role?.arn === arn ? role : undefined
  }

  /** Whether no role of this ARN has ever been in the account. */
  neverExisted(arn: string): boolean {
    return this.findRole(arn) === undefined && !this.#directory.deletedRoles.has(arn)
  }

  /** What a role may do: its inline and attached policies, and its boundary. */
  permissionsOf(role: Role): { policies: Policy[]; boundary: Policy | undefined } {
    const { inline, attached, boundary } = role
    return {
      policies: [
        ...[...inline.values()].map(({ parsed }) => parsed),
        ...[...attached].map((arn) => this.#directory.statementsOf(arn)),
      ],
      boundary: boundary === undefined ? undefined : this.#directory.statementsOf(boundary),
    }
  }

  *tagged(): Iterable<{ arn: string; tags: Tags }> {
    const { roles, policies, profiles, providers } = this.#directory
    for (const map of [roles, policies, profiles, providers]) {
      for (const { arn, tags } of map.values()) yield { arn, tags }
    }
  }
}
