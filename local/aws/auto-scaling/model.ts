import type { LaunchTemplateSpecification, LifecycleHook } from '@aws-sdk/client-auto-scaling'
import type { Aws, Caller } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { pager } from '../members.ts'
import type { Timer } from '../world.ts'

/** EC2 Auto Scaling acts for its groups. */
export const AUTO_SCALING: Caller = { kind: 'aws', name: 'autoscaling' }

export type GroupTag = { value: string; propagates: boolean }

/** A step that an instance waits in until somebody has completed each of its hooks. */
type Waiting = { hook: string; token: string; until: number; latest: number; timer: Timer }

/** An instance of a group. https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html */
export type Member = {
  readonly id: string
  readonly type: string
  readonly zone: string
  readonly subnet: string
  readonly template: LaunchTemplateSpecification
  readonly since: Date
  state:
    | 'Pending'
    | 'Pending:Wait'
    | 'Pending:Proceed'
    | 'InService'
    | 'Terminating'
    | 'Terminating:Wait'
    | 'Terminating:Proceed'
  isHealthy: boolean
  isProtected: boolean
  waits: Waiting[]
  /** Why it was launched or is taken away, for its event. */
  cause: string
}

/** Its defaults filled in. */
export type Hook = LifecycleHook & {
  HeartbeatTimeout: number
  DefaultResult: string
  LifecycleTransition: string
}

export type Group = {
  readonly name: string
  readonly arn: string
  readonly made: Date
  least: number
  most: number
  desired: number
  template: LaunchTemplateSpecification
  subnets: string[]
  healthCheck: string
  graceSeconds: number
  protects: boolean
  targetGroups: string[]
  tags: Map<string, GroupTag>
  hooks: Map<string, Hook>
  /** Process -> why. */
  suspended: Map<string, string>
  members: Map<string, Member>
  /** A pass over the group is due, or under way. */
  pass?: Timer
  isDeleted: boolean
}

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html */
export const PROCESSES = [
  'Launch',
  'Terminate',
  'AddToLoadBalancer',
  'AlarmNotification',
  'AZRebalance',
  'HealthCheck',
  'InstanceRefresh',
  'ReplaceUnhealthy',
  'ScheduledActions',
] as const

export class Groups {
  readonly aws: Aws
  readonly groups = new Map<string, Group>()

  constructor(aws: Aws) {
    this.aws = aws
  }

  /** @throws AwsError ValidationError */
  group(name = ''): Group {
    const found = this.groups.get(name)
    if (found !== undefined) return found
    throw invalid(`AutoScalingGroup name not found - AutoScalingGroup '${name}' not found`)
  }

  /** The group an instance is in. */
  ofInstance(id: string): { group: Group; member: Member } | undefined {
    for (const group of this.groups.values()) {
      const member = group.members.get(id)
      if (member !== undefined) return { group, member }
    }
    return undefined
  }
}

export const invalid = (message: string): AwsError => new AwsError('ValidationError', message)

export const groupPage = pager('InvalidNextToken', 50)

export const isLeaving = ({ state }: Member): boolean => state.startsWith('Terminating')
