import type { Aws } from '../aws.ts'
import type { Tags } from '../tags.ts'
import { alreadyExists, invalidInput, noSuchEntity, noSuchPolicy } from './errors.ts'
import { managedPolicy } from './managed.ts'
import type { Policy } from './policy.ts'

/** A policy as it was given, and as it is evaluated. */
type Document = { text: string; parsed: Policy }

/** What carries policies: a role or a group. */
export type Holder = {
  name: string
  path: string
  id: string
  arn: string
  createdAt: Date
  inline: Map<string, Document>
  /** ARNs of managed policies, in the order of their attachment. */
  attached: Set<string>
}

export type Role = Holder & {
  trust: Policy
  trustText: string
  description?: string
  maxSessionSeconds: number
  /** The ARN of a managed policy. */
  boundary?: string
  tags: Tags
}

export type ManagedPolicy = {
  name: string
  path: string
  id: string
  arn: string
  description?: string
  createdAt: Date
  updatedAt: Date
  versions: { id: string; createdAt: Date; document: Document }[]
  /** The version that counts: `v1`. */
  defaultVersion: string
  tags: Tags
}

export type InstanceProfile = Pick<Holder, 'name' | 'path' | 'id' | 'arn' | 'createdAt'> & {
  role?: string
  tags: Tags
}

export type OidcProvider = {
  arn: string
  url: string
  clientIds: string[]
  thumbprints: string[]
  createdAt: Date
  tags: Tags
}

/** The first letters of IAM's ids say what they name. */
type Kind = 'role' | 'policy' | 'group' | 'instance-profile'
const ID_PREFIX: Readonly<Record<Kind, string>> = {
  role: 'AROA',
  policy: 'ANPA',
  group: 'AGPA',
  'instance-profile': 'AIPA',
}

/** All of IAM's state. It has no Region. */
export class Directory {
  readonly aws: Aws
  readonly roles = new Map<string, Role>()
  /** ARNs of roles that were there once. */
  readonly deletedRoles = new Set<string>()
  readonly groups = new Map<string, Holder>()
  readonly policies = new Map<string, ManagedPolicy>()
  readonly profiles = new Map<string, InstanceProfile>()
  readonly providers = new Map<string, OidcProvider>()

  constructor(aws: Aws) {
    this.aws = aws
  }

  /** Name, path, id and ARN of something new. @throws AwsError ValidationError */
  identity(kind: Kind, name = '', path = '/') {
    if (!/^[\w+=,.@-]{1,128}$/.test(name)) {
      throw invalidInput(
        `The specified value for ${kind}Name is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
      )
    }
    const { aws } = this
    return {
      name,
      path,
      id: `${ID_PREFIX[kind]}${aws.world.random.hex(`iam/${kind}`, 17).toUpperCase()}`,
      arn: `arn:aws:iam::${aws.account}:${kind}${path}${name}`,
      createdAt: aws.world.date,
    }
  }

  /** @throws AwsError NoSuchEntity */
  role(name: string | undefined): Role {
    const role = this.roles.get(name ?? '')
    if (role === undefined) throw noSuchEntity('role', name)
    return role
  }

  /** @throws AwsError NoSuchEntity */
  group(name: string | undefined): Holder {
    const group = this.groups.get(name ?? '')
    if (group === undefined) throw noSuchEntity('group', name)
    return group
  }

  /** One of the account's own. @throws AwsError NoSuchEntity */
  policy(arn: string | undefined): ManagedPolicy {
    const policy = this.policies.get(arn ?? '')
    if (policy === undefined) throw noSuchPolicy(arn)
    return policy
  }

  /** @throws AwsError EntityAlreadyExists */
  add<One extends { name: string }>(into: Map<string, One>, what: string, one: One): One {
    if (into.has(one.name)) throw alreadyExists(what, one.name)
    into.set(one.name, one)
    return one
  }

  /**
   * The statements of a managed policy, AWS's or the account's.
   *
   * @throws AwsError NoSuchEntity; NotImplemented for one of AWS's that is not simulated.
   */
  statementsOf(arn: string): Policy {
    if (arn.startsWith('arn:aws:iam::aws:')) return managedPolicy(arn)
    const { versions, defaultVersion } = this.policy(arn)
    const version = versions.find(({ id }) => id === defaultVersion)
    if (version === undefined) throw noSuchEntity('policy version', defaultVersion)
    return version.document.parsed
  }
}
